"""A process that works on jobs with one part bent, for tests only: `python -m tests.faults.rigged_jobs`.

As a Celery app (`celery -A tests.faults.rigged_jobs`) it is the app's own worker with a fast alarm clock. RIG says
what is bent, HALT at which piece it stands still. The kind is made up: each piece is one row of `arena_piece`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import django

from recovery.celery import app

django.setup()

from django.db import connection  # noqa: E402

from incidents.actions import jobs  # noqa: E402
from incidents.models import Job, JobKind  # noqa: E402

ARENA = Path(os.environ["ARENA"])
RIG = os.environ.get("RIG", "")
NAME = os.environ.get("NAME", "worker")
HALT = int(os.environ.get("HALT", "-1"))
SIZE = 5
app.conf.beat_schedule["jobs"] = {"task": "incidents.work_on_jobs", "schedule": 0.5}
real_turn, real_claim_one = jobs._has_turn, jobs._claim_one


def run(job: Job, first: int, count: int) -> None:
    """Make the pieces, and at HALT stand still with them in hand: killed, or told to go on."""
    with connection.cursor() as cursor:
        rows = [(job.pk, number, NAME) for number in range(first, first + count)]
        cursor.executemany("INSERT INTO arena_piece (job, number, made_by) VALUES (%s, %s, %s)", rows)
    if first == HALT:
        halt()


def halt() -> None:
    (ARENA / f"halted-{NAME}").touch()
    while not (ARENA / f"go-on-{NAME}").exists():
        time.sleep(0.01)


def make_slice_apart(job: Job, held: jobs.Claim, now: jobs.Clock) -> jobs.Claim:
    """The pieces, and then the count: what anybody writes first."""
    count = min(SIZE, job.total - held.done)
    run(job, held.done, count)
    return jobs._count(held, held.done + count, now=now())


def meet() -> None:
    """Go on when two processes stand at the same point."""
    (ARENA / f"here-{NAME}").touch()
    deadline = time.monotonic() + 20
    while len(list(ARENA.glob("here-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)


def always(cursor: Any) -> bool:
    return True


def turn_and_tell(cursor: Any) -> bool:
    """The real turn; whoever does not get it does not keep the other waiting."""
    is_ours = real_turn(cursor)
    if not is_ours:
        (ARENA / f"here-{NAME}").touch()
    return is_ours


def claim_together(cursor: Any, words: dict[str, Any]) -> jobs.Claim | None:
    """Claim, and commit only when the other one stands here too or may not claim."""
    held = real_claim_one(cursor, words)
    meet()
    return held


jobs.LEASE = dt.timedelta(seconds=float(os.environ.get("LEASE", "1.5")))
jobs.register(JobKind.DEMO_INCIDENTS, jobs.Work(run, size=SIZE))
if RIG == "apart":
    jobs.make_slice = make_slice_apart
elif RIG == "no-fence":
    jobs._MINE = " WHERE id = %(job)s"
elif RIG in {"together", "no-turn"}:
    jobs._claim_one = claim_together
    jobs._has_turn = turn_and_tell if RIG == "together" else always


if __name__ == "__main__":
    budget = dt.timedelta(seconds=float(os.environ.get("BUDGET", "30")))
    while True:
        jobs.work(budget=budget)
        (ARENA / f"worked-{NAME}").touch()
        time.sleep(0.05)
