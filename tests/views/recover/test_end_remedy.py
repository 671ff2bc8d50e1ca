"""A remedy failed, or was taken back."""

from __future__ import annotations

import pytest

from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@pytest.mark.parametrize("state", ["failed", "withdrawn"])
def test_it_works(cast: Cast, sign_in: SignIn, state: str) -> None:
    incident = make.make_incident(cast.desk)
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    asked = {"state": state, "note": "The van broke down."}
    page = text_of(sign_in(cast.desk).post(url("recover-end-remedy", incident, remedy.pk), asked, follow=True))
    assert "The van broke down." in page
    remedy.refresh_from_db()
    assert remedy.state == state


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    asked = {"state": "delivered", "note": "No van."}
    answer = sign_in(cast.desk).post(url("recover-end-remedy", incident, remedy.pk), asked)
    assert answer.status_code == 422
    assert "No van." in text_of(answer)


def test_what_was_delivered_cannot_fail_here(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    remedy = make.give(incident, cast.desk, "redo")
    answer = sign_in(cast.desk).post(url("recover-end-remedy", incident, remedy.pk), {"state": "failed"})
    assert answer.status_code == 409


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    hold(cast, sign_in, "recover-end-remedy", incident, remedy.pk)
    restricted = make.make_incident(cast.desk, category="safety")
    other = make.give(restricted, cast.manager, "redo", is_delivered=False, assignee=cast.manager)
    answer = sign_in(cast.desk).post(url("recover-end-remedy", restricted, other.pk), {"state": "failed"})
    assert answer.status_code == 403
