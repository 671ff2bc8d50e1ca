"""A place's clock as its rows say it: hours, days, holidays, targets of three levels, and an incident's pauses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.actions.advance import add_event
from incidents.calendars import AlwaysOpen, Pause
from incidents.models import ClockTarget, Incident, Location, OpenHours, SpecialDay
from incidents.models.hours import (
    BEGAN,
    ENDED,
    SaidBy,
    calendar_of,
    clock_and_pauses,
    clock_of,
    pauses_of,
    targets_of,
)
from incidents.targets import FOLLOW_UPS, TARGETS, Target
from incidents.vocabulary import Clock, Severity
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.office import keep_office_hours, local

T = dt.time
FOUR_HOURS = Target(minutes=240, is_business=True)


class TestCalendar:
    def test_without_hours_it_never_closes(self, cast: Cast) -> None:
        cast.here.holiday_region = "US"
        assert isinstance(calendar_of(cast.here), AlwaysOpen)

    def test_the_friday_before_a_holiday(self, cast: Cast) -> None:
        here = keep_office_hours(cast.here)
        here.holiday_region = "US"  # Memorial Day is Monday the 25th
        found = calendar_of(here).due(local(here, "2026-05-22T16:30"), FOUR_HOURS)
        assert found == local(here, "2026-05-26T12:00")

    def test_a_holiday_on_which_it_opens_and_a_day_on_which_it_does_not(self, cast: Cast) -> None:
        here = keep_office_hours(cast.here)
        here.holiday_region = "US"
        SpecialDay.objects.create(location=here, date=dt.date(2026, 5, 25), is_open=True)
        SpecialDay.objects.create(location=here, date=dt.date(2026, 5, 26), name="We move")
        SpecialDay.objects.create(location=cast.elsewhere, date=dt.date(2026, 5, 27))
        calendar = calendar_of(here)
        assert calendar.is_open(local(here, "2026-05-25T10:00"))
        assert not calendar.is_open(local(here, "2026-05-26T10:00"))
        assert calendar.next_open(local(here, "2026-05-25T18:00")) == local(here, "2026-05-27T09:00")

    def test_holidays_of_a_part_of_a_country(self, cast: Cast) -> None:
        there = keep_office_hours(cast.elsewhere)
        epiphany = local(there, "2026-01-06T10:00")
        is_open = {}
        for region in ("DE", "DE-BY", ""):
            again = Location.objects.get(pk=there.pk)
            again.holiday_region = region
            is_open[region] = calendar_of(again).is_open(epiphany)
        assert is_open == {"DE": True, "DE-BY": False, "": True}

    def test_a_region_nobody_knows_any_more_closes_nothing(self, cast: Cast) -> None:
        here = keep_office_hours(cast.here)
        here.holiday_region = "ZZ-99"
        assert calendar_of(here).is_open(local(here, "2026-12-25T10:00"))

    def test_who_never_closes_but_on_one_day(self, cast: Cast) -> None:
        cast.here.holiday_region = "US"
        SpecialDay.objects.create(location=cast.here, date=dt.date(2026, 3, 5))
        calendar = calendar_of(cast.here)
        assert calendar.due(local(cast.here, "2026-03-04T22:00"), FOUR_HOURS) == local(cast.here, "2026-03-06T02:00")
        assert calendar.is_open(local(cast.here, "2026-12-25T10:00"))

    def test_a_night_runs_into_a_closed_day(self, cast: Cast) -> None:
        OpenHours.objects.bulk_create(
            OpenHours(location=cast.here, weekday=day, opens=T(18), closes=T(2)) for day in range(7)
        )
        SpecialDay.objects.create(location=cast.here, date=dt.date(2026, 3, 5))
        calendar = calendar_of(cast.here)
        assert calendar.is_open(local(cast.here, "2026-03-05T01:00"))
        assert calendar.next_open(local(cast.here, "2026-03-05T02:00")) == local(cast.here, "2026-03-06T18:00")


class TestTargets:
    def test_as_shipped(self, db: None) -> None:
        found = targets_of(None)
        for severity in Severity:
            assert {clock: found.of(severity, clock) for clock in TARGETS[severity]} == TARGETS[severity]
            assert found.follow_ups(severity) == FOLLOW_UPS[severity]
            assert found.said_by(severity, Clock.OFFER) == SaidBy.SHIPPED
            assert found.version(severity, SaidBy.BUSINESS) == 0

    def test_the_place_then_the_business_then_as_shipped(self, cast: Cast) -> None:
        row: dict[str, Any] = {"severity": 3, "clock": "apologize"}
        ClockTarget.objects.create(**row, minutes=90)
        ClockTarget.objects.create(**row, minutes=30, is_business=True, location=cast.here)
        said = {
            place: (targets_of(place).of(3, "apologize"), targets_of(place).said_by(3, "apologize"))
            for place in (cast.here.pk, cast.elsewhere.pk, None)
        }
        assert said == {
            cast.here.pk: (Target(minutes=30, is_business=True), SaidBy.PLACE),
            cast.elsewhere.pk: (Target(minutes=90), SaidBy.BUSINESS),
            None: (Target(minutes=90), SaidBy.BUSINESS),
        }
        assert targets_of(cast.here.pk).of(3, "offer") == Target(days=1, is_business=True)

    def test_the_calls_of_one_severity_come_from_one_place(self, cast: Cast) -> None:
        ClockTarget.objects.create(severity=1, clock="follow_up", position=2, days=9)
        ClockTarget.objects.create(severity=1, clock="follow_up", position=1, days=2)
        ClockTarget.objects.create(severity=1, clock="follow_up", position=1, minutes=60, location=cast.here)
        assert targets_of(cast.here.pk).follow_ups(1) == (Target(minutes=60),)
        assert targets_of(None).follow_ups(1) == (Target(days=2), Target(days=9))

    def test_the_same_day(self, cast: Cast) -> None:
        ClockTarget.objects.create(severity=3, clock="deliver", days=0, is_business=True)
        assert targets_of(None).of(3, "deliver").is_same_day


def began(incident: Incident, at: dt.datetime, until: dt.datetime) -> None:
    add_event(incident, BEGAN, now=at, by=None, until=until.isoformat())


def ended(incident: Incident, at: dt.datetime) -> None:
    add_event(incident, ENDED, now=at, by=None)


class TestPauses:
    def test_as_long_as_was_said(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        began(incident, NOW, NOW + 3 * DAY)
        assert pauses_of(again(incident)) == (Pause(NOW, NOW + 3 * DAY),)

    def test_until_it_was_ended(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        began(incident, NOW, NOW + 3 * DAY)
        ended(incident, NOW + DAY)
        began(incident, NOW + 2 * DAY, NOW + 3 * DAY)
        ended(incident, NOW + 9 * DAY)  # long after what was said
        assert pauses_of(again(incident)) == (Pause(NOW, NOW + DAY), Pause(NOW + 2 * DAY, NOW + 3 * DAY))

    def test_a_new_one_takes_over(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        began(incident, NOW, NOW + 3 * DAY)
        began(incident, NOW + DAY, NOW + 2 * DAY)
        assert pauses_of(again(incident)) == (Pause(NOW, NOW + DAY), Pause(NOW + DAY, NOW + 2 * DAY))

    def test_one_ended_as_it_began_is_none(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        began(incident, NOW, NOW + DAY)
        ended(incident, NOW)
        assert pauses_of(again(incident)) == ()

    def test_in_another_zone_they_are_the_same_instants(self, cast: Cast) -> None:
        incident = make.make_incident(cast.outsider)
        began(incident, NOW, (NOW + HOUR).astimezone(cast.elsewhere.zone))
        assert pauses_of(again(incident)) == (Pause(NOW, NOW + HOUR),)


def again(incident: Incident) -> Incident:
    return Incident.objects.select_related("location").get(pk=incident.pk)


class TestStatements:
    def test_a_place_is_asked_once(self, cast: Cast, django_assert_num_queries: Any) -> None:
        here = keep_office_hours(cast.here)
        SpecialDay.objects.create(location=here, date=dt.date(2026, 5, 26))
        ClockTarget.objects.create(severity=3, clock="apologize", minutes=90)
        with django_assert_num_queries(1):
            clock_of(here)
            calendar_of(here).due(NOW, FOUR_HOURS)
        with django_assert_num_queries(1):
            targets_of(here.pk)

    def test_with_its_pauses_it_is_still_one(self, cast: Cast, django_assert_num_queries: Any) -> None:
        incident = make.make_incident(cast.desk)
        began(incident, NOW, NOW + DAY)
        incident = again(incident)
        with django_assert_num_queries(1):
            place, pauses = clock_and_pauses(incident)
            clock_and_pauses(incident)
            assert place is clock_of(incident.location)
        assert len(pauses) == 1

    def test_they_are_asked_anew_once_it_waits(self, cast: Cast, django_assert_num_queries: Any) -> None:
        incident = again(make.make_incident(cast.desk))
        assert pauses_of(incident) == ()
        began(incident, NOW, NOW + DAY)
        incident.waiting_since, incident.waiting_until = NOW, NOW + DAY
        with django_assert_num_queries(1):
            assert pauses_of(incident) == (Pause(NOW, NOW + DAY),)


@pytest.mark.parametrize("reported", ["2026-03-06T16:30", "2026-03-07T11:00"])
def test_the_clocks_of_an_incident_go_by_its_place(cast: Cast, reported: str) -> None:
    here = keep_office_hours(cast.here)
    at = local(here, reported)
    incident = make.make_incident(cast.desk, now=at, told_by="email")
    due = dict(incident.deadlines.values_list("clock", "due_at"))
    expected = {
        "2026-03-06T16:30": ("2026-03-06T17:30", "2026-03-09T12:00", "2026-03-09T16:30", "2026-03-11T16:30"),
        "2026-03-07T11:00": ("2026-03-09T10:00", "2026-03-09T14:00", "2026-03-10T09:00", "2026-03-12T09:00"),
    }[reported]
    clocks = ("acknowledge", "apologize", "offer", "deliver")
    assert due == {clock: local(here, moment) for clock, moment in zip(clocks, expected, strict=True)}
    assert incident.next_due_at == due["acknowledge"]
