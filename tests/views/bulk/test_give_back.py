"""All that one job handed over goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.actions import bulk, jobs
from incidents.models import BulkAct, Incident, Job, Staff
from tests import make
from tests.make import HOUR, Cast

SignIn = Callable[[Staff], Client]


@pytest.fixture
def job(cast: Cast) -> Job:
    """Two recoveries handed over to a colleague."""
    for _time in range(2):
        make.make_incident(cast.desk, now=timezone.now() - HOUR)
    rows, now = Incident.objects.order_by("pk"), timezone.now()
    asked = bulk.ask_for_bulk(
        act=BulkAct.REASSIGN, rows=rows, to=cast.colleague, by=cast.manager, now=now, submit_key=uuid4()
    )
    jobs.work(budget=dt.timedelta(minutes=1))
    asked.refresh_from_db()
    return asked


def address(job: Job) -> str:
    return reverse("bulk-give-back", args=[job.pk])


def assignees() -> set[str]:
    return set(Incident.objects.values_list("assignee__name", flat=True))


def test_it_gives_all_back(cast: Cast, sign_in: SignIn, job: Job) -> None:
    client = sign_in(cast.manager)
    answer = client.post(address(job))
    back = Job.objects.get(options__of=job.pk)
    assert answer["Location"] == back.get_absolute_url()
    assert client.post(address(job))["Location"] == back.get_absolute_url()
    assert assignees() == {"Cole League"}
    jobs.work(budget=dt.timedelta(minutes=1))
    assert assignees() == {"Dora Desk"}
    assert b"Give all back</button>" not in client.get(job.get_absolute_url()).content


def test_only_whoever_asked_and_administrators_find_it(cast: Cast, sign_in: SignIn, job: Job) -> None:
    for stranger in (cast.outsider, cast.colleague, cast.desk):
        assert sign_in(stranger).post(address(job)).status_code == 404
    assert sign_in(cast.owner).post(address(job)).status_code == 302


def test_later_it_is_refused_in_words(cast: Cast, sign_in: SignIn, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - 2 * HOUR)
    answer = sign_in(cast.manager).post(address(job))
    assert answer.status_code == 409
    assert b"can no longer be given back" in answer.content
    assert b"Give all back" not in sign_in(cast.manager).get(job.get_absolute_url()).content


def test_other_long_work_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    other = make.make_job(cast.manager)
    assert sign_in(cast.manager).post(address(other)).status_code == 404


def test_rules(cast: Cast, sign_in: SignIn, job: Job) -> None:
    client = sign_in(cast.manager)
    assert client.get(address(job)).status_code == 405
    assert client.post(reverse("bulk-give-back", args=[10**9])).status_code == 404
    assert Client().post(address(job)).status_code == 302
