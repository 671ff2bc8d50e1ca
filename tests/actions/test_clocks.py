"""Deadlines: every target, from the right moment, in the zone of the place."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.actions import remedies, rounds
from incidents.calendars import AlwaysOpen, resolve_local
from incidents.models import Deadline, Incident
from incidents.targets import Target
from incidents.vocabulary import Severity
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)
CHICAGO = ZoneInfo("America/Chicago")
# NOW is 09:00 at the cast's first place; its day ends at 06:00 UTC.
MIDNIGHT = dt.datetime(2026, 3, 5, 6, tzinfo=dt.UTC)


def due(incident: Incident, round_number: int = 1) -> dict[str, dt.datetime]:
    rows = Deadline.objects.filter(incident=incident, round__number=round_number)
    return dict(rows.values_list("clock", "due_at"))


def met(incident: Incident, round_number: int = 1) -> dict[str, dt.datetime | None]:
    rows = Deadline.objects.filter(incident=incident, round__number=round_number)
    return dict(rows.values_list("clock", "met_at"))


# severity | acknowledge | apologize | offer | deliver, at a place that never closes. Clocks go forward on the 8th.
TARGETS = [
    (Severity.CRITICAL, NOW + 5 * MINUTE, NOW + 15 * MINUTE, NOW + HOUR, MIDNIGHT),
    (Severity.MAJOR, NOW + 15 * MINUTE, NOW + HOUR, NOW + 4 * HOUR, NOW + DAY),
    (Severity.MODERATE, NOW + HOUR, NOW + 4 * HOUR, NOW + DAY, NOW + 3 * DAY),
    (Severity.MINOR, NOW + 4 * HOUR, NOW + DAY, NOW + 2 * DAY, NOW + 5 * DAY - HOUR),
]


@pytest.mark.parametrize("row", TARGETS, ids=[row[0].name for row in TARGETS])
def test_every_target(cast: Cast, row: tuple[Any, ...]) -> None:
    severity, *expected = row
    incident = make.make_incident(cast.desk, severity=severity)
    clocks = ["acknowledge", "apologize", "offer", "deliver"]
    assert due(incident) == dict(zip(clocks, expected, strict=True))


def test_same_day_ends_at_midnight_of_the_place(cast: Cast) -> None:
    berlin = make.make_incident(cast.outsider, severity=Severity.CRITICAL)
    assert due(berlin)["deliver"] == dt.datetime(2026, 3, 4, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-08T05:59+00:00", "2026-03-08T06:00+00:00"),  # a minute to midnight
        ("2026-03-08T06:00+00:00", "2026-03-09T05:00+00:00"),  # the 23 hours of the day the clocks go forward
        ("2026-11-01T05:00+00:00", "2026-11-02T06:00+00:00"),  # the 25 hours of the day they go back
        ("2026-12-31T18:00+00:00", "2027-01-01T06:00+00:00"),
    ],
)
def test_the_end_of_the_day_when_clocks_change(start: str, end: str) -> None:
    found = AlwaysOpen(CHICAGO).due(dt.datetime.fromisoformat(start), Target(days=0))
    assert found == dt.datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-03-04T09:00", "2026-03-04T15:00+00:00"),
        ("2026-03-08T01:59", "2026-03-08T07:59+00:00"),
        ("2026-03-08T02:00", "2026-03-08T08:00+00:00"),  # 02:00 to 02:59 do not exist: the next minute that does
        ("2026-03-08T02:30", "2026-03-08T08:00+00:00"),
        ("2026-03-08T03:00", "2026-03-08T08:00+00:00"),
        ("2026-11-01T01:30", "2026-11-01T06:30+00:00"),  # 01:30 happens twice: the first
        ("2026-11-01T02:00", "2026-11-01T08:00+00:00"),
    ],
)
def test_a_local_time_as_it_was_typed(typed: str, utc: str) -> None:
    found = resolve_local(dt.datetime.fromisoformat(typed), CHICAGO)
    assert found == dt.datetime.fromisoformat(utc)


class TestMet:
    def test_face_to_face_is_heard_at_once(self, cast: Cast) -> None:
        assert met(make.make_incident(cast.desk))["acknowledge"] == NOW
        assert met(make.make_incident(cast.desk, told_by="phone"))["acknowledge"] == NOW

    def test_a_letter_is_not(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, told_by="email")
        assert met(incident)["acknowledge"] is None
        make.apologize(incident, cast.desk, now=NOW + HOUR)
        assert met(incident)["acknowledge"] == NOW + HOUR

    def test_what_we_found_ourselves_needs_no_answer(self, cast: Cast) -> None:
        for source in ("noticed", "asked"):
            assert met(make.make_incident(cast.desk, source=source))["acknowledge"] == NOW

    def test_a_form_on_the_web_waits_for_an_answer(self, cast: Cast) -> None:
        assert met(make.make_incident(cast.desk, source="form"))["acknowledge"] is None

    def test_an_apology_counts_from_when_it_was_made(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, now=NOW + DAY, reported_at=NOW)
        make.apologize(incident, cast.desk, now=NOW + DAY, made_at=NOW + HOUR)
        assert met(incident)["apologize"] == NOW + HOUR

    def test_the_earliest_apology_counts(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk, now=NOW + 2 * HOUR)
        make.apologize(incident, cast.manager, now=NOW + 3 * HOUR, made_at=NOW + HOUR)
        assert met(incident)["apologize"] == NOW + HOUR

    def test_one_that_travels_counts_on_arrival(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False)
        make.apologize(incident, cast.desk, travels_with=van)
        assert met(incident)["apologize"] is None
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + HOUR)
        assert met(incident)["apologize"] == NOW + HOUR

    def test_offered_and_delivered(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False, now=NOW + HOUR)
        assert (met(incident)["offer"], met(incident)["deliver"]) == (NOW + HOUR, None)
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + 2 * HOUR)
        assert met(incident)["deliver"] == NOW + 2 * HOUR

    def test_a_withdrawn_offer_was_none(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False)
        remedies.end_remedy(remedy_id=van.pk, by=cast.desk, now=NOW, state="withdrawn")
        assert met(incident)["offer"] is None


class TestNextDue:
    def test_the_earliest_running_clock(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        steps = [incident.next_due_at]
        make.apologize(incident, cast.desk)
        incident.refresh_from_db()
        steps.append(incident.next_due_at)
        van = make.give(incident, cast.desk, is_delivered=False)
        incident.refresh_from_db()
        steps.append(incident.next_due_at)
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + HOUR)
        incident.refresh_from_db()
        steps.append(incident.next_due_at)
        make.call(incident, cast.desk, now=NOW + 2 * DAY)
        assert [*steps, incident.next_due_at] == [
            NOW + 4 * HOUR,
            NOW + DAY,
            NOW + 3 * DAY,
            NOW + HOUR + 2 * DAY,
            None,
        ]

    def test_it_is_in_the_past_when_a_target_was_missed(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, reported_at=NOW - 7 * DAY)
        assert incident.next_due_at == NOW - 7 * DAY + 4 * HOUR
        assert Incident.objects.overdue(NOW).get() == incident

    def test_of_two_calls_the_first(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, severity=Severity.CRITICAL)
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        incident.refresh_from_db()
        assert incident.next_due_at == NOW + DAY
        make.call(incident, cast.desk, now=NOW + DAY)
        assert incident.next_due_at == NOW + 7 * DAY - HOUR  # the same time of the day


class TestSecondRound:
    def test_it_starts_when_the_round_does(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        make.call(incident, cast.desk, "unhappy", now=NOW + 2 * DAY)
        # Still unhappy, it is major now.
        assert due(incident, 2) == {"offer": NOW + 2 * DAY + 4 * HOUR, "deliver": NOW + 3 * DAY}
        assert incident.next_due_at == NOW + 2 * DAY + 4 * HOUR

    def test_a_customer_who_comes_back_is_owed_another_apology(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk)
        rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=NOW + DAY)
        assert set(due(incident, 2)) == {"acknowledge", "apologize", "offer", "deliver"}
        assert due(incident, 2)["apologize"] == NOW + DAY + 4 * HOUR
        assert met(incident, 2)["apologize"] is None

    def test_the_clocks_of_the_first_round_stay_as_they_ended(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk, now=NOW + HOUR)
        rounds.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=NOW + DAY)
        assert due(incident)["apologize"] == NOW + 4 * HOUR
        assert met(incident)["apologize"] == NOW + HOUR


def test_there_is_one_row_per_clock_and_round(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    for _turn in range(3):
        make.apologize(incident, cast.desk)
    assert Deadline.objects.filter(incident=incident).count() == 4


def test_the_call_that_opened_the_next_try_was_made(cast: Cast) -> None:
    """An unhappy answer is an answer: the first try's call is met, not late for ever."""
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk, "unhappy", now=NOW + DAY)
    assert met(incident)["follow_up"] == NOW + DAY
