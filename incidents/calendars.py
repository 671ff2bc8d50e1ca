"""When a target falls due, and when somebody may be disturbed. Today every location counts as always open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from incidents.targets import Target


class Calendar(Protocol):
    """A location's clock: adds a target to an instant, both UTC."""

    def due(self, start: dt.datetime, target: Target) -> dt.datetime: ...


class AlwaysOpen:
    """Business time is wall time; *same day* ends at midnight in `zone`."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self.zone = zone

    def due(self, start: dt.datetime, target: Target) -> dt.datetime:
        if not target.is_same_day:
            return start + target.length
        local = start.astimezone(self.zone)
        midnight = dt.datetime.combine(local.date() + target.length, dt.time(), self.zone)
        return midnight.astimezone(dt.UTC)


@dataclass(frozen=True)
class Window:
    """The local times between which somebody wants mail. Ends before it begins: it runs past midnight.

    `days` has seven characters, Monday first; "1" is a day on which the window opens.
    """

    opens: dt.time | None
    closes: dt.time | None
    days: str
    zone: dt.tzinfo

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        """`moment` itself when it lies inside, else the next instant at which the window opens (UTC)."""
        today = moment.astimezone(self.zone).date()
        for offset in range(-1, 9):
            day = today + dt.timedelta(days=offset)
            if self.days[day.weekday()] == "1":
                begin, end = self._on(day)
                if begin <= moment < end:
                    return moment
                if begin > moment:
                    return begin
        return moment

    def last_open(self, moment: dt.datetime, *, since: dt.datetime, margin: dt.timedelta) -> dt.datetime | None:
        """`moment` itself when it lies inside, else `margin` before the window closed last; None when that was
        before `since` began, and nothing of a window lies between the two."""
        today = moment.astimezone(self.zone).date()
        for offset in range(1, -9, -1):
            day = today + dt.timedelta(days=offset)
            if self.days[day.weekday()] == "1":
                begin, end = self._on(day)
                if begin <= moment < end:
                    return moment
                if since < end <= moment:
                    return max(begin, end - margin, since)
        return None

    def _on(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        opens, closes = self.opens or dt.time(), self.closes or dt.time()
        last = day if closes > opens else day + dt.timedelta(days=1)
        begin = resolve_local(dt.datetime.combine(day, opens), self.zone)
        return begin, resolve_local(dt.datetime.combine(last, closes), self.zone)


def next_time(times: Iterable[dt.time], after: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """The first instant (UTC) past `after` at which a clock in `zone` shows one of `times`; None without times."""
    today = after.astimezone(zone).date()
    days = (today + dt.timedelta(days=offset) for offset in range(-1, 3))
    moments = (resolve_local(dt.datetime.combine(day, time), zone) for day in days for time in times)
    return min((moment for moment in moments if moment > after), default=None)


def resolve_local(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """A naive local time as UTC: in a gap the next valid minute, in an overlap the first."""
    aware = moment.replace(tzinfo=zone, fold=0)
    utc = aware.astimezone(dt.UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == moment:
        return utc
    # In a gap: the clock jumps from `before` to the first minute that exists.
    low, high = utc - dt.timedelta(hours=3), utc + dt.timedelta(hours=3)
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)
