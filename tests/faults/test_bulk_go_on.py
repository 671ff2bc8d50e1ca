"""Two press *Go on with the rest* at once, each in a process of its own: it goes on once, and ends once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from incidents.actions import jobs, remind
from incidents.models import Job
from tests.faults.arena import Arena
from tests.faults.test_bulk import BETWEEN, TOTAL, a_job, assignees, now_is, states, times, worker
from tests.programs import wait_for


def a_stopped_job(arena: Arena) -> Job:
    """Fifteen of twenty are done."""
    cast, job = a_job()
    first = worker(arena, "first", HALT=BETWEEN, LEASE="60")
    wait_for(lambda: arena.mark("halted-first"), 40)
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    arena.allow("go-on-first")
    wait_for(lambda: now_is(job, "cancelled"), 40)
    first.kill()
    return job


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        (number,) = cursor.fetchone()
    return bool(number)


def ended_at(job: Job) -> dt.datetime | None:
    return Job.objects.get(pk=job.pk).finished_at


def test_two_press_at_once_and_it_goes_on_once(arena: Arena) -> None:
    """The first stands still with the job in hand, the second waits for it and finds nothing left to press."""
    job = a_stopped_job(arena)
    worker(arena, "one", PRESS=str(job.pk), HALT="press")
    wait_for(lambda: arena.mark("halted-one"), 40)
    worker(arena, "two", PRESS=str(job.pk))
    wait_for(somebody_waits, 40)
    arena.allow("go-on-one")
    wait_for(lambda: arena.mark("pressed-one") and arena.mark("pressed-two"), 40)
    assert [name for name in ("one", "two") if "job_retried" in arena.said(name)] == ["one"]
    worker(arena, "heir")
    wait_for(lambda: now_is(job, "done"), 60)
    assert states(job) == {"done": TOTAL}
    assert times("handed_over") == {1}
    assert assignees() == {"Cole League"}


@pytest.mark.slow
def test_control_without_the_guard_what_was_done_begins_and_ends_anew(arena: Arena) -> None:
    """The hour in which it can be given back begins again, whenever the second one comes."""
    job = a_stopped_job(arena)
    worker(arena, "one", PRESS=str(job.pk), HALT="press", RIG="no-guard")
    wait_for(lambda: arena.mark("halted-one"), 40)
    worker(arena, "two", PRESS=str(job.pk), RIG="no-guard")
    worker(arena, "heir")
    wait_for(lambda: now_is(job, "done"), 60)
    ended = ended_at(job)
    arena.allow("go-on-one")
    wait_for(lambda: ended_at(job) not in (None, ended), 60)
    assert [name for name in ("one", "two") if "job_retried" in arena.said(name)] == ["one", "two"]
