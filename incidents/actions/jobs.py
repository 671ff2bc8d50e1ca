"""Long work, slice after slice: the row is the job, and one is at work at a time.

`work()` is one plain function that Celery and a loop both ring. Each slice is committed together
with the count that says so, by whoever still holds the job; a process that dies in the middle
leaves nothing half done and nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper as Cursor
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from incidents.actions.refusals import Refused
from incidents.actions.remind import database_now
from incidents.models import Job, JobKind, JobState, Staff
from incidents.models.base import LINE
from incidents.models.job import INTERRUPTED, JobQuerySet

log = structlog.get_logger(__name__)
MAX_TRIES = 5  # without progress in between
LEASE = dt.timedelta(seconds=60)  # longer than any slice; a killed process holds the job up for as long
BUDGET = dt.timedelta(seconds=40)
TURN = 7_220_001  # the advisory lock under which jobs are claimed

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Work:
    """How one kind is done: `run(job, first, count)` makes the pieces `first` to `first + count - 1`.

    It runs inside the transaction that counts them, so it writes rows and nothing else. `failed(job)` runs inside the
    one that gives it up.
    """

    run: Callable[[Job, int, int], None]
    size: int
    failed: Callable[[Job], None] | None = None


KINDS: dict[JobKind, Work] = {}


def register(kind: JobKind, work: Work) -> None:
    """Say how a kind is done. What a process does not know it leaves to one that does."""
    KINDS[kind] = work


def ask_for_job(
    *, kind: JobKind, options: dict[str, Any], total: int, by: Staff, now: dt.datetime, submit_key: UUID
) -> Job:
    """One waiting row; asking again with the same key gives the same job, Refused when it is somebody else's."""
    fields = {"kind": kind, "options": options, "total": total, "asked_by": by, "asked_at": now}
    job, _is_new = Job.objects.get_or_create(submit_key=submit_key, defaults=fields)
    if job.asked_by_id != by.pk:
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return job


def cancel_job(*, job_id: int, by: Staff, now: dt.datetime) -> Job:
    """At once while nobody works on it, else after the slice under way. What is made stays."""
    mine = Job.objects.visible_to(by).filter(pk=job_id)
    at_work = Q(state=JobState.CLAIMED, lease_until__gte=now)
    mine.filter(finished_at__isnull=True).update(
        cancel_asked_at=Coalesce("cancel_asked_at", Value(now)),
        state=Case(When(at_work, then="state"), default=Value(JobState.CANCELLED.value)),
        lease_until=Case(When(at_work, then="lease_until")),
        finished_at=Case(When(at_work, then=None), default=Value(now)),
    )
    return mine.get()


def retry_job(*, job_id: int, by: Staff, now: dt.datetime) -> Job:
    """Let one that failed or was stopped go on where it stopped. Of two who ask at once one does."""
    mine = Job.objects.visible_to(by).filter(pk=job_id)
    waiting = {"state": JobState.PENDING, "tries": 0, "finished_at": None, "last_error": "", "cancel_asked_at": None}
    job = mine.get()
    if job.can_go_on and _still(mine, job).update(**waiting):
        log.info("job_retried", job=job_id, by=by.pk, at=now.isoformat())
    return mine.get()


def _still(rows: JobQuerySet, job: Job) -> JobQuerySet:
    """Unless somebody was faster: what goes on already, or is done, is left alone."""
    return rows.filter(state=job.state, finished_at=job.finished_at)


@dataclass(frozen=True)
class Claim:
    """One job, ours until the lease ends. All of it is the fence: nobody else has ever held the same."""

    job_id: int
    tries: int
    lease_until: dt.datetime | None
    done: int

    @property
    def is_ours(self) -> bool:
        """Until the job has ended."""
        return self.lease_until is not None


_GIVE_UP = """
    UPDATE incidents_job SET lease_until = NULL, finished_at = %(now)s,
        state = CASE WHEN cancel_asked_at IS NULL THEN 'failed' ELSE 'cancelled' END,
        last_error = CASE WHEN cancel_asked_at IS NULL THEN %(interrupted)s ELSE last_error END
    WHERE state = 'claimed' AND lease_until < %(now)s AND (tries >= %(max)s OR cancel_asked_at IS NOT NULL)
    RETURNING id, state
"""
_CLAIM = """
    UPDATE incidents_job SET state = 'claimed', tries = tries + 1, lease_until = %(lease)s,
        started_at = coalesce(started_at, %(now)s),
        last_error = CASE WHEN state = 'claimed' THEN %(interrupted)s ELSE last_error END
    WHERE id = (
        SELECT id FROM incidents_job
        WHERE kind = ANY(%(kinds)s) AND tries < %(max)s
          AND (state = 'pending' OR (state = 'claimed' AND lease_until < %(now)s))
          AND NOT EXISTS (
            SELECT 1 FROM incidents_job AS busy WHERE busy.state = 'claimed' AND busy.lease_until >= %(now)s)
        ORDER BY tries, asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, tries, lease_until, done
"""
_MINE = " WHERE id = %(job)s AND state = 'claimed' AND tries = %(tries)s AND lease_until = %(held)s AND done = %(done)s"
_COUNT = """
    UPDATE incidents_job SET done = %(made)s, tries = 0, last_error = '',
        state = CASE WHEN %(made)s >= total THEN 'done' WHEN cancel_asked_at IS NOT NULL THEN 'cancelled'
                ELSE 'claimed' END,
        lease_until = CASE WHEN %(made)s < total AND cancel_asked_at IS NULL THEN %(lease)s::timestamptz END,
        finished_at = CASE WHEN %(made)s >= total OR cancel_asked_at IS NOT NULL THEN %(now)s::timestamptz END
"""
_RELEASE = """
    UPDATE incidents_job SET lease_until = NULL, last_error = %(error)s,
        state = CASE WHEN cancel_asked_at IS NOT NULL THEN 'cancelled' WHEN tries >= %(max)s THEN 'failed'
                ELSE 'pending' END,
        finished_at = CASE WHEN cancel_asked_at IS NOT NULL OR tries >= %(max)s THEN %(now)s::timestamptz END
"""


class TakenOver(Exception):
    """Somebody else holds the job now: what we were making must not stay."""


class GiveUp(Exception):
    """Trying again would not help. `code` says why, and is what the job ends with."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def claim(now: dt.datetime) -> Claim | None:
    """Take the oldest waiting job of a kind we know; None while one is at work anywhere."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not _has_turn(cursor):
            return None
        words: dict[str, Any] = {"now": now, "max": MAX_TRIES, "interrupted": INTERRUPTED}
        cursor.execute(_GIVE_UP, words)
        for pk, state in cursor.fetchall():
            _tell_if_failed(pk, state)
        return _claim_one(cursor, words | {"lease": now + LEASE, "kinds": [kind.value for kind in KINDS]})


def _has_turn(cursor: Cursor) -> bool:
    """Claims come one after the other: the statement after this one sees every job that was claimed before."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
    (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def _claim_one(cursor: Cursor, words: dict[str, Any]) -> Claim | None:
    cursor.execute(_CLAIM, words)
    row = cursor.fetchone()
    return Claim(*row) if row else None


def work(now: Clock = database_now, *, budget: dt.timedelta = BUDGET) -> int:
    """Work on one job until it ends or the budget is used; returns how many pieces were made.

    A slice that fails is left to the next ring; five in a row end the job, visible to whoever asked.
    """
    until = now() + budget
    held = claim(now())
    if held is None:
        return 0
    job = Job.objects.select_related("asked_by").get(pk=held.job_id)
    first = held.done
    try:
        held = make_slice(job, held, now)
        while held.is_ours and now() < until:
            held = make_slice(job, held, now)
        if held.is_ours:
            release(held, now=now(), error="")
    except TakenOver:
        log.warning("job_taken_over", job=job.pk)
    except GiveUp as end:
        log.warning("job_given_up", job=job.pk, done=held.done, code=end.code)
        release(held, now=now(), error=end.code, most_tries=0)
    except Exception as error:
        log.exception("job_slice_failed", job=job.pk, done=held.done, tries=held.tries)
        release(held, now=now(), error=type(error).__name__)
    return held.done - first


def make_slice(job: Job, held: Claim, now: Clock) -> Claim:
    """The next pieces and their count: both or neither."""
    kind = KINDS[JobKind(job.kind)]
    count = min(kind.size, job.total - held.done)
    with transaction.atomic():
        kind.run(job, held.done, count)
        return _count(held, held.done + count, now=now())


def _count(held: Claim, made: int, *, now: dt.datetime) -> Claim:
    """Write down how far we are and renew the lease; raises when somebody has taken the job over."""
    with connection.cursor() as cursor:
        words = _fence(held) | {"made": made, "now": now, "lease": now + LEASE}
        cursor.execute(_COUNT + _MINE + " RETURNING tries, lease_until, done", words)
        row = cursor.fetchone()
    if row is None:
        raise TakenOver
    return Claim(held.job_id, *row)


def release(held: Claim, *, now: dt.datetime, error: str, most_tries: int = MAX_TRIES) -> None:
    """Back among the waiting; failed after the last try, cancelled when somebody asked for it meanwhile."""
    words = _fence(held) | {"now": now, "max": most_tries, "error": error[:LINE]}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RELEASE + _MINE + " RETURNING id, state", words)
        for pk, state in cursor.fetchall():
            _tell_if_failed(pk, state)


def _tell_if_failed(job_id: int, state: str) -> None:
    job = Job.objects.select_related("asked_by").get(pk=job_id) if state == JobState.FAILED else None
    work_of_it = KINDS.get(JobKind(job.kind)) if job else None
    if job and work_of_it and work_of_it.failed:
        work_of_it.failed(job)


def _fence(held: Claim) -> dict[str, Any]:
    return {"job": held.job_id, "tries": held.tries, "held": held.lease_until, "done": held.done}
