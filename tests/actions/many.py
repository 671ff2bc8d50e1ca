"""What the tests of changing many share: incidents of the desk, a job about them, and what became of each."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import bulk, jobs, remind
from incidents.models import BulkAct, Incident, Job, JobKind
from tests import make
from tests.make import HOUR, Cast

LONG = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def only_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KINDS", {JobKind.BULK: jobs.Work(bulk.change_many, size=2)})


def many(cast: Cast, number: int = 3, **over: Any) -> list[Incident]:
    return [make.make_incident(cast.desk, now=remind.database_now() - HOUR, **over) for _time in range(number)]


def ask(cast: Cast, act: BulkAct = BulkAct.REASSIGN, **over: Any) -> Job:
    fields: dict[str, Any] = {
        "rows": Incident.objects.order_by("pk"),
        "by": cast.manager,
        "to": cast.colleague if act == BulkAct.REASSIGN else None,
        "now": remind.database_now(),
        "submit_key": uuid4(),
    }
    return bulk.ask_for_bulk(act=act, **fields | over)


def done(job: Job) -> list[tuple[str, str]]:
    """State and words of each line, once all slices are made."""
    jobs.work(budget=LONG)
    job.refresh_from_db()
    assert job.state == "done", job.last_error
    assert job.done == job.total == job.lines.count()
    return list(job.lines.order_by("position").values_list("state", "said"))


def owners() -> set[str]:
    return set(Incident.objects.values_list("assignee__name", flat=True))
