"""Who can be given an incident, and who gets it when somebody does not take it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from incidents.access import Role
from incidents.actions.notify import administrators_of, managers_of, who_see
from incidents.models import Handover, Incident, Location, Staff


def can_take(staff: Staff, incident: Incident) -> bool:
    """Whether `staff` may become the assignee: active, of the place, not concerned."""
    if not staff.is_active or incident.concerns.filter(staff=staff).exists():
        return False
    return staff.sees_all or incident.location_id in staff.location_ids


def people_of(location: Location) -> list[Staff]:
    """Who can be given work there, by name."""
    people = Staff.objects.filter(is_active=True)
    return list(people.filter(memberships__location=location).order_by("sort_name"))


def duty_manager(incident: Incident, *, now: dt.datetime, but: Staff) -> Staff | None:
    """A manager on duty at the place, else its fallback, else any manager, else an administrator.

    Only those who may see it; None when there is nobody but `but`.
    """
    return _first_of([*_on_duty(incident, now), *_fallback(incident), *_others(incident)], incident, but=but)


def who_takes_back(handover: Handover, incident: Incident) -> Staff | None:
    """Whoever had it, else whoever gave it, else as for what nobody has."""
    before = [handover.from_staff, handover.by]
    return _first_of([*before, *_fallback(incident), *_others(incident)], incident, but=handover.to_staff)


def _first_of(people: Iterable[Staff], incident: Incident, *, but: Staff) -> Staff | None:
    return next((person for person in people if person != but and can_take(person, incident)), None)


def _on_duty(incident: Incident, now: dt.datetime) -> list[Staff]:
    """Managers before administrators who work there too."""
    here = Staff.objects.filter(is_active=True, on_duty_until__gt=now, memberships__location=incident.location_id)
    leading = here.filter(Q(role=Role.MANAGER) | Q(role=Role.ADMINISTRATOR)).order_by("id")
    return who_see(incident, sorted(leading, key=lambda person: person.sees_all))


def _fallback(incident: Incident) -> list[Staff]:
    fallback = incident.location.fallback_assignee
    return who_see(incident, [fallback]) if fallback else []


def _others(incident: Incident) -> list[Staff]:
    return [*managers_of(incident), *administrators_of(incident)]
