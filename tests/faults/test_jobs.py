"""Long work on real processes, killed and stalled as life does it: no piece is lost, none is made twice."""

from __future__ import annotations

import sys

import pytest
from django.db import connection

from incidents.actions import jobs, remind
from incidents.models import Job
from recovery.embedded.children import Child
from tests import make
from tests.faults.arena import Arena, run_sql
from tests.programs import wait_for

RIGGED = "tests.faults.rigged_jobs"
TOTAL = 40
ALL = dict.fromkeys(range(TOTAL), 1)


def a_job(owner: str = "owner", **over: int) -> Job:
    """One job of forty pieces that leave a trace each."""
    run_sql("CREATE TABLE IF NOT EXISTS arena_piece (job bigint, number int, made_by text)")
    cast = make.make_cast()
    return make.make_job(getattr(cast, owner), **{"total": TOTAL} | over)


def worker(arena: Arena, name: str, **more: str) -> Child:
    return arena.programs.start(name, [sys.executable, "-m", RIGGED], NAME=name, **more)


def pieces(job: Job) -> dict[int, int]:
    """How often each piece is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, count(*) FROM arena_piece WHERE job = %s GROUP BY number", [job.pk])
        return dict(cursor.fetchall())


def makers(job: Job) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT made_by FROM arena_piece WHERE job = %s", [job.pk])
        return {name for (name,) in cursor.fetchall()}


def now_is(job: Job, state: str) -> bool:
    job.refresh_from_db()
    return job.state == state


def killed_with_a_slice_in_hand(arena: Arena, rig: str = "") -> Job:
    """The victim dies in its third slice, its heir ends the job."""
    job = a_job()
    victim = worker(arena, "victim", RIG=rig, HALT="10")
    wait_for(lambda: arena.mark("halted-victim"), 40)
    victim.kill()
    job.refresh_from_db()
    assert (job.state, job.done) == ("claimed", 10)
    worker(arena, "heir")
    wait_for(lambda: now_is(job, "done"), 40)
    assert makers(job) == {"victim", "heir"}
    return job


def test_killed_in_the_middle_of_a_slice_each_piece_is_made_once(arena: Arena) -> None:
    job = killed_with_a_slice_in_hand(arena)
    assert pieces(job) == ALL
    assert (job.done, job.tries, job.last_error) == (TOTAL, 0, "")


def test_control_with_the_count_outside_the_transaction_a_slice_is_there_twice(arena: Arena) -> None:
    made = pieces(killed_with_a_slice_in_hand(arena, "apart"))
    assert made == ALL | dict.fromkeys(range(10, 15), 2)


def overtaken(arena: Arena, rig: str = "") -> Job:
    """One stands still beyond its lease, another ends the job, then the first goes on."""
    job = a_job()
    slow = worker(arena, "slow", RIG=rig, HALT="10")
    wait_for(lambda: arena.mark("halted-slow"), 40)
    worker(arena, "heir")
    wait_for(lambda: now_is(job, "done"), 40)
    (arena.directory / "worked-slow").unlink(missing_ok=True)
    (arena.directory / "go-on-slow").touch()
    wait_for(lambda: arena.mark("worked-slow"), 20)
    assert slow.is_running()
    return job


def test_whoever_was_overtaken_keeps_nothing(arena: Arena) -> None:
    job = overtaken(arena)
    assert pieces(job) == ALL
    assert now_is(job, "done")
    assert "job_taken_over" in arena.said("slow")


def test_control_without_the_fence_its_slice_is_there_twice(arena: Arena) -> None:
    assert max(pieces(overtaken(arena, "no-fence")).values()) > 1


def test_two_that_take_turns_make_no_slice_twice(arena: Arena) -> None:
    job = a_job()
    for name in ("first", "second"):
        worker(arena, name, RIG="together", BUDGET="0")
    wait_for(lambda: now_is(job, "done"), 60)
    assert pieces(job) == ALL


def two_at_the_claim(arena: Arena, rig: str) -> int:
    """Two waiting jobs and two processes that claim in the same moment; how many jobs are then at work."""
    two = [a_job(), make.make_job(Job.objects.get().asked_by, total=TOTAL)]
    for name in ("first", "second"):
        worker(arena, name, RIG=rig, HALT="0", LEASE="600")
    wait_for(lambda: arena.mark("here-first") and arena.mark("here-second"), 40)
    wait_for(lambda: arena.mark("halted-first") or arena.mark("halted-second"), 20)
    if rig == "no-turn":
        wait_for(lambda: arena.mark("halted-first") and arena.mark("halted-second"), 20)
    else:  # the other one has come back from asking, more than once
        [idle] = [name for name in ("first", "second") if not arena.mark(f"halted-{name}")]
        for _time in range(3):
            (arena.directory / f"worked-{idle}").unlink(missing_ok=True)
            wait_for(lambda: arena.mark(f"worked-{idle}"), 20)
    return Job.objects.filter(pk__in=[job.pk for job in two], state="claimed").count()


def test_one_job_is_at_work_whoever_asks(arena: Arena) -> None:
    assert two_at_the_claim(arena, "together") == 1


def test_control_without_turns_two_are_at_work(arena: Arena) -> None:
    assert two_at_the_claim(arena, "no-turn") == 2


def test_cancelled_while_at_work_it_stops_after_its_slice(arena: Arena) -> None:
    job = a_job()
    worker(arena, "worker", HALT="10")
    wait_for(lambda: arena.mark("halted-worker"), 40)
    asked = jobs.cancel_job(job_id=job.pk, by=job.asked_by, now=remind.database_now())
    assert asked.state == "claimed"
    (arena.directory / "go-on-worker").touch()
    wait_for(lambda: now_is(job, "cancelled"))
    assert job.done == 15
    assert pieces(job) == dict.fromkeys(range(15), 1)


@pytest.mark.slow
def test_worker_and_valkey_killed_and_back_empty_the_job_goes_on(arena: Arena) -> None:
    """Celery only rings: what is to do, and how far it is, is the row."""
    job = a_job()
    arena.beat(app=RIGGED)
    victim = arena.worker("victim", app=RIGGED, NAME="victim", HALT="10")
    wait_for(lambda: arena.mark("halted-victim"), 60)
    arena.kill_valkey()
    victim.kill()
    arena.start_valkey()
    arena.worker("heir", app=RIGGED, NAME="heir")
    wait_for(lambda: now_is(job, "done"), 90)
    assert pieces(job) == ALL
    assert makers(job) == {"victim", "heir"}
