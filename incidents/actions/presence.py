"""Who has an incident open just now. Nothing hangs on it: a row is a courtesy, and forgotten after a day."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from incidents.models import Presence, Staff

FORGOTTEN_AFTER = dt.timedelta(days=1)


def note_presence(*, incident_id: int, by: Staff, now: dt.datetime) -> None:
    """`by` is looking at it. One statement; a clock that runs behind moves nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_presence AS known (incident_id, staff_id, seen_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (incident_id, staff_id) DO UPDATE SET seen_at = greatest(known.seen_at, excluded.seen_at)",
            [incident_id, by.pk, now],
        )


def forget_presences(*, now: dt.datetime) -> int:
    """Those of yesterday. Returns how many."""
    return Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()[0]
