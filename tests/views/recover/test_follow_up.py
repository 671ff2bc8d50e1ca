"""How a call ended."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.models import Incident
from incidents.vocabulary import CloseReason, RemedyState, Stage
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@pytest.fixture
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "redo", what="a new key")
    return incident


def there_of(incident: Incident) -> str:
    return url("recover-follow-up", incident, make.planned_call(incident).pk)


def test_satisfied_closes_as_recovered(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "satisfied", "channel": "in_person", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(there_of(incident), asked, follow=True))
    assert "Recovered: well done." in page
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED


def test_the_lower_of_outcome_and_score_counts(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "delighted", "score": "2", "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked).status_code == 302
    incident.refresh_from_db()
    assert (incident.stage, incident.round_number) == (Stage.REMEDY, 2)


def test_unhappy_with_an_apology_in_the_call_opens_the_next_try(
    cast: Cast, sign_in: SignIn, incident: Incident
) -> None:
    asked = {"outcome": "unhappy", "has_apologized": "on", "words": "Still cold.", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(there_of(incident), asked, follow=True))
    assert "2nd try" in page
    assert "Still cold." in page
    assert incident.apologies.count() == 2


def test_not_received_puts_the_chosen_remedy_back(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = incident.remedies.get()
    asked = {"outcome": "remedy_not_received", "missing_remedy": remedy.pk, "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked).status_code == 302
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.IN_PROGRESS


def test_call_back_at_needs_a_moment_to_come(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.desk), there_of(incident)
    answer = client.post(there, {"outcome": "call_back", "call_back_at": "2026-03-04T10:00", "submit_key": uuid4()})
    assert answer.status_code == 422
    assert "Say when to call back" in text_of(answer)
    later = (timezone.now() + make.DAY).strftime("%Y-%m-%dT%H:%M")
    asked = {"outcome": "call_back", "call_back_at": later, "submit_key": uuid4()}
    assert client.post(there, asked).status_code == 302


def test_the_second_of_two_hears_it_was_made(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there = there_of(incident)
    asked = {"outcome": "satisfied", "submit_key": uuid4()}
    client = sign_in(cast.desk)
    assert client.post(there, asked).status_code == 302
    assert client.post(there, asked).status_code == 302  # back and sent again: the same one
    answer = sign_in(cast.colleague).post(
        there, {"outcome": "unhappy", "words": "Too late, she says.", "submit_key": uuid4()}
    )
    assert answer.status_code == 409
    assert "Someone has already made this call." in text_of(answer)
    assert "Too late, she says." in text_of(answer)


def test_bad_input(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "wrong_number", "words": "Hm, no.", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(there_of(incident), asked)
    assert answer.status_code == 422
    assert "Hm, no." in text_of(answer)


def test_it_goes_back_to_the_calls_but_never_elsewhere(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "no_answer", "next": "/calls/?who=everyone", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(there_of(incident), asked)
    assert answer["Location"] == "/calls/?who=everyone"
    asked = {"outcome": "no_answer", "next": "https://evil.example/", "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked)["Location"] == incident.get_absolute_url()


def test_in_the_list_the_row_is_replaced(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "satisfied", "submit_key": uuid4()}
    there = there_of(incident)
    answer = sign_in(cast.desk).post(there, asked, headers={"HX-Request": "true"})
    assert "well done" in text_of(answer)
    assert "<html" not in text_of(answer)
    again = sign_in(cast.desk).post(there, asked | {"submit_key": uuid4()}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert "Someone has already made this call." in text_of(again)


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-follow-up", incident, make.planned_call(incident).pk)
    restricted = make.make_incident(cast.desk, category="safety")
    make.give(restricted, cast.manager)
    call = make.planned_call(restricted)
    assert sign_in(cast.desk).post(url("recover-follow-up", restricted, call.pk)).status_code == 403
    assert reverse("call-list") == "/calls/"
