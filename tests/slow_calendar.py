"""The reference that the fast calendar is held against: walks minute by minute, and knows nothing of spans or zones'
rules but what the wall clock shows. A time of a day is the first minute at which the clock shows it or a later one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from incidents.calendars import Pause
from incidents.targets import Target

MINUTE = dt.timedelta(minutes=1)
ONE_DAY = dt.timedelta(days=1)
A_DAY = 24 * 60
WINDOW = 60  # days

Hours = tuple[int, dt.time, dt.time]


@cache
def wall(zone: str, first: dt.date) -> list[dt.datetime]:
    """What the clock shows there, minute by minute, from midnight UTC of that day."""
    begin, there = midnight(first), ZoneInfo(zone)
    return [(begin + n * MINUTE).astimezone(there).replace(tzinfo=None) for n in range(WINDOW * A_DAY)]


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


@dataclass
class SlowCalendar:
    """Open minutes of a window of days, each with the day on which it opened. Minutes are counted from its start."""

    zone: str
    first: dt.date
    week: Sequence[Hours]
    closed: frozenset[dt.date]

    def __post_init__(self) -> None:
        self.shown = wall(self.zone, self.first)
        self.days: dict[dt.date, set[int]] = {}
        for number in range(-1, WINDOW - 2):
            day = self.first + number * ONE_DAY
            self.days[day] = set() if day in self.closed else self._opened(day)
        self.open = set().union(*self.days.values())

    def _opened(self, day: dt.date) -> set[int]:
        minutes: set[int] = set()
        for weekday, opens, closes in self.week:
            if weekday == day.weekday():
                last = day if closes > opens else day + ONE_DAY
                begin, end = (
                    self.minute(dt.datetime.combine(day, opens)),
                    self.minute(dt.datetime.combine(last, closes)),
                )
                minutes |= set(range(begin, end))
        return minutes

    def minute(self, time: dt.datetime) -> int:
        """The first minute at which the clock shows this time or a later one."""
        at = max(0, ((time.date() - self.first).days - 2) * A_DAY)
        while self.shown[at] < time:
            at += 1
        return at

    def number(self, moment: dt.datetime) -> int:
        return (moment - midnight(self.first)) // MINUTE

    def moment(self, number: int) -> dt.datetime:
        return midnight(self.first) + number * MINUTE

    def next_open(self, at: int) -> int:
        while at not in self.open:
            at += 1
        return at

    def due(self, start: dt.datetime, target: Target, pauses: Sequence[Pause] = ()) -> dt.datetime:
        """Without pauses; then what was left of it as each began, minute by minute from when it ended."""
        at = self.number(start)
        due = self._due(at, target)
        for began, ended in self._runs(at, pauses):
            if began < due:
                left = sum(not target.is_business or n in self.open for n in range(began, due))
                goes_on = self._count(ended, left, is_business=target.is_business) if left else self.next_open(ended)
                due = max(due, goes_on)
        return self.moment(due)

    def _runs(self, at: int, pauses: Sequence[Pause]) -> list[tuple[int, int]]:
        """From when until when minutes stand, from `at` on."""
        stands = {n for pause in pauses for n in range(self.number(pause.began), self.number(pause.ended))}
        begins = sorted(n for n in stands if n >= at and (n == at or n - 1 not in stands))
        return [(n, next(end for end in itertools.count(n) if end not in stands)) for n in begins]

    def _due(self, at: int, target: Target) -> int:
        if target.minutes is not None:
            return self._count(at, target.minutes, is_business=target.is_business)
        if target.is_business:
            return self._open_days(at, target.days or 0)
        if target.days == 0:
            return self.minute(dt.datetime.combine(self.shown[at].date() + ONE_DAY, dt.time()))
        return self.minute(self.shown[at] + (target.days or 0) * ONE_DAY)

    def _count(self, at: int, left: int, *, is_business: bool) -> int:
        while left:
            left -= not is_business or at in self.open
            at += 1
        return at

    def _open_days(self, at: int, days: int) -> int:
        at = self.next_open(at)
        opened = min(day for day, minutes in self.days.items() if at in minutes)
        if days == 0:
            return max(self.days[opened]) + 1
        day = opened
        while days:
            day += ONE_DAY
            days -= bool(self.days[day])
        wanted, minutes = self.minute(self.shown[at] + (day - opened)), self.days[day]
        if wanted in minutes or wanted - 1 in minutes:
            return wanted
        return max((n + 1 for n in minutes if n < wanted), default=min(minutes))
