"""Many incidents changed by real processes that are killed, stalled and raced: each is changed once, and says so."""

from __future__ import annotations

import sys
from collections import Counter
from uuid import uuid4

import pytest

from incidents.actions import bulk, handovers, jobs, remind
from incidents.models import BulkAct, Event, Incident, Job, Notice, Outbox
from recovery.embedded.children import Child
from tests import make
from tests.faults.arena import Arena
from tests.programs import wait_for

RIGGED = "tests.faults.rigged_bulk"
TOTAL = 20
IN_A_SLICE, BETWEEN = "inside 7", "before 10"


def a_job(act: BulkAct = BulkAct.REASSIGN) -> tuple[make.Cast, Job]:
    """Twenty recoveries of the desk, all of which shall go to a colleague."""
    cast, now = make.make_cast(), remind.database_now()
    customer = make.make_customer()
    for _time in range(TOTAL):
        make.make_incident(cast.desk, customer=customer, now=now - make.HOUR)
    to = cast.colleague if act == BulkAct.REASSIGN else None
    rows = Incident.objects.order_by("pk")
    return cast, bulk.ask_for_bulk(act=act, rows=rows, to=to, by=cast.manager, now=now, submit_key=uuid4())


def worker(arena: Arena, name: str, **more: str) -> Child:
    return arena.programs.start(name, [sys.executable, "-m", RIGGED], NAME=name, **more)


def now_is(job: Job, state: str) -> bool:
    job.refresh_from_db()
    return job.state == state


def states(job: Job) -> Counter[str]:
    return Counter(job.lines.values_list("state", flat=True))


def times(kind: str) -> set[int]:
    """How often it happened to each of the twenty."""
    happened = Counter(Event.objects.filter(kind=kind).values_list("incident", flat=True))
    return {happened[pk] for pk in Incident.objects.values_list("pk", flat=True)}


def assignees() -> set[str]:
    return set(Incident.objects.values_list("assignee__name", flat=True))


def killed(arena: Arena, job: Job, where: str, rig: str = "") -> None:
    """The victim dies where it stands, its heir ends the job."""
    victim = worker(arena, "victim", HALT=where, RIG=rig)
    wait_for(lambda: arena.mark("halted-victim"), 40)
    victim.kill()
    worker(arena, "heir", RIG=rig)
    wait_for(lambda: now_is(job, "done"), 60)


@pytest.mark.parametrize("where", [IN_A_SLICE, BETWEEN], ids=["in a slice", "between slices"])
def test_killed_in_the_middle_each_is_handed_over_once(arena: Arena, where: str) -> None:
    _cast, job = a_job()
    killed(arena, job, where)
    assert states(job) == {"done": TOTAL}
    assert times("handed_over") == {1}
    assert assignees() == {"Cole League"}
    assert Notice.objects.filter(kind="assigned").count() == TOTAL


@pytest.mark.slow
def test_killed_in_the_middle_each_is_reminded_of_once(arena: Arena) -> None:
    _cast, job = a_job(BulkAct.REMIND)
    killed(arena, job, IN_A_SLICE)
    assert states(job) == {"done": TOTAL}
    assert times("nudged") == {1}
    assert Outbox.objects.get(job=job).lines.count() == TOTAL, "and one mail says so"


def given_back(cast: make.Cast, job: Job) -> int:
    """How many are with the desk again once all was given back."""
    bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    wait_for(lambda: not Job.objects.filter(finished_at=None).exists(), 60)
    return Incident.objects.filter(assignee=cast.desk).count()


def test_what_a_killed_process_began_goes_back_as_all_the_rest(arena: Arena) -> None:
    cast, job = a_job()
    killed(arena, job, IN_A_SLICE)
    assert given_back(cast, job) == TOTAL


@pytest.mark.slow
def test_control_row_by_row_what_was_done_says_it_was_not_and_stays(arena: Arena) -> None:
    """Without one transaction for rows, words and count the heir finds them done, and nobody can give them back."""
    cast, job = a_job()
    killed(arena, job, IN_A_SLICE, "apart")
    assert states(job) == {"done": TOTAL - 2, "skipped": 2}
    assert given_back(cast, job) == TOTAL - 2


def test_whoever_was_overtaken_keeps_nothing(arena: Arena) -> None:
    """One stands still beyond its lease with rows in hand; another waits for them, and makes all of them."""
    _cast, job = a_job()
    slow = worker(arena, "slow", HALT=IN_A_SLICE)
    wait_for(lambda: arena.mark("halted-slow"), 40)
    job.refresh_from_db()
    held = job.lease_until
    worker(arena, "heir")
    wait_for(lambda: Job.objects.get(pk=job.pk).lease_until != held, 40)
    arena.allow("go-on-slow")
    wait_for(lambda: now_is(job, "done"), 60)
    assert states(job) == {"done": TOTAL}
    assert times("handed_over") == {1}
    assert "job_taken_over" in arena.said("slow")
    assert slow.is_running()


def test_two_that_take_turns_hand_each_over_once(arena: Arena) -> None:
    _cast, job = a_job()
    for name in ("first", "second"):
        worker(arena, name, BUDGET="0")
    wait_for(lambda: now_is(job, "done"), 60)
    assert states(job) == {"done": TOTAL}
    assert times("handed_over") == {1}


def passed_on_meanwhile(arena: Arena, rig: str) -> tuple[Counter[str], str]:
    """Between two slices somebody gives one of the later ones to the owner; who has it in the end."""
    cast, job = a_job()
    worker(arena, "worker", HALT=BETWEEN, RIG=rig)
    wait_for(lambda: arena.mark("halted-worker"), 40)
    one = Incident.objects.order_by("pk")[15]
    handovers.hand_over(incident_id=one.pk, to=cast.owner, by=cast.desk, now=remind.database_now())
    arena.allow("go-on-worker")
    wait_for(lambda: now_is(job, "done"), 60)
    return states(job), make.fresh(one).assignee.name


def test_what_somebody_passes_on_meanwhile_stays_with_them(arena: Arena) -> None:
    assert passed_on_meanwhile(arena, "") == ({"done": TOTAL - 1, "refused": 1}, "Olga Owner")


@pytest.mark.slow
def test_control_without_a_look_it_is_taken_from_them(arena: Arena) -> None:
    assert passed_on_meanwhile(arena, "no-look") == ({"done": TOTAL}, "Cole League")


@pytest.mark.slow
def test_stopped_between_slices_what_is_made_stays_and_goes_back(arena: Arena) -> None:
    cast, job = a_job()
    worker(arena, "worker", HALT=BETWEEN, LEASE="60")
    wait_for(lambda: arena.mark("halted-worker"), 40)
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    arena.allow("go-on-worker")
    wait_for(lambda: now_is(job, "cancelled"), 40)
    assert states(job) == {"done": 15, "pending": 5}
    assert given_back(cast, job) == TOTAL
