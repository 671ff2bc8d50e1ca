"""The incident page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import handovers, notes, promises
from incidents.models import Incident
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_it_tells_where_the_recovery_stands(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now() - 2 * make.HOUR)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "Nora Novak" in page
    assert incident.reference in page
    assert "Time without an apology" in page
    assert "Nobody has apologized to the customer yet." in page
    assert "An apology alone is not a recovery." in page
    assert "Apology due in" in page
    assert "Moderate" in page
    assert "Add a remedy" in page
    assert "2nd try" not in page


def test_the_clock_says_late(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now() - 6 * make.HOUR)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "late by" in page
    assert "is-late" in page


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-show", make.make_incident(cast.desk), wants="get")


def test_the_story_of_a_long_recovery(cast: Cast, sign_in: SignIn) -> None:
    incident = long_story(cast)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    for words in (
        "2nd try",
        "Dora Desk apologized to Nora Novak in person",
        "Something else was the matter.",
        "Redo or replace: new key",
        "12.50",
        "Asked by phone: Still unhappy, 2 of 5",
        "Promised: a word with housekeeping",
        "Handed over from Dora Desk to Cole League",
        "We go back to the customer: The customer was not happy yet",
        "Our time",
    ):
        assert words in page, words


def long_story(cast: Cast, name: str = "Nora Novak") -> Incident:
    incident = make.make_incident(cast.desk, customer=make.make_customer(name))
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "redo", what="new key", actual_amount=Decimal("12.50"), minutes=20)
    make.call(incident, cast.colleague, "unhappy", score=2, words="Something else was the matter.")
    promises.make_promise(
        incident_id=incident.pk,
        by=cast.desk,
        now=make.NOW,
        what="a word with housekeeping",
        due_at=make.NOW + make.DAY,
        submit_key=uuid4(),
    )
    notes.add_note(incident_id=incident.pk, by=cast.manager, now=make.NOW, words="Mind this.", submit_key=uuid4())
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=make.NOW, note="Over to you.")
    return incident


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: object, rounds: int
) -> None:
    incident = long_story(cast)
    people = [cast.desk, cast.colleague, cast.manager]
    for number in range(rounds):
        by = people[number]
        make.apologize(incident, by, to_whom=f"Guest {number}")
        make.give(incident, by, ["redo", "gift_card", "free_item"][number], is_delivered=False, assignee=by)
        other = make.make_customer(f"Other {number}")
        make.make_incident(by, customer=other, told_with=incident, category=["room", "waiting", "price"][number])
    client = sign_in(cast.desk)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(url("recover-show", incident)).status_code == 200


def test_of_many_tries_the_step_tells_the_newest(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    for number in range(1, 8):
        make.call(incident, cast.desk, "no_answer", now=make.NOW + number * make.DAY)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert page.count("Dora Desk asked by phone: No answer") == 5
    assert "2 earlier tries are told under “What happened since”" in page


def test_facts_are_computed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(
        cast.desk,
        category="price",
        field_values={"quoted": "100.00", "charged": "120.00"},
        occurred_on=dt.date(2026, 2, 27),
        remedy_sought="The twenty back.",
    )
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "20.00 USD" in page
    assert "5 days later, customer found it first" in page
    assert "The twenty back." in page


def test_private_words_are_for_managers(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(
        cast.desk, category="in_the_wrong", private_values={"words_used": "You should have called."}
    )
    assert "You should have called." not in text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "You should have called." in text_of(sign_in(cast.manager).get(url("recover-show", incident)))


def test_of_a_restricted_one_the_logger_sees_their_own_part(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety", what_happened="Slipped by the pool.")
    notes.add_note(incident_id=incident.pk, by=cast.manager, now=make.NOW, words="Secret.", submit_key=uuid4())
    make.give(incident, cast.manager, "gift_card", what="Not for the desk", is_delivered=False, assignee=cast.manager)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "Slipped by the pool." in page
    assert "Secret." not in page
    assert "Not for the desk" not in page
    assert sign_in(cast.colleague).get(url("recover-show", incident)).status_code == 404
    assert "Secret." in text_of(sign_in(cast.manager).get(url("recover-show", incident)))


def test_whoever_has_one_step_of_a_restricted_one_sees_that_step(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.manager, category="safety", what_happened="Slipped by the pool.")
    mine = make.give(incident, cast.manager, "redo", what="Dry the tiles", is_delivered=False, assignee=cast.colleague)
    client = sign_in(cast.colleague)
    page = text_of(client.get(url("recover-show", incident)))
    assert "Dry the tiles" in page
    assert "Slipped by the pool." not in page
    assert client.post(url("recover-deliver", incident, mine.pk)).status_code == 302
    assert client.post(url("recover-note", incident), {"words": "x", "submit_key": uuid4()}).status_code == 403


def test_a_closed_one_reads_well(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "delighted")
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert "Closed: Recovered" in page
    assert "Recovered after 1 hour." in page
    assert "We thought again" in page
    assert "Record the apology" not in page


def test_times_of_another_zone_say_so(cast: Cast, sign_in: SignIn) -> None:
    """An administrator without a place of their own reads UTC; the clerk there needs no word about it."""
    incident = make.make_incident(cast.desk)
    cast.owner.memberships.all().delete()
    assert "Times on this page are those of Chicago." in text_of(sign_in(cast.owner).get(incident.get_absolute_url()))
    assert "Times on this page" not in text_of(sign_in(cast.desk).get(incident.get_absolute_url()))
