"""How long each step may take: in words, with what it comes to, for the business and for a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.board import targets as board
from incidents.calendars import AlwaysOpen
from incidents.models import ClockTarget, Job, OpenHours
from incidents.models.hours import Targets, calendar_of, targets_of
from incidents.models.target_words import said_words, target_words
from incidents.targets import Target
from incidents.vocabulary import Clock, Severity
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
ADDRESS = "/catalogue/targets/"
MODERATE = f"{ADDRESS}3/"


def typed(**over: str) -> dict[str, str]:
    """Nothing said but an apology within two hours."""
    same = {f"{clock}_unit": "same" for clock in Clock.values}
    return {"version": "0", "again_unit": "none"} | same | {"apologize_number": "2", "apologize_unit": "hours"} | over


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(minutes=1), "within 1 minute"),
        (Target(minutes=90), "within 90 minutes"),
        (Target(minutes=15, is_business=True), "within 15 minutes of opening hours"),
        (Target(minutes=60), "within 1 hour"),
        (Target(minutes=240, is_business=True), "within 4 opening hours"),
        (Target(days=1), "within 1 day"),
        (Target(days=3, is_business=True), "within 3 opening days"),
        (Target(days=0), "by the end of the day"),
        (Target(days=0, is_business=True), "by closing time"),
    ],
)
def test_in_words(target: Target, words: str) -> None:
    assert target_words(target) == words


def test_two_calls_in_words() -> None:
    assert said_words(Targets().follow_ups(Severity.CRITICAL)) == "within 24 hours, again within 7 days"
    assert said_words(()) == ""


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-03-06T18:00", "18:00"),
        ("2026-03-07T00:00", "24:00"),
        ("2026-03-10T12:00", "Tue 12:00"),
        ("2026-03-08T00:00", "Sat 24:00"),
        ("2026-03-13T09:00", "Fri 13 Mar 09:00"),
    ],
)
def test_a_moment_as_it_is_said(moment: str, words: str) -> None:
    now = dt.datetime(2026, 3, 6, 16, 30, tzinfo=dt.UTC)
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    assert board.moment_words(at, dt.UTC, now) == words


def test_what_it_comes_to(cast: Cast) -> None:
    """By hand: one hour is left on Friday, Monday is closed, three are used up on Tuesday at noon."""
    for day in range(5):
        for opens, closes in (("09:00", "12:30"), ("13:30", "17:30")):
            OpenHours.objects.create(location=cast.here, weekday=day, opens=opens, closes=closes)
    cast.here.special_days.create(date=dt.date(2026, 3, 9))
    friday = dt.datetime(2026, 3, 6, 16, 30, tzinfo=cast.here.zone).astimezone(dt.UTC)
    words = board.preview(Targets(), Severity.MODERATE, calendar_of(cast.here), cast.here.zone, friday)
    assert words == (
        "A moderate mistake told now: answer by 17:30, apology by Tue 12:00, offer by Tue 16:30, done by Thu 16:30."
    )
    assert "apology by 20:30" in board.preview(
        Targets(), Severity.MODERATE, AlwaysOpen(cast.here.zone), cast.here.zone, friday
    )


def test_a_place_says_its_own(cast: Cast, sign_in: SignIn) -> None:
    client, at = sign_in(cast.manager), f"?at={cast.here.pk}"
    make.make_incident(cast.desk)
    assert "Same as the business." in client.get(ADDRESS + at).content.decode()
    answer: Any = client.post(MODERATE + at, typed())
    assert answer["Location"] == ADDRESS + at
    page = client.get(ADDRESS + at).content.decode()
    assert "Apologize: Here within 2 hours, elsewhere within 4 opening hours" in page
    assert "Working out the deadlines of 1 open recovery anew" in page
    assert targets_of(cast.here.pk).of(3, "apologize") == Target(minutes=120)
    assert targets_of(cast.here.pk).follow_ups(3) == Targets().follow_ups(3)
    assert "Differs at Harbour Hotel" in sign_in(cast.owner).get(ADDRESS).content.decode()
    assert ADDRESS + at in client.get(f"/catalogue/{at}").content.decode()
    page = client.get(MODERATE + at).content.decode()
    assert 'name="apologize_number" value="2"' in page
    client.post(f"{MODERATE}default/{at}")
    assert not ClockTarget.objects.exists()
    assert Job.objects.count() == 1  # the second change joined the first, which had not begun


def test_the_business_says_its_own(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    sent = typed(follow_up_unit="hours", follow_up_number="24", again_unit="days", again_number="5")
    sent |= {"deliver_unit": "day_end", "offer_unit": "days", "offer_number": "2"}
    answer: Any = client.post(MODERATE, sent)
    assert answer["Location"] == ADDRESS
    now = targets_of(cast.here.pk)
    assert now.follow_ups(3) == (Target(minutes=1440), Target(days=5))
    assert (now.of(3, "deliver"), now.of(3, "offer")) == (Target(days=0), Target(days=2))
    assert "Recovery comes with “within 4 opening hours”" in client.get(MODERATE).content.decode()


def test_opening_hours_only(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.owner).post(MODERATE, typed(apologize_open="on"))
    assert targets_of(None).of(3, "apologize") == Target(minutes=120, is_business=True)


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"apologize_number": ""}, "Write how many."),
        ({"apologize_number": "0"}, "greater than or equal to 1"),
        ({"apologize_number": "two"}, "Enter a whole number."),
        ({"apologize_number": "1441"}, "That is longer than 60 days."),
        ({"apologize_unit": "weeks"}, "Select a valid choice."),
        ({"again_unit": "days", "again_number": "3"}, "Say when to call first, then when to call again."),
        ({"version": ""}, "Fill this in."),
    ],
)
def test_bad_input_is_said_and_kept(over: dict[str, str], words: str, cast: Cast, sign_in: SignIn) -> None:
    sent = typed(offer_unit="hours", offer_number="37") | over
    answer = sign_in(cast.manager).post(f"{MODERATE}?at={cast.here.pk}", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="37"' in answer.content.decode()
    assert not ClockTarget.objects.exists()


def test_calls_in_the_wrong_order_are_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    sent = typed(follow_up_unit="days", follow_up_number="7", again_unit="days", again_number="2")
    answer = sign_in(cast.owner).post(MODERATE, sent)
    assert answer.status_code == 409
    assert "The second call comes after the first." in answer.content.decode()


def test_a_save_in_between_shows_both(cast: Cast, sign_in: SignIn) -> None:
    client, at = sign_in(cast.manager), f"?at={cast.here.pk}"
    client.post(MODERATE + at, typed(apologize_number="3"))
    answer = client.post(MODERATE + at, typed())
    page = answer.content.decode()
    row = ClockTarget.objects.get()
    assert answer.status_code == 409
    assert ">within 3 hours</td>" in page
    assert ">within 2 hours</td>" in page
    assert f'name="version" value="{row.pk}"' in page
    assert client.post(MODERATE + at, typed(version=str(row.pk))).status_code == 302


def test_the_preview_follows_what_is_typed(cast: Cast, sign_in: SignIn) -> None:
    client, address = sign_in(cast.manager), f"{MODERATE}?at={cast.here.pk}&preview=1"
    for unit, words in (("minutes", "A moderate mistake told now"), ("day_end", "apology by 24:00")):
        part = client.post(address, typed(apologize_unit=unit), headers={"HX-Request": "true"}).content.decode()
        assert words in part
        assert "<html" not in part
    assert client.post(address, typed(apologize_number="x"), headers={"HX-Request": "true"}).status_code == 200
    whole = client.post(address, typed(apologize_unit="day_end"))
    assert whole.status_code == 200
    assert "apology by 24:00" in whole.content.decode()
    assert '<option value="day_end" selected>' in whole.content.decode()
    assert not ClockTarget.objects.exists()


def test_who_may(cast: Cast, sign_in: SignIn) -> None:
    manager = sign_in(cast.manager)
    assert manager.get(MODERATE).status_code == 200
    assert 'name="apologize_number"' not in manager.get(MODERATE).content.decode()
    assert manager.post(MODERATE, typed()).status_code == 403
    assert manager.post(f"{MODERATE}default/").status_code == 403
    assert manager.get(f"{ADDRESS}?at={cast.elsewhere.pk}").status_code == 404
    assert manager.post(f"{MODERATE}?at={cast.elsewhere.pk}", typed()).status_code == 404
    assert manager.post(f"{MODERATE}default/?at={cast.elsewhere.pk}").status_code == 404
    assert manager.get(f"{MODERATE}default/?at={cast.here.pk}").status_code == 405
    for staff in (cast.desk, cast.outsider):
        assert sign_in(staff).get(ADDRESS).status_code == 403
        assert sign_in(staff).post(MODERATE, typed()).status_code == 403


@pytest.mark.parametrize("severity", [0, 5, 10**30])
def test_a_severity_that_is_none_is_404(severity: int, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.get(f"{ADDRESS}{severity}/").status_code == 404
    assert client.post(f"{ADDRESS}{severity}/default/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        for at in (place, cast.here):
            ClockTarget.objects.create(location=at, severity=3, clock=Clock.values[turn], minutes=5)
    client = sign_in(cast.owner)
    for query in ("", f"?at={cast.here.pk}"):
        with django_assert_max_num_queries(9):
            client.get(ADDRESS + query)
        with django_assert_max_num_queries(9):
            client.get(MODERATE + query)
