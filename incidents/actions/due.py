"""The due table: what rings when. Written in the transaction of the act it follows from.

What is put on it here is taken off and delivered by `remind`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection

from incidents.actions.inbox import settle_notices
from incidents.ladder import (
    EDITABLE,
    LEARNING,
    Kind,
    Ladder,
    Rung,
    first_rung,
    ladder_of,
    newest_rung,
    next_rung,
    occurrence_of,
)
from incidents.models import Incident, NoticeKind, Remedy, Reminder, ReminderState
from incidents.models.escalation import ladder_for
from incidents.models.hours import clock_of
from incidents.targets import RECEIPT_REMINDER_AFTER
from incidents.vocabulary import CloseReason


def schedule(
    *,
    incident: Incident | None,
    kind: Kind,
    subject_id: int,
    target_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Remind of this subject at this time, and no longer at any other. Asking twice is harmless."""
    keep_up(incident=incident, subject_id=subject_id, targets={kind: target_at}, now=now)


def keep_up(
    *,
    incident: Incident | None,
    subject_id: int,
    targets: Mapping[Kind, dt.datetime | None],
    now: dt.datetime,
) -> None:
    """The same for several kinds of one subject at once; None is settled.

    A target that is past already when it is entered sends nothing, one that moved into the past speaks at
    once; what was said already is not said twice.
    """
    known: dict[str, list[Known]] = {kind: [] for kind in targets}
    mine = Reminder.objects.filter(kind__in=list(targets), subject_id=subject_id)
    for kind, pk, at, state in mine.values_list("kind", "pk", "target_at", "state"):
        known[kind].append(Known(pk, at, state))
    settled = [kind for kind, at in targets.items() if at is None and known[kind]]
    if settled:
        _withdraw(incident, settled, subject_id, now=now)
    rows = [
        row
        for kind, at in targets.items()
        if at is not None
        for row in _rows(incident, kind, subject_id, at, known[kind], now=now)
    ]
    put(incident.pk if incident else None, subject_id, rows)


def first_rows(
    incident: Incident, subject_id: int, targets: Mapping[Kind, dt.datetime | None], *, now: dt.datetime
) -> list[Reminder]:
    """What `keep_up()` would put on the table for a subject that comes to be in this very act. Not saved."""
    return [
        Reminder(
            incident=incident,
            kind=row.kind,
            subject_id=subject_id,
            occurrence=occurrence_of(row.target_at, row.rung),
            target_at=row.target_at,
            rung=row.number,
            due_at=row.due_at,
        )
        for kind, at in targets.items()
        if at is not None
        for row in _rows(incident, kind, subject_id, at, [], now=now)
    ]


class Known(NamedTuple):
    """A row that was put on the table before."""

    pk: int
    target_at: dt.datetime | None
    state: str


@dataclass(frozen=True)
class Row:
    """One rung of one reminder, when it rings."""

    kind: Kind
    target_at: dt.datetime
    rung: Rung
    number: int
    due_at: dt.datetime


def _rows(
    incident: Incident | None,
    kind: Kind,
    subject_id: int,
    target: dt.datetime,
    known: list[Known],
    *,
    now: dt.datetime,
) -> list[Row]:
    """What has to be put on the table so that this is said at its time."""
    waiting = {ReminderState.PENDING, ReminderState.CLAIMED}
    has_moved = any(row.target_at != target and row.state in waiting for row in known)
    if has_moved:
        mine = Reminder.objects.filter(kind=kind, subject_id=subject_id, state=ReminderState.PENDING)
        mine.exclude(target_at=target).update(state=ReminderState.MOOT)
    same = [row for row in known if row.target_at == target]
    states = {row.state for row in same}
    if states & waiting:
        look_again([row.pk for row in same if row.state == ReminderState.CLAIMED])
        return []
    if states:  # moved away and back, or settled and not settled after all: it goes on where it was
        return on_the_ladder(_ladder(incident, kind), kind, target, now=now) if ReminderState.MOOT in states else []
    # No call is planned for a moment that is over: one for this very moment waits for somebody who is just leaving.
    is_over = target < now if kind == Kind.FOLLOW_UP_DUE else target <= now
    if is_over and not has_moved:
        return []
    if known:
        _settle(incident, [kind], subject_id, now=now)  # what was said of the time it had before
    ladder = _ladder(incident, kind)
    if target <= now:
        return on_the_ladder(ladder, kind, target, now=now)[:1]
    number = first_rung(ladder, target=target, now=now)
    return [] if number is None else [_row(ladder, kind, target, number)]


def look_again(pks: Collection[int]) -> None:
    """Back on the table with what was taken off it, or is held by somebody who may have read before us that it is
    settled or moved, and is about to drop it. At worst they find that it was said.
    """
    if pks:
        dropped = Reminder.objects.filter(pk__in=pks, state__in=[ReminderState.CLAIMED, ReminderState.MOOT])
        dropped.update(state=ReminderState.PENDING, lease_until=None, tries=0)


def on_the_ladder(ladder: Ladder, kind: Kind, target: dt.datetime, *, now: dt.datetime) -> list[Row]:
    """The newest rung that has passed, to be said now unless it was; and the next one."""
    newest, following = newest_rung(ladder, target=target, now=now), next_rung(ladder, target=target, after=now)
    rows = [_row(ladder, kind, target, number) for number in (newest, following) if number is not None]
    return [replace(row, due_at=max(row.due_at, now)) for row in rows]


def _ladder(incident: Incident | None, kind: Kind) -> Ladder:
    return ladder_for(incident, kind) if incident else ladder_of(kind, is_critical=False)


def _row(ladder: Ladder, kind: Kind, target: dt.datetime, number: int) -> Row:
    return Row(kind, target, ladder[number], number, target + ladder[number].after)


# The advisory lock of an incident: many may deliver its reminders at once, none while its ladders are set anew.
LADDER_TURN = "hashtextextended('ladder', %(expressions)s)"

# What was taken off the table can come back on it; what was said stays said.
_PUT = """
    INSERT INTO incidents_reminder AS stored
        (incident_id, kind, subject_id, occurrence, target_at, rung, due_at, state, tries, last_error)
    SELECT %(incident)s, kind, %(subject)s, occurrence, target_at, rung, due_at, 'pending', 0, ''
    FROM unnest(%(kinds)s::text[], %(occurrences)s::text[], %(targets)s::timestamptz[], %(rungs)s::smallint[],
        %(dues)s::timestamptz[]) AS new (kind, occurrence, target_at, rung, due_at)
    ON CONFLICT (kind, subject_id, occurrence) DO UPDATE
        SET state = 'pending', due_at = excluded.due_at, rung = excluded.rung, tries = 0, lease_until = NULL
        WHERE stored.state = 'moot'
"""


def put(incident_id: int | None, subject_id: int, rows: Sequence[Row]) -> None:
    """Each once, whoever puts it there first. One statement, or none."""
    if not rows:
        return
    values: dict[str, Any] = {
        "incident": incident_id,
        "subject": subject_id,
        "kinds": [row.kind.value for row in rows],
        "occurrences": [occurrence_of(row.target_at, row.rung) for row in rows],
        "targets": [row.target_at for row in rows],
        "rungs": [row.number for row in rows],
        "dues": [row.due_at for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(_PUT, values)


def remind_of_receipt(remedy: Remedy, *, now: dt.datetime) -> None:
    """One reminder, three days from `now`."""
    target = now + RECEIPT_REMINDER_AFTER
    schedule(incident=remedy.incident, kind=Kind.RECEIPT_MISSING, subject_id=remedy.pk, target_at=target, now=now)


def withdraw_reminders(incident: Incident | None, kind: Kind, subject_id: int, *, now: dt.datetime) -> None:
    """It is settled: take what has not gone out off the table, and what was said of it is no longer new."""
    _withdraw(incident, [kind], subject_id, now=now)


def _withdraw(incident: Incident | None, kinds: Sequence[Kind], subject_id: int, *, now: dt.datetime) -> None:
    Reminder.objects.filter(kind__in=kinds, subject_id=subject_id, state=ReminderState.PENDING).update(
        state=ReminderState.MOOT
    )
    _settle(incident, kinds, subject_id, now=now)


def _settle(incident: Incident | None, kinds: Sequence[Kind], subject_id: int, *, now: dt.datetime) -> None:
    """Who was told of what we learn was told of no incident, though its ladder may be that of one."""
    settle_notices(None if set(kinds) <= LEARNING else incident, kinds, now=now, subject_id=subject_id)


def climb_anew(incident: Incident, *, was: int, now: dt.datetime) -> None:
    """It is graver or milder than it was: what waits rings when the ladder of that says, at once for more people."""
    ladders = clock_of(incident.location).ladders
    waiting = Reminder.objects.filter(incident=incident, kind__in=EDITABLE, state=ReminderState.PENDING)
    for row in waiting.filter(target_at__isnull=False, due_at__gt=now):
        target = row.target_at or row.due_at
        before, ladder = ladders.of(was, row.kind), ladders.of(incident.severity, row.kind)
        said, newest = (newest_rung(each, target=target, now=now) for each in (before, ladder))
        height = -1 if said is None else before[said].height
        following = next_rung(ladder, target=target, after=now)
        rings = row.due_at if following is None else target + ladder[following].after
        if newest is not None and ladder[newest].height > height:
            rings = now
        if rings < row.due_at:
            Reminder.objects.filter(pk=row.pk, state=ReminderState.PENDING).update(due_at=rings)


def withdraw_all(incident: Incident, *, reason: CloseReason = CloseReason.RECOVERED, now: dt.datetime) -> None:
    """The recovery is over: only promises, unless it was logged by mistake, and what we change are worth a word."""
    goes_on = LEARNING if reason == CloseReason.VOID else {Kind.PROMISE_DUE, *LEARNING}
    waiting = Reminder.objects.filter(incident=incident, state=ReminderState.PENDING)
    waiting.exclude(kind__in=goes_on).update(state=ReminderState.MOOT)
    kinds = [kind for kind in Kind if kind not in goes_on]
    settle_notices(incident, [*kinds, NoticeKind.APPROVAL_ASKED], now=now)
