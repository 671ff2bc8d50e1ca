"""What people are told and reminded of about meetings, changes, procedures, practice and thanks.

All in the caller's transaction. These notices hang on no incident: who is told need not see the one it came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from incidents.actions.due import schedule, withdraw_reminders
from incidents.actions.notify import notify
from incidents.ladder import Kind
from incidents.models import Incident, NoticeKind, NoticeReason, Staff


def tell_of(
    *,
    kind: NoticeKind,
    subject_id: int,
    people: Iterable[Staff],
    now: dt.datetime,
    by: Staff | None = None,
    occurrence: str = "",
    reason: NoticeReason = NoticeReason.YOURS,
    target_at: dt.datetime | None = None,
) -> None:
    """Each of them once for this kind, subject and occurrence, in the inbox and by mail; not `by`, who knows."""
    notify(
        kind=kind,
        incident=None,
        recipients=[person for person in people if person.is_active and (by is None or person.pk != by.pk)],
        subject_id=subject_id,
        occurrence=occurrence,
        now=now,
        reason=reason,
        target_at=target_at,
    )


def remind_of(
    *, kind: Kind, subject_id: int, target_at: dt.datetime, now: dt.datetime, incident: Incident | None = None
) -> None:
    """At this time, and no longer at any other. `incident`: of a change, whose ladder it climbs. Twice is harmless."""
    schedule(incident=incident, kind=kind, subject_id=subject_id, target_at=target_at, now=now)


def withdraw(kind: Kind, subject_id: int, *, now: dt.datetime) -> None:
    """Done, dropped, retired or cancelled: what has not gone out is taken off, what was said is no longer new."""
    withdraw_reminders(None, kind, subject_id, now=now)
