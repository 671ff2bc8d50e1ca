"""Who can be given one incident, and which of them are away. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from incidents.access import Role
from incidents.models import Incident, Membership, Staff
from incidents.models.incident import Concern


@dataclass(frozen=True)
class Taker:
    """Somebody who can have it."""

    person: Staff
    away_until: dt.datetime | None = None
    is_on_duty: bool = False
    is_me: bool = False
    has_it: bool = False


def takers_of(incident: Incident, *, staff: Staff, now: dt.datetime) -> list[Taker]:
    """Everybody of the place by name, oneself first, those who are away last; nobody whom it is about. One query."""
    here = Membership.objects.filter(staff=OuterRef("pk"), location=incident.location_id)
    about = Concern.objects.filter(incident=incident, staff=OuterRef("pk"))
    mine = Q(pk=staff.pk, role=Role.ADMINISTRATOR) | Q(pk=incident.assignee_id)
    people = Staff.objects.filter(Exists(here) | mine, ~Exists(about), is_active=True).order_by("sort_name", "pk")
    takers = [_taker(person, incident, staff, now) for person in people]
    return sorted(takers, key=lambda taker: (not taker.is_me, taker.away_until is not None))


def _taker(person: Staff, incident: Incident, staff: Staff, now: dt.datetime) -> Taker:
    away, duty = person.away_until, person.on_duty_until
    return Taker(
        person,
        away_until=away if away and away > now else None,
        is_on_duty=bool(duty and duty > now),
        is_me=person.pk == staff.pk,
        has_it=person.pk == incident.assignee_id,
    )
