"""When a target falls due at a place, and when somebody may be disturbed. Pure: knows no row and no `now`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from incidents.targets import Target

# So far ahead somebody may be expected to open again; past it a clock runs as if nobody ever closed.
HORIZON = 400
NOTHING = dt.timedelta(0)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class Pause:
    """While the customer owes us an answer: these clocks stand."""

    began: dt.datetime
    ended: dt.datetime


class Calendar(Protocol):
    """A location's clock. All instants are UTC."""

    def due(self, start: dt.datetime, target: Target, pauses: Iterable[Pause] = ()) -> dt.datetime:
        """When the target is used up; what was left of it when a pause began is left when it ends."""
        ...

    def is_open(self, moment: dt.datetime) -> bool: ...

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        """`moment` itself while open, else when it opens next."""
        ...

    def open_between(self, begin: dt.datetime, end: dt.datetime) -> dt.timedelta: ...


class AlwaysOpen:
    """Business time is wall time; *same day* ends at midnight in `zone`."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self.zone = zone

    def due(self, start: dt.datetime, target: Target, pauses: Iterable[Pause] = ()) -> dt.datetime:
        due, at = self._due(start, target), start
        for held, ended in _holds(at, pauses):
            if held < due:
                due = ended + (due - held)
        return due

    def is_open(self, moment: dt.datetime) -> bool:
        return True

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        return moment

    def open_between(self, begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
        return max(end - begin, NOTHING)

    def _due(self, start: dt.datetime, target: Target) -> dt.datetime:
        if target.minutes is not None:
            return start + dt.timedelta(minutes=target.minutes)
        local = start.astimezone(self.zone).replace(tzinfo=None)
        if target.is_same_day:
            return resolve_local(dt.datetime.combine(local.date() + ONE_DAY, dt.time()), self.zone)
        return resolve_local(local + dt.timedelta(days=target.days or 0), self.zone)


class _NeverOpen(Exception):
    """Nothing opens within the horizon."""


@dataclass(frozen=True)
class _Span:
    """Open from `begin` until `end`; `day` is the local day on which it opened."""

    begin: dt.datetime
    end: dt.datetime
    day: dt.date


class BusinessCalendar:
    """Open in the intervals of the week, in local time, but on days that are closed.

    `week` holds (weekday, opens, closes), Monday first; one that ends when or before it begins runs past midnight
    and belongs to the day on which it opened. Open time is time that really passed, whatever the clocks do.
    """

    def __init__(
        self,
        zone: dt.tzinfo,
        week: Iterable[tuple[int, dt.time, dt.time]],
        is_closed_on: Callable[[dt.date], bool] = lambda day: False,
    ) -> None:
        self.zone, self.is_closed_on = zone, is_closed_on
        self._wall = AlwaysOpen(zone)
        self._week: dict[int, list[tuple[dt.time, dt.time]]] = {}
        for weekday, opens, closes in sorted(week):
            self._week.setdefault(weekday, []).append((opens, closes))
        self._known: dict[dt.date, tuple[_Span, ...]] = {}

    def due(self, start: dt.datetime, target: Target, pauses: Iterable[Pause] = ()) -> dt.datetime:
        if target.is_business:
            with suppress(_NeverOpen):
                due = self._due(start, target)
                for held, ended in _holds(start, pauses):
                    if held < due:
                        due = max(due, self._add(ended, self.open_between(held, due)))
                return due
        return self._wall.due(start, target, pauses)

    def is_open(self, moment: dt.datetime) -> bool:
        today = moment.astimezone(self.zone).date()
        return any(span.begin <= moment < span.end for day in (today - ONE_DAY, today) for span in self.spans(day))

    def next_open(self, moment: dt.datetime) -> dt.datetime:
        span = next(self._after(moment), None)
        return max(span.begin, moment) if span else moment

    def open_between(self, begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
        total, at = NOTHING, begin
        for span in self._after(begin, until=end):
            ends = min(span.end, end)
            if ends > max(span.begin, at):
                total += ends - max(span.begin, at)
                at = ends
        return total

    def spans(self, day: dt.date) -> tuple[_Span, ...]:
        """What opens on that local day, in order; one that the clocks jump over is none."""
        if day not in self._known:
            hours = () if self.is_closed_on(day) else self._week.get(day.weekday(), ())
            found = (self._span(day, opens, closes) for opens, closes in hours)
            self._known[day] = tuple(span for span in found if span.end > span.begin)
        return self._known[day]

    def _span(self, day: dt.date, opens: dt.time, closes: dt.time) -> _Span:
        last = day if closes > opens else day + ONE_DAY
        begin, end = dt.datetime.combine(day, opens), dt.datetime.combine(last, closes)
        return _Span(resolve_local(begin, self.zone), resolve_local(end, self.zone), day)

    def _after(self, moment: dt.datetime, until: dt.datetime | None = None) -> Iterator[_Span]:
        """What is open at `moment` or opens later, in order: until then, or as far as we look ahead."""
        first = moment.astimezone(self.zone).date() - ONE_DAY
        days = (until.astimezone(self.zone).date() - first).days if until else HORIZON
        for offset in range(days + 1):
            yield from (span for span in self.spans(first + offset * ONE_DAY) if span.end > moment)

    def _due(self, start: dt.datetime, target: Target) -> dt.datetime:
        if target.minutes is not None:
            return self._add(start, dt.timedelta(minutes=target.minutes))
        first = next(self._after(start), None)
        if first is None:
            raise _NeverOpen
        if target.is_same_day:
            return max(span.end for span in self.spans(first.day))
        day = self._open_day(first.day, target.days or 0)
        local = max(first.begin, start).astimezone(self.zone).replace(tzinfo=None)
        return _nearest(resolve_local(local + (day - first.day), self.zone), self.spans(day))

    def _add(self, start: dt.datetime, left: dt.timedelta) -> dt.datetime:
        at = start
        for span in self._after(start):
            begin = max(span.begin, at)
            if begin + left <= span.end:
                return begin + left
            left -= max(span.end - begin, NOTHING)
            at = max(span.end, at)
        raise _NeverOpen

    def _open_day(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th day after `day` on which it opens."""
        for offset in range(1, HORIZON + 1):
            count -= bool(self.spans(day + offset * ONE_DAY))
            if count == 0:
                return day + offset * ONE_DAY
        raise _NeverOpen


def _holds(start: dt.datetime, pauses: Iterable[Pause]) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """When a clock that starts then is stopped and goes on, pauses that overlap counted once."""
    at = start
    for pause in sorted(pauses):
        held = max(pause.began, at)
        if pause.ended > held:
            yield held, pause.ended
            at = pause.ended


def _nearest(moment: dt.datetime, spans: Sequence[_Span]) -> dt.datetime:
    """`moment` itself while one is open, else the last closing before it, else the first opening."""
    if any(span.begin <= moment <= span.end for span in spans):
        return moment
    return max((span.end for span in spans if span.end < moment), default=spans[0].begin)


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

    def moments_on(self, day: dt.date, times: Iterable[dt.time]) -> list[dt.datetime]:
        """Those of `times` on that local day that lie inside; when none does, the instant at which it opens there."""
        moments = sorted({resolve_local(dt.datetime.combine(day, time), self.zone) for time in times})
        inside = [moment for moment in moments if self.next_open(moment) == moment]
        return inside or ([self._on(day)[0]] if self.days[day.weekday()] == "1" else [])

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
