"""They take what was offered, it is offered at last, it is under way: one tap each."""

from __future__ import annotations

import pytest

from incidents.models import Incident, Remedy
from incidents.vocabulary import RemedyState
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def offered(incident: Incident, cast: Cast) -> Remedy:
    return make.give(incident, cast.desk, "redo", what="new key", is_delivered=False, assignee=cast.desk)


def test_offered_taken_under_way_had(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy, client = offered(incident, cast), sign_in(cast.desk)
    for name, state, then in (
        ("recover-take", RemedyState.ACCEPTED, "It is under way"),
        ("recover-start", RemedyState.IN_PROGRESS, "They have it"),
        ("recover-deliver", RemedyState.DELIVERED, "Add a photo of it"),
    ):
        page = text_of(client.post(url(name, incident, remedy.pk), follow=True))
        remedy.refresh_from_db()
        assert remedy.state == state
        assert then in page


def test_an_offer_shows_what_may_come_of_it(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    offered(incident, cast)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    for words in ("They have it", "They take it", "Not enough", "They want nothing", "With amount and time", "More"):
        assert words in page, words


def test_the_second_hears_that_it_went_further(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = offered(incident, cast)
    assert sign_in(cast.desk).post(url("recover-start", incident, remedy.pk)).status_code == 302
    answer = sign_in(cast.colleague).post(url("recover-take", incident, remedy.pk))
    assert answer.status_code == 409
    assert "It has gone further already" in text_of(answer)


def test_what_waits_for_a_yes_is_not_offered(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = make.ask_for(incident, cast.desk)
    for name in ("recover-offer", "recover-take", "recover-start", "recover-deliver"):
        assert sign_in(cast.desk).post(url(name, incident, asked.remedy_id)).status_code == 409, name
    asked.remedy.refresh_from_db()
    assert asked.remedy.state == RemedyState.PROPOSED


@pytest.mark.parametrize("name", ["recover-offer", "recover-take", "recover-start"])
def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, name: str) -> None:
    hold(cast, sign_in, name, incident, offered(incident, cast).pk)
