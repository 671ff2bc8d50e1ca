"""Demo incidents as long work: asked for on the jobs page, made slice by slice."""

from __future__ import annotations

from incidents.actions import jobs, words
from incidents.demo.generate import SLICE, Plan, generate_slice, refresh_statistics
from incidents.models import Job, JobKind


def make_incidents(job: Job, first: int, count: int) -> None:
    """The same numbers come out the same, whoever makes them: the plan follows from the job alone."""
    plan = Plan(count=job.total, as_of=job.asked_at.replace(microsecond=0), run=f"job-{job.submit_key}")
    generate_slice(plan=plan, first=first, count=count)
    if first + count >= job.total:
        refresh_statistics()
        words.count_words()


def connect() -> None:
    jobs.register(JobKind.DEMO_INCIDENTS, jobs.Work(make_incidents, size=SLICE))
