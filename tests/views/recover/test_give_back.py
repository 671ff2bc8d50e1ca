"""Giving back what was handed over, and until when somebody may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import handovers
from incidents.models import Incident
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

NOTE = {"note": "I am off tomorrow."}


@pytest.fixture
def given(cast: Cast) -> Incident:
    cast.here.shift_ends = [dt.time(7), dt.time(15), dt.time(23)]
    cast.here.save(update_fields=["shift_ends"])
    incident = make.make_incident(cast.desk)
    at = timezone.now().replace(hour=16, minute=0)  # the morning in Chicago
    return handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=at)


def test_it_works(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    client = sign_in(cast.colleague)
    assert "Give it back" in text_of(client.get(given.get_absolute_url()))
    page = text_of(client.post(url("recover-give-back", given), NOTE, follow=True))
    assert "Dora Desk has it again, with your words." in page
    assert "Given back to Dora Desk" in page
    assert "I am off tomorrow." in page
    assert "gave this to you" not in page
    assert make.fresh(given).assignee == cast.desk


def test_everybody_sees_until_when(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    for person in (cast.desk, cast.manager):
        page = text_of(sign_in(person).get(given.get_absolute_url()))
        assert "Cole League has not taken it over yet. It goes to the duty manager:" in page
        assert ", 15:00." in page
    assert ", 15:00." in text_of(sign_in(cast.colleague).get(given.get_absolute_url()))


def test_without_a_word_it_asks_for_one(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    answer = sign_in(cast.colleague).post(url("recover-give-back", given), {"note": " "})
    assert answer.status_code == 422
    assert make.fresh(given).assignee == cast.colleague


def test_not_for_somebody_else_and_not_twice(cast: Cast, sign_in: SignIn, given: Incident) -> None:
    assert sign_in(cast.desk).post(url("recover-give-back", given), NOTE).status_code == 409
    client = sign_in(cast.colleague)
    client.post(url("recover-give-back", given), NOTE)
    answer = client.post(url("recover-give-back", given), NOTE)
    assert answer.status_code == 409
    assert "I am off tomorrow." in text_of(answer)


def test_the_page_of_a_waiting_one_stays_small(
    cast: Cast, sign_in: SignIn, given: Incident, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.colleague)
    client.get(given.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(given.get_absolute_url())


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-give-back", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-give-back", restricted), NOTE).status_code == 403
