"""Takes what is due off the table: claim, deliver, finish. Correct without Celery, Redis or beat.

`sweep()` is one plain function; any number of callers may run it at once.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.due import (
    occurrence_of,
    put,
    remind_of_receipt,
    schedule,
    withdraw_all,
    withdraw_reminders,
)
from incidents.actions.handovers import lapse_handover
from incidents.actions.inbox import overtake
from incidents.actions.notify import administrators_of, for_whom, managers_of, notify
from incidents.actions.refusals import Refused
from incidents.actions.standing import Standing, standing
from incidents.ladder import Audience, Kind, ladder_of, newest_rung, next_rung
from incidents.models import Incident, NoticeKind, NoticeReason, Reminder, ReminderState, Staff
from incidents.vocabulary import Severity

__all__ = [
    "MAX_TRIES",
    "Claim",
    "bury",
    "claim",
    "database_now",
    "deliver",
    "finish",
    "occurrence_of",
    "remind_of_receipt",
    "retry",
    "schedule",
    "sweep",
    "withdraw_all",
    "withdraw_reminders",
]
log = structlog.get_logger(__name__)
MAX_TRIES = 5


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


def finish(held: Claim, state: ReminderState = ReminderState.DONE) -> bool:
    """Mark it said, or no longer needed. False when someone else has taken it over meanwhile."""
    mine = Reminder.objects.filter(pk=held.reminder_id, state=ReminderState.CLAIMED, tries=held.tries)
    return bool(mine.update(state=state, lease_until=None, last_error=""))


def deliver(reminder: Reminder, *, now: dt.datetime) -> bool:
    """Write the notices, queue their mails and put the next rung on the table.

    False when what it speaks of was settled or moved. Of several rungs that have passed only the newest speaks.
    """
    found = standing(reminder)
    if found is None:
        return False
    if reminder.kind == Kind.SHIFT_ENDED:
        return lapse_handover(handover_id=reminder.subject_id, now=now) is not None
    incident, target = reminder.incident, reminder.target_at or reminder.due_at
    kind = Kind(reminder.kind)
    ladder = ladder_of(kind, is_critical=incident.severity == Severity.CRITICAL)
    number = max(newest_rung(ladder, target=target, now=now), min(reminder.rung, len(ladder) - 1))
    for people, reason in _hearers(incident, found, ladder[number].to):
        said = occurrence_of(target, number)
        notify(
            kind=NoticeKind(reminder.kind),
            incident=incident,
            recipients=people,
            subject_id=reminder.subject_id,
            occurrence=said,
            now=now,
            reason=reason,
            urgency=ladder[number].urgency,
            target_at=target,
        )
        if people:
            overtake(
                kind=NoticeKind(reminder.kind),
                subject_id=reminder.subject_id,
                occurrence=said,
                recipients=people,
                now=now,
            )
    following = next_rung(ladder, target=target, after=now)
    if following is not None and following > number:
        due_at = target + ladder[following].after
        put(incident.pk, kind, reminder.subject_id, target, following, due_at=due_at)
    return True


def _hearers(incident: Incident, found: Standing, to: Audience) -> list[tuple[list[Staff], NoticeReason]]:
    """Groups of people with the reason they hear it; a rung adds people and never takes one off."""
    groups = [for_whom(incident, found.person)]
    if found.giver is not None:
        people, _reason = for_whom(incident, found.giver)
        groups.append((people, NoticeReason.GIVER))
    if to in (Audience.MANAGERS, Audience.ADMINISTRATORS):
        groups.append((managers_of(incident), NoticeReason.MANAGER))
    if to == Audience.ADMINISTRATORS:
        groups.append((administrators_of(incident), NoticeReason.ADMINISTRATOR))
    told: set[int] = set()
    fresh = []
    for people, reason in groups:
        fresh.append(([person for person in people if person.pk not in told], reason))
        told |= {person.pk for person in people}
    return fresh


def sweep(now: Callable[[], dt.datetime] = database_now, *, limit: int = 5000, seconds: float = 20) -> int:
    """Deliver everything that is due, oldest first; returns how many were.

    One bad row is left to a later try and does not stop the others. After `seconds` the rest is
    left to the next sweep: a task may not run for longer than its limit.
    """
    bury(now())
    sent, until = 0, time.monotonic() + seconds
    for _attempt in range(limit):
        moment = now()
        held = claim(moment)
        if held is None:
            break
        sent += _send(held, moment)
        if time.monotonic() > until:
            break
    return sent


def _send(held: Claim, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            reminder = Reminder.objects.select_related("incident__location").get(pk=held.reminder_id)
            has_spoken = deliver(reminder, now=now)
    except Exception as error:
        # The lease runs out and the row is tried again: nothing is dropped.
        log.exception("reminder_failed", reminder=held.reminder_id, tries=held.tries)
        Reminder.objects.filter(pk=held.reminder_id, tries=held.tries).update(last_error=type(error).__name__)
        return False
    return finish(held, ReminderState.DONE if has_spoken else ReminderState.MOOT) and has_spoken


def retry(*, reminder_id: int, by: Staff, now: dt.datetime) -> None:
    """Try a dead reminder again, from the first try. Refused when somebody already did."""
    dead = Reminder.objects.filter(pk=reminder_id, state=ReminderState.DEAD)
    if not dead.update(state=ReminderState.PENDING, tries=0, lease_until=None):
        raise Refused(_("This reminder is no longer given up: somebody was faster."))
    log.info("reminder_retried", reminder=reminder_id, by=by.pk, at=now.isoformat())
