"""People: what each has open, and whom one may talk to. Reads only; nothing is compared, ranked or averaged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from incidents.access import visible_to
from incidents.counting import MOST, told
from incidents.models import (
    CheckIn,
    FollowUp,
    Handover,
    Incident,
    Location,
    Meeting,
    MeetingSeries,
    Membership,
    PreventionAction,
    Procedure,
    Staff,
)
from incidents.models.care import who_may_know
from incidents.models.prepared import find

PAGE = 40
MOST_DIGITS = 18
EVERYBODY = Q()


def capped(number: int) -> str:
    return str(told(number))


@dataclass(frozen=True)
class Load:
    """One person, and as much of their work as the reader sees. Numbers above MOST are MOST + 1."""

    person: Staff
    open: int
    late: int
    calls: int
    waiting: int
    is_away: bool
    is_on_duty: bool
    places: str
    changes: int = 0
    procedures: int = 0
    meetings: int = 0  # those ahead, and those that come again
    is_offered: bool = True  # whether the filter of the list knows them

    @property
    def has_left(self) -> bool:
        return not self.person.is_active

    @property
    def has_any(self) -> bool:
        return bool(self.open or self.changes or self.procedures or self.meetings)

    @property
    def procedures_words(self) -> str:
        return capped(self.procedures)

    @property
    def meetings_words(self) -> str:
        return capped(self.meetings)

    @property
    def open_words(self) -> str:
        return capped(self.open)

    @property
    def late_words(self) -> str:
        return capped(self.late)

    @property
    def calls_words(self) -> str:
        return capped(self.calls)

    @property
    def changes_words(self) -> str:
        return capped(self.changes)

    @property
    def waiting_words(self) -> str:
        return capped(self.waiting)


@dataclass(frozen=True)
class OpenWork:
    """One page of people by name; those who left and still have work come first, on the first page only."""

    left: list[Load]
    loads: list[Load]
    next_after: int | None


def open_work(staff: Staff, *, now: dt.datetime, place: int | None = None, after: str = "") -> OpenWork:
    """At most three statements.

    The numbers are of what `staff` sees. The statements of the first page are kept.
    """
    last = Staff.objects.filter(pk=int(after)).first() if _is_number(after) else None
    if last is None:
        found: list[Any] = find(_working if place is None else _working_there, staff=staff, now=now, about=place)
        left: list[Any] = find(_gone if place is None else _gone_from_there, staff=staff, now=now, about=place)
    else:
        later = Q(sort_name__gt=last.sort_name) | Q(sort_name=last.sort_name, pk__gt=last.pk)
        found, left = list(_at_work(staff, now, place, later)), []
    more, found = found[PAGE - 1].pk if len(found) > PAGE else None, found[:PAGE]
    return OpenWork(
        left=[_load(person, now) for person in left],
        loads=[_load(person, now) for person in found],
        next_after=more,
    )


def _working(staff: Staff, now: dt.datetime) -> Any:
    return _at_work(staff, now, None)


def _working_there(staff: Staff, now: dt.datetime, place: int) -> Any:
    return _at_work(staff, now, place)


def _at_work(staff: Staff, now: dt.datetime, place: int | None, which: Q = EVERYBODY) -> Any:
    people = _people_of(staff, place).filter(which, is_active=True)
    return _with_work(people, staff, place, now)[: PAGE + 1]


def _gone(staff: Staff, now: dt.datetime) -> Any:
    return _with_work(_people_of(staff, None).filter(is_active=False), staff, None, now)[:PAGE]


def _gone_from_there(staff: Staff, now: dt.datetime, place: int) -> Any:
    return _with_work(_people_of(staff, place).filter(is_active=False), staff, place, now)[:PAGE]


def _is_number(sent: str) -> bool:
    return sent.isascii() and sent.isdecimal() and len(sent) <= MOST_DIGITS


def places_of(staff: Staff) -> list[Location]:
    """The places they may choose from. One statement."""
    return list(Location.objects.open_to(staff))


def _people_of(staff: Staff, place: int | None) -> QuerySet[Staff]:
    """Who works at the places, and whoever has something open there, working or not."""
    has_work = Exists(_open(staff, place).filter(assignee=OuterRef("pk"))) | Exists(_changes(staff, place))
    if staff.sees_all and place is None:
        return Staff.objects.filter(Q(is_active=True) | has_work)
    here = Membership.objects.filter(staff=OuterRef("pk"), location__in=[place] if place else staff.location_ids)
    return Staff.objects.filter(Q(is_active=True) & Exists(here) | has_work)


def _open(staff: Staff, place: int | None) -> Any:
    seen = Incident.objects.visible_to(staff).open()
    return seen.filter(location=place) if place else seen


def _changes(staff: Staff, place: int | None) -> Any:
    """What a person has agreed to change."""
    seen = PreventionAction.objects.of_incidents_seen_by(staff).open().filter(assignee=OuterRef("pk"))
    return seen.filter(location=place) if place else seen


def _kept(staff: Staff, place: int | None) -> Any:
    """Procedures that a person keeps true."""
    kept = Procedure.objects.standing().filter(responsible=OuterRef("pk"))
    return _there(kept, staff, place)


def _led(rows: Any, staff: Staff, place: int | None) -> Any:
    """Meetings that a person is to lead."""
    return _there(rows.filter(facilitator=OuterRef("pk")), staff, place).values("pk")[: MOST + 1]


def _there(rows: Any, staff: Staff, place: int | None) -> Any:
    if place:
        return rows.filter(location=place)
    return rows if staff.sees_all else rows.filter(location__in=staff.location_ids)


def _with_work(people: QuerySet[Staff], staff: Staff, place: int | None, now: dt.datetime) -> Any:
    """By name. Of each kind of work as many as are counted, in the order of an index."""
    mine = _open(staff, place).filter(assignee=OuterRef("pk")).by_urgency()
    is_late = ExpressionWrapper(Q(next_due_at__lt=now), BooleanField())
    calls = visible_to(FollowUp.objects.due_before(now).filter(assignee=OuterRef("pk")), staff, through="incident")
    if place:
        calls = calls.filter(incident__location=place)
    newest = Handover.objects.filter(incident=OuterRef("incident")).order_by("-pk").values("pk")[:1]
    handed = Handover.objects.filter(pk=Subquery(newest), accepted_at=None, returned_at=None, lapsed_at=None)
    waiting = mine.filter(Exists(handed.filter(incident=OuterRef("pk"), to_staff=OuterRef("assignee"))))
    here = Location.objects.filter(memberships__staff=OuterRef("pk")).order_by("name")
    # Whom the filter of the list knows.
    works_here = Membership.objects.filter(staff=OuterRef("pk"), location__in=staff.location_ids)
    is_offered = Q(is_active=True) if staff.sees_all else Q(is_active=True) & Exists(works_here)
    return (
        people.select_related("stand_in")
        .order_by("sort_name", "pk")
        .annotate(
            has_open=ArraySubquery(mine.values(is_late=is_late)[: MOST + 1]),
            has_calls=ArraySubquery(calls.order_by("due_at").values("pk")[: MOST + 1]),
            has_waiting=ArraySubquery(waiting.values("pk")[: MOST + 1]),
            has_changes=ArraySubquery(_changes(staff, place).order_by("due_at").values("pk")[: MOST + 1]),
            has_procedures=ArraySubquery(_kept(staff, place).values("pk")[: MOST + 1]),
            has_meetings=ArraySubquery(_led(Meeting.objects.ahead().filter(started_at=None), staff, place)),
            has_series=ArraySubquery(_led(MeetingSeries.objects.filter(ended_on=None), staff, place)),
            has_places=ArraySubquery(here.values("name")),
            is_offered=ExpressionWrapper(is_offered, BooleanField()),
        )
    )


def _load(person: Any, now: dt.datetime) -> Load:
    return Load(
        person=person,
        open=len(person.has_open),
        late=sum(person.has_open),
        calls=len(person.has_calls),
        waiting=len(person.has_waiting),
        changes=len(person.has_changes),
        procedures=len(person.has_procedures),
        meetings=min(len(person.has_meetings) + len(person.has_series), MOST + 1),
        is_away=person.away_until is not None and person.away_until > now,
        is_on_duty=person.on_duty_until is not None and person.on_duty_until > now,
        places=", ".join(person.has_places),
        is_offered=person.is_offered,
    )


def find_check_in(staff: Staff, pk: int) -> CheckIn | None:
    """Their own, or one in which they were chosen. One statement."""
    named = CheckIn.objects.visible_to(staff).select_related("incident__customer", "incident__location", "staff")
    return named.select_related("incident__category", "talk_to", "asked_by").filter(pk=pk).first()


def sees(staff: Staff, incident: Incident) -> bool:
    """One statement."""
    return Incident.objects.visible_to(staff).filter(pk=incident.pk).exists()


def listeners(check_in: CheckIn) -> list[Staff]:
    """Whom they may ask to listen: those who work there and may know of it, by name. At most two statements."""
    here = Staff.objects.filter(is_active=True, memberships__location=check_in.incident.location_id)
    return who_may_know(check_in.incident, here.exclude(pk=check_in.staff_id).order_by("sort_name", "pk"))
