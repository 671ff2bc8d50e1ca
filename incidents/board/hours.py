"""When the places are open, in words: the week, what comes up, what is worked out anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.board.jobs import JobView, view_of
from incidents.models import Job, JobKind, Location, OpenHours, SpecialDay, Staff
from incidents.models.regions import region_words, upcoming
from incidents.models.week_words import Interval, week_words

YEAR = dt.timedelta(days=365)
ONE_DAY = dt.timedelta(days=1)
SAID_FOR = dt.timedelta(minutes=1)


def week_of(place: Location) -> list[Interval]:
    """One statement; none: always open."""
    return list(OpenHours.objects.filter(location=place).values_list("weekday", "opens", "closes"))


@dataclass(frozen=True)
class PlaceHours:
    """One place in the list: its week, whose holidays it keeps, the next day on which it is closed."""

    place: Location
    week: list[str]
    is_always_open: bool
    region: str
    next_closed: str


def place_hours(places: Sequence[Location], now: dt.datetime) -> list[PlaceHours]:
    """Two statements."""
    hours = list(OpenHours.objects.filter(location__in=list(places)))
    special = list(SpecialDay.objects.filter(location__in=list(places)))
    lines = []
    for place in places:
        week = [(row.weekday, row.opens, row.closes) for row in hours if row.location_id == place.pk]
        own = {row.date: row for row in special if row.location_id == place.pk}
        days = days_ahead(place, week, own, now)
        closed = next((f"{day_name(day.date)}, {day.name}" for day in days if day.has_hours and not day.is_open), "")
        lines.append(PlaceHours(place, week_words(week), not week, region_words(place.holiday_region), closed))
    return lines


def day_name(day: dt.date) -> str:
    return formats.date_format(day, _("D j M Y"))


@dataclass(frozen=True)
class Day:
    """A holiday or a closed day. `opens_by_itself`: without anybody's word; `has_hours`: the week has some then."""

    date: dt.date
    name: str
    is_open: bool
    opens_by_itself: bool
    is_holiday: bool
    has_hours: bool

    @property
    def words(self) -> str:
        return day_name(self.date)

    @property
    def tap(self) -> str:
        """What turns it over: the day as it comes by itself, or somebody's word."""
        if self.is_open != self.opens_by_itself:
            return "usual"
        return "closed" if self.is_open else "open"


def days_ahead(
    place: Location, week: Sequence[Interval], own: Mapping[dt.date, SpecialDay], now: dt.datetime
) -> list[Day]:
    """Public holidays and own closed days of the next 12 months, in order. No statement."""
    today = now.astimezone(place.zone).date()
    holidays = upcoming(place.holiday_region, today, today + YEAR)
    weekdays = {weekday for weekday, _opens, _closes in week} or set(range(7))
    found = []
    for date in sorted({*holidays, *(day for day in own if today <= day <= today + YEAR)}):
        row, has_hours = own.get(date), date.weekday() in weekdays
        by_itself = has_hours and not (week and date in holidays)
        is_open = row.is_open and has_hours if row else by_itself
        name = holidays.get(date) or (row.name if row else "") or _("Closed day")
        found.append(Day(date, name, is_open, by_itself, date in holidays, has_hours))
    return found


@dataclass
class Range:
    """Own closed days in a row with one name."""

    first: dt.date
    last: dt.date
    name: str
    is_open: bool = False

    @property
    def words(self) -> str:
        if self.first == self.last:
            return day_name(self.first)
        return _("%(first)s to %(last)s") % {"first": day_name(self.first), "last": day_name(self.last)}


@dataclass(frozen=True)
class Days:
    """The page of holidays and closed days."""

    holidays: list[Day]
    own: list[Range]
    is_always_open: bool


def days_of(place: Location, now: dt.datetime) -> Days:
    """Two statements."""
    week, rows = week_of(place), SpecialDay.objects.filter(location=place)
    own = {row.date: row for row in rows}
    holidays = [day for day in days_ahead(place, week, own, now) if day.is_holiday]
    known = {day.date for day in holidays}
    recent = now.astimezone(place.zone).date() - ONE_DAY * 31
    others = [row for row in own.values() if row.date >= recent and (row.date not in known or row.name)]
    return Days(holidays, _ranges(others), is_always_open=not week)


def _ranges(rows: Iterable[SpecialDay]) -> list[Range]:
    found: list[Range] = []
    for row in sorted(rows, key=lambda row: row.date):
        last = found[-1] if found else None
        if last and (last.last + ONE_DAY, last.name, last.is_open) == (row.date, row.name, row.is_open):
            last.last = row.date
        else:
            found.append(Range(row.date, row.date, row.name, row.is_open))
    return found


def reckoning_of(
    staff: Staff, place: Location | None, now: dt.datetime, kind: JobKind = JobKind.RECKON_CLOCKS
) -> JobView | None:
    """The work that the last change there asked for, until a minute after it is done. One statement.

    What gave up or was stopped stays, so that it can go on, until another change is worked out.
    """
    jobs = Job.objects.visible_to(staff).filter(kind=kind)
    for job in jobs.select_related("asked_by").order_by("-pk")[:5]:
        if place is None or job.options.get("location") in (None, place.pk):
            is_shown = job.can_go_on or job.finished_at is None or now - job.finished_at < SAID_FOR
            return view_of(job, now=now) if is_shown and job.total else None
    return None
