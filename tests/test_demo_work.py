"""Demo incidents as long work."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.actions import jobs
from incidents.demo import work
from incidents.models import Incident, JobKind
from tests import make
from tests.make import NOW, Cast

KIND = JobKind.DEMO_INCIDENTS


@pytest.mark.parametrize("size", [4, 100])
def test_every_incident_is_made_once_however_it_is_cut(cast: Cast, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(jobs, "KINDS", {KIND: jobs.Work(work.make_incidents, size=size)})
    job = make.make_job(cast.owner, total=10)
    assert jobs.work(lambda: NOW, budget=dt.timedelta(hours=1)) == 10
    job.refresh_from_db()
    assert (job.state, job.done, job.last_error) == ("done", 10, "")
    assert Incident.objects.count() == 10
    assert not Incident.objects.filter(created_at__gt=NOW).exists()


def test_two_jobs_make_different_incidents(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KINDS", {})
    work.connect()
    for _job in range(2):
        make.make_job(cast.owner, total=5)
        assert jobs.work(lambda: NOW, budget=dt.timedelta(hours=1)) == 5
    assert Incident.objects.count() == 10
