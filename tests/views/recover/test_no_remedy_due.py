"""No remedy at all: they want none, or a manager finds that none is due."""

from __future__ import annotations

import pytest

from incidents.models import Incident
from incidents.vocabulary import Stage
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

DUE = {"note": "The contract says so.", "is_told": "on"}


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    return incident


def test_they_want_nothing(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    page = text_of(sign_in(cast.desk).post(url("recover-wants-nothing", incident), {"note": "All good"}, follow=True))
    assert "The customer wants nothing · Dora Desk" in page
    assert "All good" in page
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_a_manager_finds_none_due_and_has_told_them(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.manager), url("recover-no-remedy-due", incident)
    answer = client.post(there, {"note": "The contract says so."})
    assert answer.status_code == 409
    assert "Tell the customer first" in text_of(answer)
    assert "The contract says so." in text_of(answer)
    page = text_of(client.post(there, DUE, follow=True))
    assert "No remedy due · Mona Manager" in page
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_the_desk_does_not(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there = url("recover-no-remedy-due", incident)
    assert sign_in(cast.desk).post(there, DUE).status_code == 403
    shown = url("recover-show", incident) + "?open=nothing"
    assert there not in text_of(sign_in(cast.desk).get(shown))
    assert there in text_of(sign_in(cast.manager).get(shown))


def test_a_reason_is_needed(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    answer = sign_in(cast.manager).post(url("recover-no-remedy-due", incident), {"is_told": "on"})
    assert answer.status_code == 422
    assert "Say why, in a few words." in text_of(answer)


@pytest.mark.parametrize("name", ["recover-wants-nothing", "recover-no-remedy-due"])
def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, name: str) -> None:
    hold(cast, sign_in, name, incident)
