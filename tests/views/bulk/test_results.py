"""The page of long work on many: what became of each, for eyes that may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from incidents.actions import bulk, jobs
from incidents.board import bulk as board
from incidents.models import BulkAct, Concern, Incident, Job, Staff
from incidents.vocabulary import CloseReason
from tests import make
from tests.make import HOUR, Cast

SignIn = Callable[[Staff], Client]


def a_job(cast: Cast, number: int = 3, **over: Any) -> Job:
    for _time in range(number):
        make.make_incident(cast.desk, now=timezone.now() - HOUR, customer=make.make_customer(f"Nora {uuid4().hex}"))
    fields: dict[str, Any] = {"act": BulkAct.MEETING, "rows": Incident.objects.order_by("pk"), "by": cast.manager}
    return bulk.ask_for_bulk(**fields | over, now=timezone.now(), submit_key=uuid4())


def work(job: Job) -> Job:
    jobs.work(budget=dt.timedelta(minutes=1))
    job.refresh_from_db()
    return job


def test_each_row_says_what_became_of_it(cast: Cast, sign_in: SignIn) -> None:
    job = a_job(cast)
    gone = Incident.objects.order_by("pk")[1]
    make.close(gone, cast.manager, CloseReason.VOID)
    client = sign_in(cast.manager)
    assertContains(client.get(job.get_absolute_url()), "Waiting to begin")
    page = client.get(work(job).get_absolute_url())
    assertContains(page, "2 are on the list of the next meeting now. 1 was refused: see why.")
    assertContains(page, "there is nothing to talk about")
    assertContains(page, "1 row refused<")
    assertNotContains(page, "so far")
    refused = client.get(f"{job.get_absolute_url()}?state=refused")
    assertContains(refused, gone.reference)
    for other in Incident.objects.exclude(pk=gone.pk):
        assertNotContains(refused, other.reference)


def test_page_after_page(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    job, client, seen = work(a_job(cast)), sign_in(cast.manager), set()
    for after in ("", "1"):
        page = client.get(f"{job.get_absolute_url()}?after={after}")
        seen |= {one.reference for one in Incident.objects.all() if one.reference in page.content.decode()}
    assert len(seen) == 3
    assertNotContains(page, "Show more")


def test_what_the_reader_may_not_see_any_more_is_not_named(cast: Cast, sign_in: SignIn) -> None:
    secret = make.make_incident(cast.manager, category="safety", what_happened="Quetzal injury")
    job = work(a_job(cast, 0))
    client = sign_in(cast.manager)
    assertContains(client.get(job.get_absolute_url()), secret.reference)
    Concern.objects.create(incident=secret, staff=cast.manager)
    page = client.get(job.get_absolute_url())
    assertNotContains(page, secret.reference)
    assertContains(page, "Not for you to see any more")


@pytest.mark.parametrize("number", [1, 3])
def test_statements(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], Any], number: int
) -> None:
    job, client = work(a_job(cast, number)), sign_in(cast.manager)
    client.get(job.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(job.get_absolute_url())


@pytest.mark.parametrize("query", ["state=burnt", "after=-1", "after=99999999999999999999", "after=x", "state=%C2%B2"])
def test_what_nobody_can_read_begins_anew(cast: Cast, sign_in: SignIn, query: str) -> None:
    page = sign_in(cast.manager).get(f"{work(a_job(cast)).get_absolute_url()}?{query}")
    assertContains(page, "What became of each")
