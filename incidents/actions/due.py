"""The due table: what rings when. Written in the transaction of the act it follows from.

What is put on it here is taken off and delivered by `remind`.
"""

from __future__ import annotations

import datetime as dt

from incidents.actions.inbox import settle_notices
from incidents.ladder import Kind, first_rung, ladder_of, newest_rung
from incidents.models import Incident, NoticeKind, Remedy, Reminder, ReminderState
from incidents.targets import RECEIPT_REMINDER_AFTER
from incidents.vocabulary import Severity


def schedule(
    *,
    incident: Incident,
    kind: Kind,
    subject_id: int,
    target_at: dt.datetime,
    now: dt.datetime,
    is_new: bool = False,
) -> None:
    """Remind of this subject at this time, and no longer at any other.

    Asking twice is harmless. A target that is past already when it is entered sends nothing, one that
    moved into the past speaks at once; what was said already is not said twice. `is_new`: nobody
    was reminded of this subject before, it came to be in this very act.
    """
    mine = Reminder.objects.filter(kind=kind, subject_id=subject_id)
    known = [] if is_new else list(mine.values_list("target_at", "state"))
    waiting = {ReminderState.PENDING, ReminderState.CLAIMED}
    has_moved = any(at != target_at and state in waiting for at, state in known)
    if has_moved:
        mine.exclude(target_at=target_at).filter(state=ReminderState.PENDING).update(state=ReminderState.MOOT)
    if target_at <= now and not has_moved:
        return
    same = {state for at, state in known if at == target_at}
    if same:
        if not same & waiting:  # moved away and back: it goes on where it was
            mine.filter(target_at=target_at, state=ReminderState.MOOT).update(state=ReminderState.PENDING)
        return
    if known:
        settle_notices(incident, [kind], now=now, subject_id=subject_id)  # those of the time it had before
    ladder = ladder_of(kind, is_critical=incident.severity == Severity.CRITICAL)
    if target_at <= now:
        put(incident.pk, kind, subject_id, target_at, newest_rung(ladder, target=target_at, now=now), due_at=now)
        return
    number = first_rung(ladder, target=target_at, now=now)
    if number is not None:
        put(incident.pk, kind, subject_id, target_at, number, due_at=target_at + ladder[number].after)


def put(
    incident_id: int, kind: Kind, subject_id: int, target_at: dt.datetime, rung: int, *, due_at: dt.datetime
) -> None:
    """One rung of one reminder, once."""
    row = Reminder(
        incident_id=incident_id,
        kind=kind,
        subject_id=subject_id,
        occurrence=occurrence_of(target_at, rung),
        target_at=target_at,
        rung=rung,
        due_at=due_at,
    )
    Reminder.objects.bulk_create([row], ignore_conflicts=True)


def occurrence_of(target_at: dt.datetime, rung: int) -> str:
    """What tells one saying of a reminder from the next."""
    return f"{target_at.astimezone(dt.UTC).isoformat()}/{rung}"


def remind_of_receipt(remedy: Remedy, *, now: dt.datetime) -> None:
    """One reminder, three days from `now`."""
    target = now + RECEIPT_REMINDER_AFTER
    schedule(incident=remedy.incident, kind=Kind.RECEIPT_MISSING, subject_id=remedy.pk, target_at=target, now=now)


def withdraw_reminders(incident: Incident, kind: Kind, subject_id: int, *, now: dt.datetime) -> None:
    """It is settled: take what has not gone out off the table, and what was said of it is no longer new."""
    Reminder.objects.filter(kind=kind, subject_id=subject_id, state=ReminderState.PENDING).update(
        state=ReminderState.MOOT
    )
    settle_notices(incident, [kind], now=now, subject_id=subject_id)


def withdraw_all(incident: Incident, *, now: dt.datetime) -> None:
    """The recovery is over: only promises are still worth a word."""
    waiting = Reminder.objects.filter(incident=incident, state=ReminderState.PENDING)
    waiting.exclude(kind=Kind.PROMISE_DUE).update(state=ReminderState.MOOT)
    kinds = [kind for kind in Kind if kind != Kind.PROMISE_DUE]
    settle_notices(incident, [*kinds, NoticeKind.APPROVAL_ASKED], now=now)
