"""Calendar arithmetic: examples by hand, and whatever people set up against a reference that counts minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from incidents.calendars import AlwaysOpen, BusinessCalendar, Calendar, Pause
from incidents.public_holidays import holidays_of, is_region, regions
from incidents.targets import Target
from tests.slow_calendar import MINUTE, ONE_DAY, Hours, SlowCalendar, midnight

CHICAGO = "America/Chicago"
T = dt.time
LUNCH = [(day, opens, closes) for day in range(5) for opens, closes in ((T(9), T(12, 30)), (T(13, 30), T(17, 30)))]
BAR = [(day, T(18), T(2)) for day in range(6)]
ROUND_THE_CLOCK = [(day, T(), T()) for day in range(7)]
# 2026-03-02 is a Monday, and the clocks go forward in Chicago on Sunday the 8th.
MONDAY = dt.date(2026, 3, 9)


def at(local: str, zone: str = CHICAGO) -> dt.datetime:
    return dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def office(*closed: dt.date, week: Sequence[Hours] = LUNCH, zone: str = CHICAGO) -> BusinessCalendar:
    return BusinessCalendar(ZoneInfo(zone), week, lambda day: day in closed)


def hours(number: float) -> Target:
    return Target(minutes=round(number * 60), is_business=True)


def days(number: int) -> Target:
    return Target(days=number, is_business=True)


# the week | reported | target | due
BY_HAND = [
    (LUNCH, "2026-03-06T16:30", hours(4), "2026-03-10T12:00"),  # Friday; Monday is a holiday
    (LUNCH, "2026-03-06T16:30", hours(1), "2026-03-06T17:30"),  # used up as it closes
    (LUNCH, "2026-03-06T16:30", hours(1.25), "2026-03-10T09:15"),
    (LUNCH, "2026-03-04T12:00", hours(1), "2026-03-04T14:00"),  # over lunch
    (LUNCH, "2026-03-04T12:45", hours(0.25), "2026-03-04T13:45"),  # told at lunch
    (LUNCH, "2026-03-07T11:00", hours(4), "2026-03-10T14:00"),
    (LUNCH, "2026-03-04T10:00", days(1), "2026-03-05T10:00"),
    (LUNCH, "2026-03-06T10:00", days(1), "2026-03-10T10:00"),
    (LUNCH, "2026-03-06T10:00", days(3), "2026-03-12T10:00"),
    (LUNCH, "2026-03-07T11:00", days(1), "2026-03-11T09:00"),  # told when closed: as if on Tuesday as it opens
    (LUNCH, "2026-03-04T12:45", days(1), "2026-03-05T13:30"),  # told at lunch: as if after it
    (LUNCH, "2026-03-04T10:00", days(0), "2026-03-04T17:30"),
    (LUNCH, "2026-03-04T18:00", days(0), "2026-03-05T17:30"),
    (BAR, "2026-03-04T01:00", hours(2), "2026-03-04T19:00"),
    (BAR, "2026-03-04T01:00", days(1), "2026-03-05T01:00"),  # of Tuesday's evening: Wednesday's
    (BAR, "2026-03-08T01:00", days(1), "2026-03-11T01:00"),  # of Saturday's: closed on Sunday and on Monday
    (BAR, "2026-03-07T23:00", hours(4), "2026-03-10T19:00"),
    (BAR, "2026-03-04T23:00", days(0), "2026-03-05T02:00"),
    (ROUND_THE_CLOCK, "2026-03-07T12:00", hours(24), "2026-03-08T13:00"),  # the night has an hour less
    (ROUND_THE_CLOCK, "2026-03-07T12:00", days(1), "2026-03-08T12:00"),
    (LUNCH, "2026-03-06T16:30", Target(minutes=24 * 60), "2026-03-07T16:30"),
    (LUNCH, "2026-03-06T16:30", Target(days=7), "2026-03-13T16:30"),
    (LUNCH, "2026-03-06T16:30", Target(days=0), "2026-03-07T00:00"),
]


@pytest.mark.parametrize("row", BY_HAND)
def test_examples_by_hand(row: tuple[list[Hours], str, Target, str]) -> None:
    week, reported, target, due = row
    assert office(MONDAY, week=week).due(at(reported), target) == at(due)


def test_the_same_time_when_that_day_is_shorter() -> None:
    short_friday = [row for row in LUNCH if row[0] != 4] + [(4, T(10), T(11)), (4, T(12), T(13))]
    calendar = office(week=short_friday)
    said = ["2026-03-05T09:30", "2026-03-05T10:30", "2026-03-05T11:30", "2026-03-05T13:00", "2026-03-05T16:00"]
    found = [calendar.due(at(moment), days(1)).astimezone(ZoneInfo(CHICAGO)).strftime("%H:%M") for moment in said]
    assert found == ["10:00", "10:30", "11:00", "13:00", "13:00"]


class TestPauses:
    def test_what_was_left_is_left(self) -> None:
        pause = Pause(at("2026-03-04T10:00"), at("2026-03-05T10:00"))
        assert office().due(at("2026-03-04T09:00"), hours(4), [pause]) == at("2026-03-05T14:00")
        assert office().due(at("2026-03-04T09:00"), Target(minutes=240), [pause]) == at("2026-03-05T13:00")
        assert office().due(at("2026-03-04T09:00"), Target(days=0), [pause]) == at("2026-03-06T00:00")
        assert office().due(at("2026-03-04T09:00"), days(1), [pause]) == at("2026-03-05T17:30")

    def test_one_that_comes_too_late_holds_nothing(self) -> None:
        pause = Pause(at("2026-03-04T10:00"), at("2026-03-05T10:00"))
        assert office().due(at("2026-03-04T09:00"), hours(1), [pause]) == at("2026-03-04T10:00")

    def test_one_from_before_counts_from_the_start(self) -> None:
        pause = Pause(at("2026-03-02T10:00"), at("2026-03-04T11:00"))
        assert office().due(at("2026-03-04T10:00"), hours(1), [pause]) == at("2026-03-04T12:00")

    def test_none_makes_it_due_sooner(self) -> None:
        lunch = Pause(at("2026-03-05T12:40"), at("2026-03-05T12:50"))
        evening = Pause(at("2026-03-05T17:30"), at("2026-03-05T18:00"))
        for pause in (lunch, evening):
            assert office().due(at("2026-03-04T08:00"), days(2), [pause]) == at("2026-03-06T09:00")

    def test_two_that_overlap_count_once(self) -> None:
        pauses = [
            Pause(at("2026-03-04T11:00"), at("2026-03-04T15:00")),
            Pause(at("2026-03-04T10:00"), at("2026-03-04T14:00")),
        ]
        assert office().due(at("2026-03-04T09:00"), hours(2), pauses) == at("2026-03-04T16:00")


class TestNeverOpen:
    def test_without_any_opening_it_is_wall_time(self) -> None:
        calendar, start = office(week=[]), at("2026-03-04T09:00")
        assert calendar.due(start, hours(4)) == start + 240 * MINUTE
        assert calendar.due(start, days(2)) == at("2026-03-06T09:00")
        assert calendar.due(start, days(0)) == at("2026-03-05T00:00")
        assert calendar.next_open(start) == start
        assert not calendar.is_open(start)
        assert calendar.open_between(start, start + 400 * ONE_DAY) == dt.timedelta(0)

    def test_pauses_too(self) -> None:
        pause = Pause(at("2026-03-04T10:00"), at("2026-03-05T10:00"))
        assert office(week=[]).due(at("2026-03-04T09:00"), hours(2), [pause]) == at("2026-03-05T11:00")

    def test_what_opens_too_seldom_is_wall_time(self) -> None:
        calendar, start = office(week=[(0, T(9), T(9, 1))]), at("2026-03-02T08:00")
        assert calendar.due(start, hours(0.5)) > start + 200 * ONE_DAY
        assert calendar.due(start, hours(24)) == start + ONE_DAY
        assert calendar.due(start, days(60)) == at("2026-05-01T08:00")

    def test_hours_that_the_clocks_jump_over(self) -> None:
        calendar = office(week=[(6, T(2, 10), T(2, 50))])
        assert calendar.open_between(at("2026-03-07T00:00"), at("2026-03-09T00:00")) == dt.timedelta(0)
        assert calendar.next_open(at("2026-03-07T00:00")) == at("2026-03-15T02:10")


@pytest.mark.parametrize("minutes", [None, 5])
def test_a_target_is_minutes_or_days(minutes: int | None) -> None:
    with pytest.raises(ValueError, match="minutes, or so many days"):
        Target(minutes=minutes, days=minutes)


# Whatever people set up

# zone | whose holidays | days on which a window of 60 days begins, the clocks changing within
PLACES = [
    (CHICAGO, "US-IL", ("2026-02-15", "2026-10-10", "2026-11-20")),
    ("Europe/Berlin", "DE-BY", ("2026-03-10", "2026-10-01", "2026-05-01")),
    ("Australia/Lord_Howe", "AU-NSW", ("2026-03-10", "2026-09-10", "2026-12-01")),  # half an hour
    ("Asia/Beirut", "LB", ("2026-03-05", "2026-10-01", "2026-12-01")),  # at midnight
    ("America/St_Johns", "CA-NL", ("2026-02-15", "2026-10-10", "2026-06-10")),
    ("Asia/Kathmandu", "NP", ("2026-03-01", "2026-10-01", "2026-11-01")),  # never, and a quarter of an hour off
]
times = st.builds(T, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59])) | st.sampled_from([T(), T(2), T(2, 30)])
intervals = st.tuples(st.integers(0, 6), times, times)
targets = st.builds(Target, minutes=st.integers(1, 30 * 60), is_business=st.booleans()) | st.builds(
    Target, days=st.integers(0, 6), is_business=st.booleans()
)


@st.composite
def setups(draw: st.DrawFn) -> tuple[SlowCalendar, BusinessCalendar]:
    zone, region, firsts = draw(st.sampled_from(PLACES))
    first = dt.date.fromisoformat(draw(st.sampled_from(firsts)))
    week = draw(st.sampled_from([LUNCH, BAR, ROUND_THE_CLOCK]) | st.lists(intervals, min_size=4, max_size=14))
    holidays = {day for year in (first.year, first.year + 1) for day in holidays_of(region, year)}
    own = draw(st.sets(st.integers(0, 40), max_size=6))
    closed = frozenset(holidays | {first + number * ONE_DAY for number in own})
    return SlowCalendar(zone, first, week, closed), office(*closed, week=week, zone=zone)


def moments(slow: SlowCalendar, first: int = 1, last: int = 25) -> st.SearchStrategy[dt.datetime]:
    return st.integers(first * 24 * 60, last * 24 * 60).map(slow.moment)


def is_short(slow: SlowCalendar) -> bool:
    """Open so seldom that the reference would walk out of its window."""
    return len(slow.open) < 30 * 60 + 1 or sum(bool(minutes) for minutes in slow.days.values()) < 20


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_due_is_what_counting_minutes_gives(data: st.DataObject) -> None:
    slow, fast = data.draw(setups())
    assume(not is_short(slow))
    start, target = data.draw(moments(slow, last=12)), data.draw(targets)
    ends = data.draw(st.lists(st.tuples(moments(slow, last=16), st.integers(1, 2 * 24 * 60)), max_size=2))
    pauses = [Pause(began, began + length * MINUTE) for began, length in ends]
    try:
        expected = slow.due(start, target, pauses)
    except (IndexError, KeyError):
        reject()  # past the reference's window
    assert fast.due(start, target, pauses) == expected


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_open_minutes_are_the_same_minutes(data: st.DataObject) -> None:
    slow, fast = data.draw(setups())
    begin = data.draw(moments(slow))
    end = begin + data.draw(st.integers(0, 20 * 24 * 60)) * MINUTE
    counted = sum(n in slow.open for n in range(slow.number(begin), slow.number(end)))
    assert fast.open_between(begin, end) == counted * MINUTE
    assert fast.is_open(begin) == (slow.number(begin) in slow.open)
    opens = next((n for n in range(slow.number(begin), 50 * 24 * 60) if n in slow.open), None)
    if opens is not None:
        assert fast.next_open(begin) == slow.moment(opens)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_who_never_closes_loses_no_minute(data: st.DataObject) -> None:
    """Open every day around the clock is the same as having no hours."""
    zone, _region, firsts = data.draw(st.sampled_from(PLACES))
    start = midnight(dt.date.fromisoformat(data.draw(st.sampled_from(firsts))))
    start += data.draw(st.integers(0, 40 * 24 * 60 * 60)) * dt.timedelta(seconds=1)
    target = data.draw(targets)
    both: list[Calendar] = [office(week=ROUND_THE_CLOCK, zone=zone), AlwaysOpen(ZoneInfo(zone))]
    one, other = (calendar.due(start, target) for calendar in both)
    assert one == other


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_later_told_is_never_due_sooner(data: st.DataObject) -> None:
    slow, fast = data.draw(setups())
    start, target = data.draw(moments(slow)), data.draw(targets)
    later = start + data.draw(st.integers(0, 3 * 24 * 60)) * MINUTE
    assume(not is_short(slow))
    assert start <= fast.due(start, target) <= fast.due(later, target)


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule",
    [
        test_due_is_what_counting_minutes_gives,
        test_open_minutes_are_the_same_minutes,
        test_who_never_closes_loses_no_minute,
        test_later_told_is_never_due_sooner,
    ],
)
def test_at_length(rule: Any) -> None:
    settings(max_examples=300, deadline=None)(given(data=st.data())(rule.hypothesis.inner_test))()


class TestPublicHolidays:
    def test_of_a_country_and_of_a_part_of_it(self) -> None:
        epiphany = dt.date(2026, 1, 6)
        assert epiphany in holidays_of("DE-BY", 2026)
        assert epiphany not in holidays_of("DE", 2026)
        assert holidays_of("US", 2026)[dt.date(2026, 7, 4)] == "Independence Day"

    def test_a_region_that_is_not_known_has_none(self) -> None:
        assert [dict(holidays_of(region, 2026)) for region in ("XX", "DE-ZZ", "")] == [{}, {}, {}]
        assert [is_region(region) for region in ("DE", "DE-BY", "DE-ZZ", "DE-", "XX", "")] == [True, True, *[False] * 4]
        assert {"BY", "NW"} <= set(regions()["DE"])
