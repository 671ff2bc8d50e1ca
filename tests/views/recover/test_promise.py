"""What we told them we would do later."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_it_works_also_when_closed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk)
    key = uuid4()
    asked = {"what": "Clarify the clause", "due_at": "2027-01-05T10:00", "submit_key": key}
    client = sign_in(cast.desk)
    page = text_of(client.post(url("recover-promise", incident), asked, follow=True))
    assert "Clarify the clause" in page
    client.post(url("recover-promise", incident), asked)
    assert incident.promises.count() == 1


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"what": "Clarify the clause", "due_at": "soon", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(url("recover-promise", incident), asked)
    assert answer.status_code == 422
    assert "Clarify the clause" in text_of(answer)


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-promise", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-promise", restricted)).status_code == 403


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("recover-apologize", {"channel": "phone"}),
        ("recover-remedy", {"type": "TYPE"}),
        ("recover-follow-up", {"outcome": "satisfied"}),
    ],
)
def test_together_with_another_act(cast: Cast, sign_in: SignIn, name: str, asked: dict[str, Any]) -> None:
    """Noted in the same breath; half of it is asked for at its own field, and nothing is saved."""
    incident = make.settle(make.make_incident(cast.desk), cast.desk)
    to = (make.planned_call(incident).pk,) if name == "recover-follow-up" else ()
    if "type" in asked:
        asked = {"type": make.remedy_type().pk}
    client, half = sign_in(cast.desk), asked | {"submit_key": uuid4(), "promise_what": "Send the list"}
    answer = client.post(url(name, incident, *to), half)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Say until when you promised it." in page
    assert "Send the list" in page
    assert not incident.promises.exists()
    answer = client.post(url(name, incident, *to), half | {"promise_due_at": "2030-01-02T18:00"})
    assert answer.status_code == 302
    made = incident.promises.get()
    assert (made.what, made.assignee) == ("Send the list", cast.desk)
