"""Who is reminded of what we learn: whoever said that they do it, who is asked to come, then who leads the place."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.access import Role
from incidents.ladder import Audience, Kind
from incidents.models import Location, NoticeReason, PreventionAction, Procedure, Reminder, Staff
from incidents.models.hearers import Group, administrators_of, managers_of, once, standing_in


def learners(reminder: Reminder, person: Staff, to: Audience, *, now: dt.datetime) -> list[Group]:
    """Everybody once, for the first reason. Of a restricted incident's change only those who may know of it."""
    if reminder.kind == Kind.MEETING_SOON:
        asked = Staff.objects.filter(meetings__meeting=reminder.subject_id, is_active=True)
        return [(list(asked.order_by("pk")), NoticeReason.YOURS)]
    place = _place(reminder)
    groups = _doing(reminder, person, place, now=now)
    if to in (Audience.MANAGERS, Audience.ADMINISTRATORS):
        groups.append((_managers(reminder, place), NoticeReason.MANAGER))
    if to == Audience.ADMINISTRATORS:
        groups.append((_administrators(reminder), NoticeReason.ADMINISTRATOR))
    return once(groups)


def _place(reminder: Reminder) -> Location | None:
    if reminder.incident is not None:
        return reminder.incident.location
    procedure = Procedure.objects.select_related("location__fallback_assignee").get(pk=reminder.subject_id)
    return procedure.location


def _doing(reminder: Reminder, person: Staff, place: Location | None, *, now: dt.datetime) -> list[Group]:
    """They, and who stands in; for somebody who left, who catches what nobody has."""
    if person.is_active:
        return [
            ([person], NoticeReason.YOURS),
            *standing_in(person, now=now, sees=lambda who: bool(_who_may_know(reminder, [who]))),
        ]
    fallback = place.fallback_assignee if place else None
    stand_in = _who_may_know(reminder, [fallback]) if fallback and fallback.is_active else []
    return [(stand_in or _managers(reminder, place), NoticeReason.STAND_IN)]


def _managers(reminder: Reminder, place: Location | None) -> list[Staff]:
    """Of the place; administrators when there are none, and of what holds at all places."""
    if reminder.incident is not None:
        return managers_of(reminder.incident)
    here = Staff.objects.filter(is_active=True, role=Role.MANAGER, memberships__location=place) if place else ()
    return list(here) or _administrators(reminder)


def _administrators(reminder: Reminder) -> list[Staff]:
    if reminder.incident is not None:
        return administrators_of(reminder.incident)
    return list(Staff.objects.filter(is_active=True, role=Role.ADMINISTRATOR).order_by("id"))


def _who_may_know(reminder: Reminder, people: list[Staff]) -> list[Staff]:
    """Of the change, or of the procedure. One query for each."""
    model: Any = PreventionAction if reminder.kind == Kind.PREVENTION_DUE else Procedure
    return [who for who in people if model.objects.visible_to(who).filter(pk=reminder.subject_id).exists()]
