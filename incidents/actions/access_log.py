"""Who read what is restricted, though it is no part of their work: the timeline says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from incidents import access
from incidents.models import Event, Incident, Staff
from incidents.models.timeline import RESTRICTED_READ

TURN = 7_220_006  # the advisory lock, with the reader's number, under which it is written
A_DAY = dt.timedelta(hours=27)  # no day of any place is longer, or began earlier


def note_restricted(*, staff: Staff, incidents: Iterable[Incident], now: dt.datetime) -> int:
    """Note that `staff` reads these, as far as they are restricted; returns how many were not noted before.

    Only of administrators, only of incidents they have no part in, once per person, incident and day of its place.
    Nothing is asked of anybody else; one statement when all of it is noted already.
    """
    if not access.is_reading_noted(staff):
        return 0
    pks = sorted({incident.pk for incident in incidents if incident.is_restricted})
    if not pks or not _to_note(staff, pks, now):
        return 0
    with transaction.atomic():
        _take_turn(staff)
        unnoted = _to_note(staff, pks, now)
        Event.objects.bulk_create(
            Event(incident=incident, kind=RESTRICTED_READ, at=now, by=staff, round_number=incident.round_number)
            for incident in unnoted
        )
    return len(unnoted)


def _take_turn(staff: Staff) -> None:
    """One request after the other: what the first wrote, the second sees in its next statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, staff.pk % 2**31])


def _to_note(staff: Staff, pks: Sequence[int], now: dt.datetime) -> list[Incident]:
    """Those of `pks` that are no part of their work, and were not noted on this day. One statement."""
    reads = Event.objects.filter(incident=OuterRef("pk"), kind=RESTRICTED_READ, by=staff)
    lately = reads.filter(at__gt=now - A_DAY, at__lte=now).order_by("-at").values("at")[:1]
    foreign = Incident.objects.filter(pk__in=pks).exclude(access.HasPart(staff)).select_related("location")
    found = foreign.only("round_number", "location__time_zone").annotate(read_at=Subquery(lately)).order_by("pk")
    return [incident for incident in found if not _is_today(incident, now)]


def _is_today(incident: Incident, now: dt.datetime) -> bool:
    read_at: dt.datetime | None = incident.read_at  # type: ignore[attr-defined]
    zone = incident.location.zone
    return read_at is not None and read_at.astimezone(zone).date() == now.astimezone(zone).date()
