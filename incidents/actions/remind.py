"""The due table: schedule, claim, notice, finish. Correct without Celery, Redis or beat.

`sweep()` is one plain function; a Celery task and a management command both call it, and
any number of them may run at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction

from incidents.access import Role
from incidents.models import (
    FollowUp,
    Heartbeat,
    Incident,
    Notice,
    NoticeKind,
    PromiseMade,
    Remedy,
    Reminder,
    ReminderKind,
    ReminderState,
    Staff,
)
from incidents.targets import RECEIPT_REMINDER_AFTER
from incidents.workflow import RemedyState

log = structlog.get_logger(__name__)
MAX_TRIES = 5
SWEEP = "worker_sweep"


def schedule(*, incident_id: int, kind: ReminderKind, subject_id: int, due_at: dt.datetime) -> None:
    """Put one occurrence on the due table; asking twice for the same instant is harmless.

    One that was withdrawn meanwhile waits again; what was shown already is not shown twice.
    """
    Reminder.objects.bulk_create(
        [
            Reminder(
                incident_id=incident_id,
                kind=kind,
                subject_id=subject_id,
                occurrence=due_at.isoformat(),
                due_at=due_at,
            )
        ],
        ignore_conflicts=True,
    )
    Reminder.objects.filter(
        kind=kind, subject_id=subject_id, occurrence=due_at.isoformat(), state=ReminderState.DONE
    ).update(state=ReminderState.PENDING)


def remind_of_receipt(remedy: Remedy, *, now: dt.datetime) -> None:
    """One reminder, three days from `now`."""
    schedule(
        incident_id=remedy.incident_id,
        kind=ReminderKind.RECEIPT_MISSING,
        subject_id=remedy.pk,
        due_at=now + RECEIPT_REMINDER_AFTER,
    )


def withdraw_reminders(kind: ReminderKind, subject_id: int) -> None:
    """Take what has not gone out off the table (a conditional update)."""
    Reminder.objects.filter(kind=kind, subject_id=subject_id, state=ReminderState.PENDING).update(
        state=ReminderState.DONE
    )


def notify(
    *,
    kind: NoticeKind,
    incident: Incident,
    recipients: Iterable[Staff],
    subject_id: int,
    occurrence: str,
    now: dt.datetime,
) -> None:
    """Put a line into each inbox, once per subject, kind, recipient and occurrence."""
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                incident=incident,
                kind=kind,
                subject_id=subject_id,
                occurrence=occurrence,
                at=now,
            )
            for person in recipients
        ],
        ignore_conflicts=True,
    )


def managers_of(incident: Incident) -> list[Staff]:
    """The managers of its place who may see it; administrators when there are none."""
    active = Staff.objects.filter(is_active=True).order_by("id")
    here = active.filter(role=Role.MANAGER, memberships__location=incident.location_id)
    return _who_see(incident, here) or _who_see(incident, active.filter(role=Role.ADMINISTRATOR))


def _who_see(incident: Incident, people: Iterable[Staff]) -> list[Staff]:
    """Those who may know of it. One query each for a restricted incident, else none."""
    if not incident.is_restricted:
        return list(people)
    return [person for person in people if Incident.objects.visible_to(person).filter(pk=incident.pk).exists()]


def database_now() -> dt.datetime:
    """The database's clock, by which everything falls due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Claim:
    """One reminder, ours until the lease ends. `tries` fences out an older holder."""

    reminder_id: int
    tries: int


_BURY = """
    UPDATE incidents_reminder SET state = 'dead', lease_until = NULL
    WHERE state = 'claimed' AND lease_until < %(now)s AND tries >= %(max)s
"""
_CLAIM = """
    UPDATE incidents_reminder SET state = 'claimed', tries = tries + 1, lease_until = %(lease)s
    WHERE id = (
        SELECT id FROM incidents_reminder
        WHERE due_at <= %(now)s AND tries < %(max)s
          AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, tries
"""


def bury(now: dt.datetime) -> None:
    """Reminders whose last try crashed too are dead: visible, never dropped."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, {"now": now, "max": MAX_TRIES})


def claim(now: dt.datetime) -> Claim | None:
    """Take the oldest due reminder for three send timeouts; None when nothing is due."""
    lease = now + dt.timedelta(seconds=3 * settings.SEND_TIMEOUT)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "max": MAX_TRIES, "lease": lease})
        row = cursor.fetchone()
    return Claim(*row) if row else None


def finish(held: Claim) -> bool:
    """Mark it sent. False when someone else has taken it over meanwhile."""
    return bool(
        Reminder.objects.filter(pk=held.reminder_id, state=ReminderState.CLAIMED, tries=held.tries).update(
            state=ReminderState.DONE, lease_until=None, last_error=""
        )
    )


def deliver(reminder: Reminder, *, now: dt.datetime) -> None:
    """Write the notice, if what it speaks of still stands."""
    recipient = _still_stands(reminder)
    if recipient is None:
        return
    incident = reminder.incident
    notify(
        kind=NoticeKind(reminder.kind),
        incident=incident,
        recipients=_who_can_act(incident, recipient),
        subject_id=reminder.subject_id,
        occurrence=reminder.occurrence,
        now=now,
    )


def _who_can_act(incident: Incident, person: Staff) -> list[Staff]:
    if person.is_active and Incident.objects.visible_to(person).filter(pk=incident.pk).exists():
        return [person]
    fallback = incident.location.fallback_assignee
    stand_in = [fallback] if fallback and fallback.is_active else []
    return _who_see(incident, stand_in) or managers_of(incident)


def _still_stands(reminder: Reminder) -> Staff | None:
    """Whom to tell, or None when the call was moved or made, the promise kept and so on."""
    subject = reminder.subject_id
    if reminder.kind == ReminderKind.FOLLOW_UP_DUE:
        call = FollowUp.objects.select_related("assignee").get(pk=subject)
        return call.assignee if call.is_planned and call.due_at == reminder.due_at else None
    if reminder.kind == ReminderKind.PROMISE_DUE:
        promise = PromiseMade.objects.select_related("assignee").get(pk=subject)
        return promise.assignee if promise.is_open and promise.due_at == reminder.due_at else None
    remedy = Remedy.objects.select_related("assignee", "incident__assignee").get(pk=subject)
    if remedy.state != RemedyState.AWAITING_RECEIPT:
        return None
    return remedy.assignee or remedy.incident.assignee


def sweep(now: Callable[[], dt.datetime] = database_now, *, limit: int = 500) -> int:
    """Send everything that is due, oldest first; returns how many were sent.

    One bad row is left to a later try and does not stop the others.
    """
    started = now()
    bury(started)
    Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": started})
    sent = 0
    for _attempt in range(limit):
        held = claim(now())
        if held is None:
            break
        sent += _send(held, now())
    return sent


def _send(held: Claim, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            reminder = Reminder.objects.select_related("incident__location").get(pk=held.reminder_id)
            deliver(reminder, now=now)
    except Exception as error:
        # The lease runs out and the row is tried again: nothing is dropped.
        log.exception("reminder_failed", reminder=held.reminder_id, tries=held.tries)
        Reminder.objects.filter(pk=held.reminder_id, tries=held.tries).update(last_error=type(error).__name__)
        return False
    return finish(held)
