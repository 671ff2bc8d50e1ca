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
from django.db.models import Func, TextField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from incidents.actions.due import (
    LADDER_TURN,
    on_the_ladder,
    put,
    remind_of_receipt,
    schedule,
    withdraw_all,
    withdraw_reminders,
)
from incidents.actions.handovers import lapse_handover
from incidents.actions.inbox import overtake
from incidents.actions.learners import learners
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.actions.standing import Standing, standing
from incidents.ladder import (
    LEARNING,
    Audience,
    Kind,
    Ladder,
    Rung,
    ladder_of,
    newest_rung,
    occurrence_of,
    rung_said,
    said_as,
)
from incidents.models import Notice, NoticeKind, NoticeReason, Reminder, ReminderState, Staff
from incidents.models.hearers import Group, for_whom, hearers, whoever_does_it
from incidents.models.hours import ladders_of
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
    """One reminder, ours until the lease ends. Both fence out an older holder: `tries` may begin anew."""

    reminder_id: int
    tries: int
    lease_until: dt.datetime


_BURY = """
    UPDATE incidents_reminder SET state = 'dead', lease_until = NULL
    WHERE tries >= %(max)s AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
"""
_CLAIM = """
    UPDATE incidents_reminder SET state = 'claimed', tries = tries + 1, lease_until = %(lease)s
    WHERE id = (
        SELECT id FROM incidents_reminder
        WHERE due_at <= %(now)s AND tries < %(max)s
          AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, tries, lease_until
"""


def bury(now: dt.datetime) -> None:
    """Reminders whose last try crashed too are dead, as are those that nobody could claim: visible, never dropped."""
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
    return bool(mine.filter(lease_until=held.lease_until).update(state=state, lease_until=None, last_error=""))


def deliver(reminder: Reminder, *, now: dt.datetime) -> bool:
    """Write the notices, queue their mails and put the next rung on the table.

    False when what it speaks of was settled or moved, or when the ladder was changed and has nothing to say yet. Of
    several rungs that have passed only the newest speaks, by the ladder as it is now.
    """
    found = standing(reminder)
    if found is None:
        return False
    if reminder.kind == Kind.SHIFT_ENDED:
        return lapse_handover(handover_id=reminder.subject_id, now=now) is not None
    target, kind = reminder.target_at or reminder.due_at, Kind(reminder.kind)
    ladder, is_critical = _ladder(reminder), _is_critical(reminder)
    rows = on_the_ladder(ladder, kind, target, now=now)
    put(reminder.incident_id, reminder.subject_id, [row for row in rows if row.due_at > now])
    newest = newest_rung(ladder, target=target, now=now)
    if newest is None:
        return False
    _say(reminder, found, target, ladder[newest], now=now)
    own = rung_said(reminder.occurrence, kind, is_critical=is_critical)
    return ladder[newest].minutes >= own.minutes and ladder[newest].height >= own.height


def _ladder(reminder: Reminder) -> Ladder:
    """As it is now at the place of its incident; without one as shipped."""
    incident, kind = reminder.incident, Kind(reminder.kind)
    if incident is None:
        return ladder_of(kind, is_critical=False)
    return ladders_of(incident.location_id).of(incident.severity, kind)


def _is_critical(reminder: Reminder) -> bool:
    return reminder.incident is not None and reminder.incident.severity == Severity.CRITICAL


def _say(reminder: Reminder, found: Standing, target: dt.datetime, rung: Rung, *, now: dt.datetime) -> None:
    """To everybody who has not heard a later rung of it already."""
    kind, said = NoticeKind(reminder.kind), said_as(target, rung)
    groups = _hearers(reminder, found, rung.to, now=now)
    later = _heard_later(reminder, target, rung, {person.pk for people, _reason in groups for person in people})
    for everybody, reason in groups:
        people = [person for person in everybody if person.pk not in later]
        notify(
            kind=kind,
            incident=None if reminder.kind in LEARNING else reminder.incident,
            recipients=people,
            subject_id=reminder.subject_id,
            occurrence=said,
            now=now,
            reason=reason,
            urgency=rung.urgency,
            target_at=target,
        )
        if people:
            overtake(kind=kind, subject_id=reminder.subject_id, occurrence=said, recipients=people, now=now)


def _heard_later(reminder: Reminder, target: dt.datetime, rung: Rung, people: set[int]) -> set[int]:
    """Who has heard of it from a rung further up, before the ladder was changed; or from this one by an older name."""
    same = Notice.objects.filter(kind=reminder.kind, subject_id=reminder.subject_id, recipient__in=people)
    is_critical = _is_critical(reminder)
    told = (
        same.filter(target_at=target).exclude(occurrence=said_as(target, rung)).values_list("recipient", "occurrence")
    )
    heard = ((pk, rung_said(said, Kind(reminder.kind), is_critical=is_critical)) for pk, said in told)
    return {pk for pk, other in heard if other.after >= rung.after}


def _hearers(reminder: Reminder, found: Standing, to: Audience, *, now: dt.datetime) -> list[Group]:
    """Groups of people with the reason they hear it; a rung adds people and never takes one off."""
    incident = reminder.incident
    if incident is None or reminder.kind in LEARNING:
        return learners(reminder, found.person, to, now=now)
    groups = whoever_does_it(incident, found.person, now=now)
    if found.giver is not None:
        people, reason = for_whom(incident, found.giver)
        groups.append((people, NoticeReason.GIVER if reason == NoticeReason.YOURS else reason))
    return hearers(groups, incident, to)


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
            has_spoken = deliver(_held(held.reminder_id), now=now)
    except Exception as error:
        # The lease runs out and the row is tried again: nothing is dropped.
        log.exception("reminder_failed", reminder=held.reminder_id, tries=held.tries)
        Reminder.objects.filter(pk=held.reminder_id, tries=held.tries).update(last_error=type(error).__name__)
        return False
    return finish(held, ReminderState.DONE if has_spoken else ReminderState.MOOT) and has_spoken


def _held(pk: int) -> Reminder:
    """Whoever sets the ladder of its incident anew meanwhile waits for us, or we for them.

    Not the row: while a process that stopped holds that, nobody could take the reminder over.
    """
    turn = Func("incident_id", template=f"pg_advisory_xact_lock_shared({LADDER_TURN})", output_field=TextField())
    return Reminder.objects.select_related("incident__location").annotate(turn=turn).get(pk=pk)


def retry(*, reminder_id: int, by: Staff, now: dt.datetime) -> None:
    """Try a dead reminder again, from the first try. Refused when somebody already did.

    It rings anew, as a mail does that is retried: its old time would call the clock process late.
    """
    dead = Reminder.objects.filter(pk=reminder_id, state=ReminderState.DEAD)
    its_own = Coalesce("target_at", "due_at")  # the time of the thing itself does not move
    if not dead.update(state=ReminderState.PENDING, tries=0, lease_until=None, due_at=now, target_at=its_own):
        raise Refused(_("This reminder is no longer given up: somebody was faster."))
    log.info("reminder_retried", reminder=reminder_id, by=by.pk, at=now.isoformat())
