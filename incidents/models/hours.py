"""When a place is open, and how long each step may take there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from incidents.calendars import AlwaysOpen, BusinessCalendar, Calendar, Pause
from incidents.ladder import Audience, Ladders, Rung, StoredRung, Whose
from incidents.models.base import SHORT, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Location
from incidents.public_holidays import holidays_of
from incidents.targets import FOLLOW_UPS, TARGETS, Target
from incidents.vocabulary import Clock, Severity

LONGEST_MINUTES = 60 * 24 * 60
LONGEST_DAYS = 60
# A place without hours that is closed on some days is open round the clock on the others.
ALL_WEEK = [(weekday, dt.time(), dt.time()) for weekday in range(7)]
# The events that pauses are made of; the first says `until` when.
BEGAN, ENDED = "waiting_began", "waiting_ended"


class OpenHours(models.Model):
    """One interval of one day of the week, in local time; a place without any is always open.

    Ends when or before it begins: it runs past midnight. Overlapping ones count once.
    """

    location = models.ForeignKey(Location, models.CASCADE, related_name="open_hours")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering: ClassVar = ["weekday", "opens"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "weekday", "opens"], name="openhours_once"),
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="openhours_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id}: {self.weekday} {self.opens:%H:%M} to {self.closes:%H:%M}"


class SpecialDay(models.Model):
    """A day on which a place is closed though the week says open, or open as usual though it is a holiday."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="special_days")
    date = models.DateField(_("day"))
    name = models.CharField(_("what for"), max_length=SHORT, blank=True)
    is_open = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "date"], name="specialday_once"),
            within_bounds("specialday", dates=("date",)),
        ]

    def __str__(self) -> str:
        return f"{self.location_id}: {self.date}"


class ClockTarget(models.Model):
    """How long a step may take. A row with `location` null is the business default; without a row, as shipped.

    One of `minutes` and `days`; *same day* is `days=0`. `is_business` counts open time only. `position` tells
    the follow-ups of one severity apart: 1, then 2. A follow-up counts from when the round was settled.
    """

    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="clock_targets")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    clock = models.CharField(max_length=12, choices=Clock.choices)
    position = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_business = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["severity", "clock", "position", "location"], nulls_distinct=False, name="clocktarget_once"
            ),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="clocktarget_severity_known"),
            models.CheckConstraint(condition=models.Q(clock__in=Clock.values), name="clocktarget_clock_known"),
            models.CheckConstraint(
                condition=models.Q(position=1) | models.Q(position=2, clock=Clock.FOLLOW_UP),
                name="clocktarget_position_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=False, minutes__range=(1, LONGEST_MINUTES), days__isnull=True)
                | models.Q(minutes__isnull=True, days__isnull=False, days__range=(0, LONGEST_DAYS)),
                name="clocktarget_minutes_or_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.severity} at {self.location_id or 'all'}"


class SaidBy(Enum):
    """Where a target comes from."""

    PLACE = "place"
    BUSINESS = "business"
    SHIPPED = "shipped"


class _Row(NamedTuple):
    said_by: SaidBy
    severity: int
    clock: str
    target: Target
    pk: int


@dataclass(frozen=True)
class Targets:
    """What counts at one place: its own row, else the business's, else as shipped. No query."""

    rows: tuple[_Row, ...] = ()

    def of(self, severity: int, clock: str) -> Target:
        """How long this clock may run; for calls back, the first of them."""
        return self._found(severity, clock)[1][0]

    def follow_ups(self, severity: int) -> tuple[Target, ...]:
        """All calls of one severity, from the one place that says so."""
        return self._found(severity, Clock.FOLLOW_UP)[1]

    def said_by(self, severity: int, clock: str) -> SaidBy:
        return self._found(severity, clock)[0]

    def version(self, severity: int, by: SaidBy) -> int:
        """Another number after every save of what `by` says of that severity; 0 while it says nothing."""
        return max((row.pk for row in self.rows if (row.severity, row.said_by) == (severity, by)), default=0)

    def saying(self, by: SaidBy, severity: int, said: Mapping[str, Iterable[Target]]) -> Targets:
        """What would count if `by` said this of that severity."""
        kept = tuple(row for row in self.rows if (row.severity, row.said_by) != (severity, by))
        new = (_Row(by, severity, clock, target, 0) for clock, each in said.items() for target in each)
        return Targets((*kept, *new))

    def _found(self, severity: int, clock: str) -> tuple[SaidBy, tuple[Target, ...]]:
        for level in (SaidBy.PLACE, SaidBy.BUSINESS):
            if said := tuple(row.target for row in self.rows if row[:3] == (level, severity, clock)):
                return level, said
        if clock == Clock.FOLLOW_UP:
            return SaidBy.SHIPPED, FOLLOW_UPS[Severity(severity)]
        return SaidBy.SHIPPED, (TARGETS[Severity(severity)][Clock(clock)],)


@dataclass(frozen=True)
class PlaceClock:
    """When a place is open, how long each step may take there, and how its reminders climb."""

    calendar: Calendar
    targets: Targets
    ladders: Ladders


def calendar_of(location: Location) -> Calendar:
    """One statement, which this instance remembers."""
    return clock_of(location).calendar


def targets_of(location_id: int | None) -> Targets:
    """One statement; without a place what the business says."""
    return _targets(_ask(location_id)["targets"])


def ladders_of(location_id: int | None) -> Ladders:
    """The same for reminders. Asked anew each time: what was changed meanwhile counts."""
    return _ladders(_ask(location_id)["rungs"])


def clock_of(location: Location) -> PlaceClock:
    """All of it, for one statement, which this instance remembers."""
    known: PlaceClock | None = location.__dict__.get(_KNOWN)
    return known or _remember(location, _ask(location.pk))


def clock_and_pauses(incident: Incident) -> tuple[PlaceClock, tuple[Pause, ...]]:
    """The clock of its place and its own pauses: one statement, asked again once it waits or waits no more."""
    waits = (incident.waiting_since, incident.waiting_until)
    known: tuple[object, tuple[Pause, ...]] | None = incident.__dict__.get(_KNOWN)
    if known is None or known[0] != waits:
        said = _ask(incident.location_id, incident.pk)
        if _KNOWN not in incident.location.__dict__:
            _remember(incident.location, said)
        known = incident.__dict__[_KNOWN] = waits, _pauses(said["events"])
    return clock_of(incident.location), known[1]


def pauses_of(incident: Incident) -> tuple[Pause, ...]:
    """When the customer owed us an answer, in order, from the events. None lasts longer than was said."""
    return clock_and_pauses(incident)[1]


def open_calendar(
    location: Location, week: Iterable[tuple[int, dt.time, dt.time]], days: Mapping[dt.date, bool]
) -> Calendar:
    """The calendar that such hours make. `days` are the special ones: True is open as usual."""
    week = list(week)
    region = location.holiday_region if week else ""
    if not week and all(days.values()):
        return AlwaysOpen(location.zone)

    def is_closed_on(day: dt.date) -> bool:
        if day in days:
            return not days[day]
        return bool(region) and day in holidays_of(region, day.year)

    return BusinessCalendar(location.zone, week or ALL_WEEK, is_closed_on)


_KNOWN = "_place_clock"
# One statement, because every act on an incident asks it.
_ASK = """
    SELECT json_build_object(
        'hours', (SELECT json_agg(json_build_array(weekday, opens, closes))
                  FROM incidents_openhours WHERE location_id = %(place)s),
        'days', (SELECT json_agg(json_build_array(date, is_open))
                 FROM incidents_specialday WHERE location_id = %(place)s),
        'targets', (SELECT json_agg(json_build_array(
                        location_id IS NOT NULL, severity, clock, minutes, days, is_business, id) ORDER BY position)
                    FROM incidents_clocktarget WHERE location_id = %(place)s OR location_id IS NULL),
        'rungs', (SELECT json_agg(json_build_array(
                      location_id IS NOT NULL, severity, kind, after_minutes, audience, id))
                  FROM incidents_ladderrung WHERE location_id = %(place)s OR location_id IS NULL),
        'events', (SELECT json_agg(json_build_array(kind, at, codes->>'until') ORDER BY id)
                   FROM incidents_event WHERE incident_id = %(incident)s AND kind IN (%(began)s, %(ended)s))
    )::text
"""


def _ask(location_id: int | None, incident_id: int | None = None) -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"place": location_id, "incident": incident_id, "began": BEGAN, "ended": ENDED})
        (said,) = cursor.fetchone()
    return {name: rows or [] for name, rows in json.loads(said).items()}


def _remember(location: Location, said: dict[str, list[Any]]) -> PlaceClock:
    time, date = dt.time.fromisoformat, dt.date.fromisoformat
    week = [(weekday, time(opens), time(closes)) for weekday, opens, closes in said["hours"]]
    days = {date(day): is_open for day, is_open in said["days"]}
    known = PlaceClock(open_calendar(location, week, days), _targets(said["targets"]), _ladders(said["rungs"]))
    location.__dict__[_KNOWN] = known
    return known


def _targets(rows: list[list[Any]]) -> Targets:
    return Targets(
        tuple(
            _Row(
                SaidBy.PLACE if is_own else SaidBy.BUSINESS, severity, clock, Target(minutes, days, is_business), number
            )
            for is_own, severity, clock, minutes, days, is_business, number in rows
        )
    )


def _ladders(rows: list[list[Any]]) -> Ladders:
    return Ladders(
        tuple(
            StoredRung(
                Whose.PLACE if is_own else Whose.BUSINESS,
                severity,
                kind,
                Rung(dt.timedelta(minutes=minutes), Audience(audience)),
                number,
            )
            for is_own, severity, kind, minutes, audience, number in rows
        )
    )


def _pauses(events: list[list[Any]]) -> tuple[Pause, ...]:
    """Each from when it began until it was ended, or as long as was said; a new one ends the one before."""
    found: list[Pause] = []
    for kind, said_at, said_until in events:
        at = dt.datetime.fromisoformat(said_at).astimezone(dt.UTC)
        if found:
            found[-1] = Pause(found[-1].began, min(found[-1].ended, at))
        if kind == BEGAN and said_until:
            found.append(Pause(at, dt.datetime.fromisoformat(said_until).astimezone(dt.UTC)))
    return tuple(pause for pause in found if pause.ended > pause.began)
