"""A promise was kept, or broken."""

from __future__ import annotations

from uuid import uuid4

import pytest

from incidents.actions import promises
from incidents.models import Incident, PromiseMade, Staff
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, url


def promise(incident: Incident, by: Staff) -> PromiseMade:
    return promises.make_promise(
        incident_id=incident.pk,
        by=by,
        now=make.NOW,
        what="Clarify the clause",
        due_at=make.NOW + make.DAY,
        submit_key=uuid4(),
    )


@pytest.mark.parametrize(("kept", "field"), [("yes", "kept_at"), ("no", "broken_at")])
def test_it_works(cast: Cast, sign_in: SignIn, kept: str, field: str) -> None:
    incident = make.make_incident(cast.desk)
    made = promise(incident, cast.desk)
    answer = sign_in(cast.desk).post(url("recover-settle-promise", incident, made.pk), {"kept": kept})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert getattr(made, field) is not None


def test_bad_input(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    made = promise(incident, cast.desk)
    answer = sign_in(cast.desk).post(url("recover-settle-promise", incident, made.pk), {"kept": "perhaps"})
    assert answer.status_code == 422


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    hold(cast, sign_in, "recover-settle-promise", incident, promise(incident, cast.desk).pk)
    restricted = make.make_incident(cast.desk, category="safety")
    other = promise(restricted, cast.manager)
    answer = sign_in(cast.desk).post(url("recover-settle-promise", restricted, other.pk), {"kept": "yes"})
    assert answer.status_code == 403
