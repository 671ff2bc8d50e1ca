"""Deadlines worked out anew, after the hours, the days or the targets of a place changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.db.models import Max

from incidents.actions import jobs
from incidents.actions.advance import locked, renew_clocks
from incidents.actions.remind import database_now
from incidents.models import Incident, Job, JobKind, JobState, ReferenceCounter, Staff
from incidents.models.incident import IncidentQuerySet

SLICE = 20  # its incidents stay locked until it is done


def ask_to_reckon(*, location_id: int | None, by: Staff, now: dt.datetime) -> Job:
    """One job for all that is open at that place, or everywhere; inside the transaction of the change."""
    return ask_for_all_open(JobKind.RECKON_CLOCKS, {"location": location_id}, by=by, now=now)


def ask_for_all_open(kind: JobKind, options: dict[str, Any], *, by: Staff, now: dt.datetime) -> Job:
    """One job that goes through what is open where `options` say: a `location`, or None for everywhere; a `severity`.

    A job for the same that has not begun is that one. It counts what `by` may see; what they may not is done too.
    """
    _let_logging_end(now)
    rows = _open_at(options)
    newest = rows.aggregate(newest=Max("pk"))["newest"] or 0
    total = rows.visible_to(by).count()
    todo = options | {"after": 0, "until": newest}
    # Locked, it cannot begin before the change is there to be read.
    waiting = Job.objects.select_for_update(skip_locked=True).filter(
        kind=kind,
        options__contains=options,
        asked_by=by,
        state=JobState.PENDING,
        done=0,
        tries=0,
        started_at__isnull=True,
    )
    if job := waiting.first():
        job.options, job.total = todo, total
        job.save(update_fields=["options", "total"])
        return job
    return jobs.ask_for_job(kind=kind, options=todo, total=total, by=by, now=now, submit_key=uuid4())


def _let_logging_end(now: dt.datetime) -> None:
    """What is just being logged is there to be counted, and what is logged from now on goes by the change.

    Whoever logs holds the counter that gives out its number, from before they look at any hours until it is saved.
    """
    years = {(now + dt.timedelta(days=days)).year for days in (-1, 1)}  # the first of a year makes its counter
    ReferenceCounter.objects.bulk_create([ReferenceCounter(year=year) for year in years], ignore_conflicts=True)
    list(ReferenceCounter.objects.select_for_update().order_by("year").values_list("year"))


def _open_at(options: dict[str, Any]) -> IncidentQuerySet:
    named = {name: options[name] for name in ("location", "severity") if options.get(name) is not None}
    return Incident.objects.open().filter(**named)


def next_open(job: Job, first: int, count: int) -> Iterator[int]:
    """The next ones by number, each counted once the caller comes back; the last slice has whatever is left."""
    options = job.options
    left = _open_at(options).filter(pk__gt=options["after"], pk__lte=options["until"]).order_by("pk")
    numbers = left.values_list("pk", flat=True)
    for pk in list(numbers if first + count >= job.total else numbers[:count]):
        yield pk
        options["after"] = pk
    job.save(update_fields=["options"])


def reckon(job: Job, first: int, count: int) -> None:
    """The deadlines of the next ones."""
    now = database_now()
    for pk in next_open(job, first, count):
        reckon_incident(incident_id=pk, now=now)


def reckon_incident(*, incident_id: int, now: dt.datetime) -> None:
    """Its running clocks, what is due next and the reminder of the apology; no event, and no new version."""
    with locked(incident_id, must_be_open=False) as incident:
        if incident.is_open:
            renew_clocks(incident, now=now)


def connect() -> None:
    jobs.register(JobKind.RECKON_CLOCKS, jobs.Work(reckon, size=SLICE))
