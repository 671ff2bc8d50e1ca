"""A button goes on with the rest of what was stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.actions import bulk, jobs
from incidents.models import BulkAct, Incident, Job, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import HOUR, Cast

SignIn = Callable[[Staff], Client]
BUTTON = b"Go on with the rest</button>"


@kept_rows
def job(cast: Cast) -> Job:
    """Thirty to hand over, stopped after the first slice."""
    for _time in range(bulk.SLICE + 5):
        make.make_incident(cast.desk, now=timezone.now() - HOUR)
    rows, now = Incident.objects.order_by("pk"), timezone.now()
    asked = bulk.ask_for_bulk(
        act=BulkAct.REASSIGN, rows=rows, to=cast.colleague, by=cast.manager, now=now, submit_key=uuid4()
    )
    jobs.work(budget=dt.timedelta(0))
    return jobs.cancel_job(job_id=asked.pk, by=cast.manager, now=timezone.now())


def address(job: Job) -> str:
    return reverse("job-retry", args=[job.pk])


def test_it_goes_on_with_the_rest(cast: Cast, sign_in: SignIn, job: Job) -> None:
    client = sign_in(cast.manager)
    page = client.get(job.get_absolute_url()).content
    assert BUTTON in page
    assert b"Stopped after 25 of 30." in page
    answer = client.post(address(job), follow=True)
    assert answer.redirect_chain == [(job.get_absolute_url(), 302)]
    assert b"It goes on from where it stopped." in answer.content
    jobs.work(budget=dt.timedelta(minutes=1))
    page = client.get(job.get_absolute_url()).content
    assert b"30 were handed over." in page
    assert b"Give all back</button>" in page
    assert BUTTON not in page


def test_only_whoever_asked_and_administrators_find_it(cast: Cast, sign_in: SignIn, job: Job) -> None:
    for stranger in (cast.outsider, cast.colleague, cast.desk):
        assert sign_in(stranger).post(address(job)).status_code == 404
    assert sign_in(cast.owner).post(address(job)).status_code == 302


def test_after_it_was_given_back_it_is_refused_in_words(cast: Cast, sign_in: SignIn, job: Job) -> None:
    client = sign_in(cast.manager)
    client.post(reverse("bulk-give-back", args=[job.pk]))
    assert BUTTON not in client.get(job.get_absolute_url()).content
    answer = client.post(address(job))
    assert answer.status_code == 409
    assert b"What was done of it has been given back." in answer.content


def test_whoever_asked_may_not_any_more(cast: Cast, sign_in: SignIn, job: Job) -> None:
    Staff.objects.filter(pk=cast.manager.pk).update(is_active=False)
    answer = sign_in(cast.owner).post(address(job))
    assert answer.status_code == 409
    assert b"may not do this to many any more" in answer.content
