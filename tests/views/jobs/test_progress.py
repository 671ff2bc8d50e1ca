"""What the job page asks for again and again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Job
from tests.make import Cast
from tests.views.jobs.rules import SignIn, make_job


def address(job: Job) -> str:
    return f"/jobs/{job.pk}/progress/"


@pytest.mark.parametrize(
    "changed",
    [
        {"done": 6},
        {"cancel_asked_at": timezone.now()},
        {"tries": 3},
        {"last_error": "ValueError"},
        {"lease_until": timezone.now() - dt.timedelta(minutes=1)},
        {"state": "pending", "lease_until": None},
    ],
)
def test_it_is_304_until_something_changes(changed: dict[str, Any], cast: Cast, sign_in: SignIn) -> None:
    client, job = sign_in(cast.owner), make_job(cast.owner, "claimed")
    answer = client.get(address(job))
    text = answer.content.decode()
    assert "5 of 10" in text
    assert "<html" not in text
    shown = text.partition('data-poll="')[2].partition('"')[0]
    assert answer["ETag"] == f'"{shown}"'
    assert client.get(address(job), headers={"HX-PTag": shown}).status_code == 304
    assert client.get(address(job), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    Job.objects.filter(pk=job.pk).update(**changed)
    assert client.get(address(job), headers={"HX-PTag": shown, "If-None-Match": answer["ETag"]}).status_code == 200


def test_when_it_has_ended_nobody_asks_again(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.owner).get(address(make_job(cast.owner, "done"))).content.decode()
    assert "10 demo incidents were made." in text
    assert "hx-get" not in text


def test_others_and_bad_ids_are_404(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).get(address(make_job(cast.manager))).status_code == 404
    assert sign_in(cast.owner).get("/jobs/999999999999999999999/progress/").status_code == 404


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/jobs/1/progress/").status_code == 302


def test_posting_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).post(address(make_job(cast.owner))).status_code == 405


@pytest.mark.parametrize("tag", ["", "x"])
def test_few_statements(
    tag: str, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, job = sign_in(cast.owner), make_job(cast.manager)
    with django_assert_num_queries(3):
        client.get(address(job), headers={"HX-PTag": tag})
