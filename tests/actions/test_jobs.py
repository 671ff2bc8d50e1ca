"""Long work: asked for once, made slice after slice, each slice with its count or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from incidents.actions import jobs
from incidents.actions.refusals import Refused
from incidents.models import Category, Job, JobKind
from incidents.models.job import INTERRUPTED
from tests.make import NOW, Cast, make_job

KIND = JobKind.DEMO_INCIDENTS
LONG = dt.timedelta(hours=1)
ONE_SLICE = dt.timedelta(0)


class Pieces:
    """A made-up kind: remembers what it was asked for, writes a row per slice, fails when told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.fails: list[Exception] = []
        self.meanwhile: Any = None

    def run(self, job: Job, first: int, count: int) -> None:
        self.asked.append((first, count))
        Category.objects.create(key=f"piece-{job.pk}-{first}-{len(self.asked)}", name="Piece", severity=4)
        if self.meanwhile:
            self.meanwhile(job)
        if self.fails:
            raise self.fails.pop()

    @property
    def kept(self) -> int:
        return Category.objects.filter(key__startswith="piece-").count()


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> Pieces:
    made = Pieces()
    monkeypatch.setattr(jobs, "KINDS", {KIND: jobs.Work(made.run, size=4)})
    return made


def ask(cast: Cast, **over: Any) -> Job:
    return make_job(over.pop("by", cast.owner), **over)


class Clock:
    """Each look at it is a second later."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def facts(job: Job) -> tuple[str, int, int, str]:
    job.refresh_from_db()
    return job.state, job.done, job.tries, job.last_error


def test_asking_twice_with_one_key_is_one_job(cast: Cast) -> None:
    key = uuid4()
    assert ask(cast, submit_key=key) == ask(cast, submit_key=key, total=99)
    assert Job.objects.get().total == 10
    with pytest.raises(Refused):
        ask(cast, submit_key=key, by=cast.manager)


def test_a_job_is_made_in_slices_to_its_end(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    assert jobs.work(Clock(), budget=LONG) == 10
    assert pieces.asked == [(0, 4), (4, 4), (8, 2)]
    assert facts(job) == ("done", 10, 0, "")
    assert job.lease_until is None
    assert job.started_at
    assert job.finished_at
    assert job.started_at < job.finished_at
    assert jobs.work(Clock(), budget=LONG) == 0


def test_the_budget_ends_a_turn_but_not_the_job(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    assert jobs.work(Clock(), budget=ONE_SLICE) == 4
    assert facts(job) == ("pending", 4, 0, "")
    assert job.lease_until is None
    assert [jobs.work(Clock(), budget=ONE_SLICE) for _turn in range(3)] == [4, 2, 0]
    assert facts(job)[0] == "done"


def test_while_one_is_at_work_no_other_is_taken(cast: Cast, pieces: Pieces) -> None:
    first, second = ask(cast), ask(cast)
    held = jobs.claim(NOW)
    assert held is not None
    assert held.job_id == first.pk
    assert jobs.claim(NOW) is None
    assert jobs.work(Clock(), budget=LONG) == 0
    assert facts(second)[0] == "pending"
    after = jobs.claim(NOW + 2 * jobs.LEASE)
    assert after is not None
    assert after.job_id == second.pk, "the one that was interrupted goes behind those that were not"


def test_kinds_we_do_not_know_are_left_to_others(cast: Cast, pieces: Pieces, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(cast)
    monkeypatch.setattr(jobs, "KINDS", {})
    assert jobs.work(Clock(), budget=LONG) == 0
    assert facts(job) == ("pending", 0, 0, "")


def test_a_slice_that_fails_leaves_nothing_and_is_tried_again(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    pieces.fails = [ValueError("with a name in it")]
    assert jobs.work(Clock(), budget=LONG) == 0
    assert facts(job) == ("pending", 0, 1, "ValueError")
    assert pieces.kept == 0
    assert jobs.work(Clock(), budget=LONG) == 10
    assert facts(job) == ("done", 10, 0, "")
    assert pieces.kept == 3


def test_five_failures_in_a_row_end_it_where_it_stands(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    assert jobs.work(Clock(), budget=ONE_SLICE) == 4
    pieces.fails = [ValueError()] * 9
    for turn in range(1, 5):
        jobs.work(Clock(), budget=LONG)
        assert facts(job) == ("pending", 4, turn, "ValueError")
    jobs.work(Clock(), budget=LONG)
    assert facts(job) == ("failed", 4, 5, "ValueError")
    assert job.finished_at is not None
    assert jobs.work(Clock(), budget=LONG) == 0
    pieces.fails = []
    assert jobs.retry_job(job_id=job.pk, by=cast.owner, now=NOW).state == "pending"
    assert jobs.work(Clock(), budget=LONG) == 6
    assert facts(job) == ("done", 10, 0, "")


def test_progress_gives_all_tries_back(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast, total=100)
    for _turn in range(6):
        pieces.fails = [ValueError()]
        jobs.work(Clock(), budget=ONE_SLICE)
        assert facts(job)[2] == 1
        jobs.work(Clock(), budget=ONE_SLICE)
    assert facts(job) == ("pending", 24, 0, "")


def test_a_holder_that_dies_again_and_again_ends_it_too(cast: Cast, pieces: Pieces) -> None:
    job, now = ask(cast), NOW
    for turn in range(1, 6):
        held = jobs.claim(now)
        assert held is not None
        assert held.tries == turn
        now += 2 * jobs.LEASE
    assert jobs.claim(now) is None
    assert facts(job) == ("failed", 0, 5, INTERRUPTED)


def test_one_that_fails_does_not_hold_up_the_others(cast: Cast, pieces: Pieces) -> None:
    bad, good = ask(cast), ask(cast, now=NOW + LONG)
    pieces.fails = [ValueError()]
    jobs.work(Clock(), budget=LONG)
    assert facts(bad)[2] == 1
    jobs.work(Clock(), budget=LONG)
    assert facts(good)[0] == "done"


@pytest.mark.parametrize("changed", [{"tries": 2}, {"lease_until": NOW + LONG}, {"done": 5}, {"state": "pending"}])
def test_every_part_of_the_fence_holds(cast: Cast, pieces: Pieces, changed: dict[str, Any]) -> None:
    job = ask(cast)
    held = jobs.claim(NOW)
    assert held is not None
    Job.objects.filter(pk=job.pk).update(**changed)
    with pytest.raises(jobs.TakenOver):
        jobs.make_slice(job, held, Clock())
    assert pieces.kept == 0


def test_cancelling_a_waiting_one_ends_it_at_once(cast: Cast, pieces: Pieces) -> None:
    job = jobs.cancel_job(job_id=ask(cast).pk, by=cast.owner, now=NOW)
    assert (job.state, job.finished_at, job.cancel_asked_at) == ("cancelled", NOW, NOW)
    assert jobs.work(Clock(), budget=LONG) == 0


def test_cancelling_one_at_work_ends_it_after_its_slice(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    pieces.meanwhile = lambda job: jobs.cancel_job(job_id=job.pk, by=cast.owner, now=NOW)
    assert jobs.work(Clock(), budget=LONG) == 4
    assert facts(job) == ("cancelled", 4, 0, "")
    assert pieces.kept == 1
    assert job.finished_at is not None


def test_cancelled_in_the_last_slice_it_is_done(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast, total=4)
    pieces.meanwhile = lambda job: jobs.cancel_job(job_id=job.pk, by=cast.owner, now=NOW)
    jobs.work(Clock(), budget=LONG)
    assert facts(job)[:2] == ("done", 4)


def test_cancelled_while_its_slice_fails_it_is_not_tried_again(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    held = jobs.claim(NOW)
    assert held is not None
    jobs.cancel_job(job_id=job.pk, by=cast.owner, now=NOW)
    jobs.release(held, now=NOW, error="ValueError")
    assert facts(job)[:2] == ("cancelled", 0)


def test_cancelling_one_whose_holder_died_ends_it_at_once(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    assert jobs.claim(NOW)
    assert jobs.cancel_job(job_id=job.pk, by=cast.owner, now=NOW).state == "claimed"
    assert jobs.claim(NOW + 2 * jobs.LEASE) is None
    assert facts(job)[0] == "cancelled"
    other = ask(cast)
    assert jobs.claim(NOW)
    late = NOW + 2 * jobs.LEASE
    assert jobs.cancel_job(job_id=other.pk, by=cast.owner, now=late).state == "cancelled"


@pytest.mark.parametrize("act", [jobs.cancel_job, jobs.retry_job])
def test_what_is_done_stays_done(cast: Cast, pieces: Pieces, act: Any) -> None:
    job = ask(cast)
    jobs.work(Clock(), budget=LONG)
    before = Job.objects.filter(pk=job.pk).values().get()
    act(job_id=job.pk, by=cast.owner, now=NOW)
    assert Job.objects.filter(pk=job.pk).values().get() == before


@pytest.mark.parametrize("act", [jobs.cancel_job, jobs.retry_job])
def test_anothers_job_is_not_there(cast: Cast, act: Any) -> None:
    with pytest.raises(Job.DoesNotExist):
        act(job_id=ask(cast).pk, by=cast.manager, now=NOW)
    assert act(job_id=ask(cast, by=cast.manager).pk, by=cast.owner, now=NOW)


def test_the_clock_is_the_databases(cast: Cast, pieces: Pieces) -> None:
    job = ask(cast)
    jobs.work(budget=LONG)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    job.refresh_from_db()
    assert job.started_at
    assert job.finished_at
    assert now - dt.timedelta(minutes=1) < job.started_at <= job.finished_at < now
