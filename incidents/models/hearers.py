"""Who hears of an incident: the one who has it, who stands in, then managers and administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from incidents.access import Role
from incidents.ladder import Audience
from incidents.models.incident import Incident
from incidents.models.notice import NoticeReason
from incidents.models.staff import Staff

Group = tuple[list[Staff], NoticeReason]


def managers_of(incident: Incident) -> list[Staff]:
    """The managers of its place who may see it; administrators when there are none."""
    active = Staff.objects.filter(is_active=True).order_by("id")
    here = active.filter(role=Role.MANAGER, memberships__location=incident.location_id)
    return who_see(incident, here) or administrators_of(incident)


def administrators_of(incident: Incident) -> list[Staff]:
    """The administrators who may see it."""
    active = Staff.objects.filter(is_active=True).order_by("id")
    return who_see(incident, active.filter(role=Role.ADMINISTRATOR))


def who_see(incident: Incident, people: Iterable[Staff]) -> list[Staff]:
    """Those who may know of it. One query each for a restricted incident, else none."""
    if not incident.is_restricted:
        return list(people)
    return [person for person in people if _sees(person, incident)]


def for_whom(incident: Incident, person: Staff) -> Group:
    """`person`, or who stands in for somebody who left, works elsewhere now or must not know."""
    if person.is_active and _sees(person, incident):
        return [person], NoticeReason.YOURS
    fallback = incident.location.fallback_assignee
    stand_in = [fallback] if fallback and fallback.is_active else []
    return who_see(incident, stand_in) or managers_of(incident), NoticeReason.STAND_IN


def whoever_does_it(incident: Incident, person: Staff, *, now: dt.datetime) -> list[Group]:
    """The same, and while `person` is away who stands in for them too."""
    people, reason = for_whom(incident, person)
    if reason == NoticeReason.STAND_IN:
        return [(people, reason)]
    return [(people, reason), *standing_in(person, now=now, sees=lambda who: _sees(who, incident))]


def standing_in(person: Staff, *, now: dt.datetime, sees: Callable[[Staff], bool]) -> list[Group]:
    """Who does it meanwhile, when they are away and somebody was named who may know. Else nothing, and no query."""
    if not (person.away_until and person.away_until > now and person.stand_in_id):
        return []
    other = person.stand_in
    return [([other], NoticeReason.STAND_IN)] if other and other.is_active and sees(other) else []


def hearers(groups: Sequence[Group], incident: Incident, to: Audience) -> list[Group]:
    """Those, and whoever a rung adds: everybody once, for the first reason. Nobody is ever taken off."""
    return once([*groups, *added_by(incident, to)])


def added_by(incident: Incident, to: Audience) -> list[Group]:
    """Managers of the place, then administrators. One query each."""
    added: list[Group] = []
    if to in (Audience.MANAGERS, Audience.ADMINISTRATORS):
        added.append((managers_of(incident), NoticeReason.MANAGER))
    if to == Audience.ADMINISTRATORS:
        added.append((administrators_of(incident), NoticeReason.ADMINISTRATOR))
    return added


def once(groups: Iterable[Group]) -> list[Group]:
    """Everybody in the first group that has them."""
    told: set[int] = set()
    fresh = []
    for people, reason in groups:
        fresh.append(([person for person in people if person.pk not in told], reason))
        told |= {person.pk for person in people}
    return fresh


def _sees(person: Staff, incident: Incident) -> bool:
    return Incident.objects.visible_to(person).filter(pk=incident.pk).exists()
