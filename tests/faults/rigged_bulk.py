"""A process that changes many incidents with one part bent, for tests only: `python -m tests.faults.rigged_bulk`.

HALT says where it stands still: `inside 7` with seven rows of its own in hand, `before 10` between two slices.
RIG=apart commits each row by itself, as anybody writes it first; RIG=no-look does not ask who was given it meanwhile.
PRESS names a stopped job that the process goes on with, once; with HALT=press it stands still when it has looked at it.
RIG=no-guard does not lock what it goes on with, nor ask whether somebody was faster.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import django

django.setup()

from django.db import transaction  # noqa: E402

from incidents.actions import bulk, bulk_rest, jobs, remind  # noqa: E402
from incidents.models import Job, JobKind, JobLine, LineState  # noqa: E402
from incidents.models.job import JobQuerySet  # noqa: E402

ARENA = Path(os.environ["ARENA"])
RIG = os.environ.get("RIG", "")
NAME = os.environ.get("NAME", "worker")
WHERE, _space, AT = os.environ.get("HALT", "").partition(" ")
SIZE = 5
changed: list[int] = []
real_change, real_slice, real_still = bulk._change, jobs.make_slice, jobs._still


def halt() -> None:
    (ARENA / f"halted-{NAME}").touch()
    while not (ARENA / f"go-on-{NAME}").exists():
        time.sleep(0.01)


def change(line: JobLine, order: bulk.Order) -> tuple[LineState, str]:
    """One row; at HALT it stands still with it in hand."""
    became = real_change(line, order)
    changed.append(line.position)
    if WHERE == "inside" and len(changed) == int(AT):
        halt()
    return became


def make_slice(job: Job, held: jobs.Claim, now: jobs.Clock) -> jobs.Claim:
    if WHERE == "before" and held.done == int(AT):
        halt()
    return make_slice_apart(job, held, now) if RIG == "apart" else real_slice(job, held, now)


def make_slice_apart(job: Job, held: jobs.Claim, now: jobs.Clock) -> jobs.Claim:
    """The rows, then their words, then the count: each commits by itself."""
    count = min(SIZE, job.total - held.done)
    bulk.change_many(job, held.done, count)
    with transaction.atomic():
        return jobs._count(held, held.done + count, now=now())


def press() -> None:
    """The button "Go on with the rest", pressed once."""
    job = Job.objects.select_related("asked_by").get(pk=os.environ["PRESS"])
    bulk_rest.go_on(job_id=job.pk, by=job.asked_by, now=remind.database_now())
    (ARENA / f"pressed-{NAME}").touch()


def still(rows: JobQuerySet, job: Job) -> JobQuerySet:
    if WHERE == "press":
        halt()
    return rows if RIG == "no-guard" else real_still(rows, job)


jobs.LEASE = dt.timedelta(seconds=float(os.environ.get("LEASE", "1.5")))
jobs.register(JobKind.BULK, jobs.Work(bulk.change_many, size=SIZE))
bulk._change = change
jobs.make_slice, jobs._still = make_slice, still
if RIG == "no-look":
    bulk._was_passed_on = lambda incident, *, since: False
elif RIG == "no-guard":
    bulk_rest._held = lambda job_id, by: Job.objects.select_related("asked_by").get(pk=job_id)


if __name__ == "__main__" and "PRESS" in os.environ:
    press()
elif __name__ == "__main__":
    budget = dt.timedelta(seconds=float(os.environ.get("BUDGET", "30")))
    while True:
        jobs.work(budget=budget)
        (ARENA / f"worked-{NAME}").touch()
        time.sleep(0.02)
