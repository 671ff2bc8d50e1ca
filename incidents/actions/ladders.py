"""How reminders climb: what the business says, and how a place differs. What waits on the table follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions import jobs
from incidents.actions.advance import add_event, locked
from incidents.actions.catalogue.rows import CHANGED, catalogue
from incidents.actions.due import LADDER_TURN, on_the_ladder, put
from incidents.actions.hours import place_of
from incidents.actions.reckon import ask_for_all_open, next_open
from incidents.actions.refusals import Refused, Stale
from incidents.actions.remind import database_now
from incidents.actions.standing import standing
from incidents.ladder import EDITABLE, Kind, Ladders, Rung, Urgency, Whose
from incidents.models import Incident, Job, JobKind, LadderRung, Reminder, ReminderState, Staff
from incidents.models.escalation import EARLIEST_MINUTES, LATEST_MINUTES
from incidents.models.hours import ladders_of

MOST_RUNGS = 8
PATIENCE = "5s"
SLICE = 20  # its incidents stay locked until it is done


def set_ladder(
    *,
    location_id: int | None,
    severity: int,
    kind: Kind,
    rungs: Sequence[Rung],
    expected_version: int,
    by: Staff,
    now: dt.datetime,
) -> Job | None:
    """The whole ladder of this kind at that place, or (None) for the business. None when it is so already.

    `expected_version` is `Ladders.version()`. Refused in words for a ladder that never speaks once it is due, that
    takes somebody off on its way up, or that is too long.
    """
    with _held(location_id, by):
        _must_be_possible(kind, rungs)
        rows = LadderRung.objects.filter(location=location_id, severity=severity, kind=kind)
        wanted = sorted((rung.minutes, rung.to.value) for rung in rungs)
        if sorted(rows.values_list("after_minutes", "audience")) == wanted:
            return None
        current = ladders_of(location_id)
        if current.version(severity, kind, whose_is(location_id)) != expected_version:
            raise Stale(CHANGED, current)
        rows.delete()
        LadderRung.objects.bulk_create(
            LadderRung(location_id=location_id, severity=severity, kind=kind, after_minutes=minutes, audience=to)
            for minutes, to in wanted
        )
        return _changed(location_id, severity, kind, "set", by=by, now=now)


def back_to_default(*, location_id: int | None, severity: int, kind: Kind, by: Staff, now: dt.datetime) -> Job | None:
    """As the business says; for the business, as shipped. None when it is so already."""
    with _held(location_id, by):
        if not LadderRung.objects.filter(location=location_id, severity=severity, kind=kind).delete()[0]:
            return None
        return _changed(location_id, severity, kind, "back", by=by, now=now)


def whose_is(location_id: int | None) -> Whose:
    return Whose.BUSINESS if location_id is None else Whose.PLACE


@contextmanager
def _held(location_id: int | None, by: Staff) -> Iterator[None]:
    """One at a time, in one transaction."""
    if location_id is not None:
        with place_of(location_id, by):
            yield
        return
    with catalogue(by, None):
        yield


def _changed(location_id: int | None, severity: int, kind: Kind, act: str, *, by: Staff, now: dt.datetime) -> Job:
    codes = {"severity": severity, "reminder": kind.value, "act": act}
    add_event(None, "ladder_changed", now=now, by=by, subject_id=location_id, **codes)
    options = {"location": location_id, "severity": severity, "reminder": kind.value}
    return ask_for_all_open(JobKind.RELAY_LADDERS, options, by=by, now=now)


def _must_be_possible(kind: Kind, rungs: Sequence[Rung]) -> None:
    if kind not in EDITABLE:
        raise Refused(_("At the end of the shift somebody else has it: there is nothing to change."))
    if not 1 <= len(rungs) <= MOST_RUNGS:
        raise Refused(_("Say between one and eight times when to remind."))
    if any(not EARLIEST_MINUTES <= rung.minutes <= LATEST_MINUTES for rung in rungs):
        raise Refused(_("From a week before it is due to 30 days after it."))
    ladder = sorted(rungs, key=lambda rung: rung.after)
    if len({rung.after for rung in ladder}) < len(ladder):
        raise Refused(_("Two reminders at the same time: leave one out."))
    if ladder[-1].after < dt.timedelta(0):
        raise Refused(_("One of them has to speak when it is due, or after it."))
    if any(later.height < earlier.height for earlier, later in pairwise(ladder)):
        raise Refused(_("Whoever hears it once hears what follows too: a later reminder goes to as many people."))


def relay(job: Job, first: int, count: int) -> None:
    """Set the reminders of the next ones anew."""
    now = database_now()
    for pk in next_open(job, first, count):
        relay_incident(incident_id=pk, kind=Kind(job.options["reminder"]), now=now)


def relay_incident(*, incident_id: int, kind: Kind, now: dt.datetime) -> None:
    """Its reminders of that kind by the ladder as it is now; no event, and no new version.

    What has passed by the new ladder and was not said is said now, the rest at its time. Nothing is said twice.
    """
    with _in_turn(incident_id), locked(incident_id, must_be_open=False) as incident:
        rows = _on_the_table(incident, kind)
        ladders = ladders_of(incident.location_id)
        for subject_id, theirs in groupby(rows, key=lambda row: row.subject_id):
            _relay_subject(incident, subject_id, list(theirs), ladders, kind, now=now)


@contextmanager
def _in_turn(incident_id: int) -> Iterator[None]:
    """Whoever delivers one of its reminders right now is waited for; whoever comes after us reads the new ladder.

    Not for ever: after some seconds the job tries this slice again later.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"SELECT pg_advisory_xact_lock({LADDER_TURN % {'expressions': '%s'}})", [incident_id])
        yield


def _on_the_table(incident: Incident, kind: Kind) -> list[Reminder]:
    """All that was not taken off it, by subject. What waits is locked: nobody claims what may be taken away."""
    mine = Reminder.objects.filter(incident=incident, kind=kind).exclude(state=ReminderState.MOOT)
    list(mine.filter(state=ReminderState.PENDING).order_by("pk").select_for_update().values_list("pk"))
    return list(mine.order_by("subject_id", "pk"))


def _relay_subject(
    incident: Incident, subject_id: int, theirs: list[Reminder], ladders: Ladders, kind: Kind, *, now: dt.datetime
) -> None:
    times = {row.target_at: row for row in theirs}  # of what was moved away and back the newest row may be of another
    target = next((at for at, row in times.items() if at is not None and standing(row) is not None), None)
    if target is None:
        return
    pending = [row for row in theirs if row.state == ReminderState.PENDING]
    is_dead = any(row.state == ReminderState.DEAD and row.target_at == target for row in theirs)
    rings = any(row.due_at <= now for row in pending)
    rows = [
        row
        for row in on_the_ladder(ladders.of(incident.severity, kind), kind, target, now=now)
        # A warning that was not meant to be given is not made up for; what was given up is for a person to try again.
        if row.due_at > now or (not is_dead and (rings or row.rung.urgency != Urgency.SOON))
    ]
    Reminder.objects.filter(pk__in=[row.pk for row in pending]).delete()
    put(incident.pk, subject_id, rows)


def connect() -> None:
    jobs.register(JobKind.RELAY_LADDERS, jobs.Work(relay, size=SLICE))
