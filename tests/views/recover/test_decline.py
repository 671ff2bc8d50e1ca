"""They do not take it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from incidents.models import Incident, Remedy
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    return incident


def offered(incident: Incident, cast: Cast) -> Remedy:
    return make.give(incident, cast.desk, "redo", what="new key", is_delivered=False)


def test_not_enough_offers_something_else_in_its_place(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy, client = offered(incident, cast), sign_in(cast.desk)
    there = url("recover-decline", incident, remedy.pk)
    page = text_of(client.post(there, {"declined_as": "not_enough"}, follow=True))
    remedy.refresh_from_db()
    assert (remedy.state, remedy.declined_as) == (RemedyState.DECLINED, "not_enough")
    assert "Offer something else in its place" in page
    assert "The customer said it is not enough. Offer something else." in page
    assert f'<option value="{remedy.pk}" selected' in page
    asked = {"type": make.remedy_type("refund").pk, "replaces": remedy.pk, "submit_key": uuid4()}
    assert client.post(url("recover-remedy", incident), asked).status_code == 302
    assert incident.remedies.get(replaces=remedy).type.key == "refund"


def test_they_want_nothing_and_the_call_is_next(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = offered(incident, cast)
    there = url("recover-decline", incident, remedy.pk)
    page = text_of(sign_in(cast.desk).post(there, {"declined_as": "wants_nothing"}, follow=True))
    assert "The customer wants nothing · Dora Desk" in page
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


@pytest.mark.parametrize("sent", [{}, {"declined_as": "maybe"}, {"declined_as": "not_enough", "note": "x" * 400}])
def test_bad_input_is_422(cast: Cast, sign_in: SignIn, incident: Incident, sent: dict[str, str]) -> None:
    remedy = offered(incident, cast)
    assert sign_in(cast.desk).post(url("recover-decline", incident, remedy.pk), sent).status_code == 422
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.OFFERED


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-decline", incident, offered(incident, cast).pk)
