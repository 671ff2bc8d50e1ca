"""The page of one job."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models.job import INTERRUPTED
from tests.make import Cast
from tests.views.jobs.rules import SignIn, make_job, page

PAST = timezone.now() - dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "over", "words"),
    [
        ("pending", {}, ["Waiting to begin", "0 of 10", "Stop it"]),
        ("pending", {"done": 5}, ["Waiting to go on", "5 of 10", "Stop it"]),
        (
            "pending",
            {"last_error": "ValueError", "tries": 2},
            ["Will be tried again", "ValueError", "Tries in a row", "Stop it"],
        ),
        ("claimed", {}, ["At work", "5 of 10", "Stop it"]),
        ("claimed", {"lease_until": PAST}, ["Interrupted, goes on by itself", "Stop it"]),
        ("claimed", {"last_error": INTERRUPTED}, ["At work", "The last try was cut off", "Stop it"]),
        ("claimed", {"cancel_asked_at": PAST}, ["Stopping"]),
        ("done", {}, ["Done", "10 demo incidents were made.", "Took", "3\xa0minutes"]),
        ("cancelled", {}, ["Stopped after 5 of 10. What was done stays."]),
        ("failed", {"last_error": "ValueError"}, ["Given up after 5 of 10", "ValueError", "Try again"]),
    ],
)
def test_every_state_is_said_in_words(
    state: str, over: dict[str, Any], words: list[str], cast: Cast, sign_in: SignIn
) -> None:
    job = make_job(cast.owner, state, **over)
    text = page(sign_in(cast.owner), f"/jobs/{job.pk}/")
    for word in words:
        assert word in text
    assert ("Stop it" in text) is ("Stop it" in words)
    assert ("Try again" in text) is ("Try again" in words)
    assert ("hx-get" in text.partition('id="job"')[2].partition(">")[0]) is not job.is_over
    assert "Asked for by" in text
    assert "5\xa0minutes ago" in text


def test_short_work_is_told_in_seconds(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.owner, "done", started_at=timezone.now() - dt.timedelta(seconds=20))
    assert "20 seconds" in page(sign_in(cast.owner), f"/jobs/{job.pk}/")


def test_what_took_no_second_is_not_told_to_have_taken_none(cast: Cast, sign_in: SignIn) -> None:
    ended = timezone.now()
    job = make_job(cast.owner, "done", started_at=ended - dt.timedelta(milliseconds=300), finished_at=ended)
    assert "less than a second" in page(sign_in(cast.owner), f"/jobs/{job.pk}/")


def test_without_scripts_there_is_a_link_to_look_again(cast: Cast, sign_in: SignIn) -> None:
    assert "Look again" in page(sign_in(cast.owner), f"/jobs/{make_job(cast.owner).pk}/")
    assert "Look again" not in page(sign_in(cast.owner), f"/jobs/{make_job(cast.owner, 'done').pk}/")


def test_others_and_bad_ids_are_404(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.manager)
    assert sign_in(cast.owner).get(f"/jobs/{job.pk}/").status_code == 200
    for who in (cast.desk, cast.outsider):
        assert sign_in(who).get(f"/jobs/{job.pk}/").status_code == 404
    assert sign_in(cast.owner).get("/jobs/999999999999999999999/").status_code == 404


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/jobs/1/")["Location"] == "/accounts/login/?next=/jobs/1/"


def test_posting_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).post(f"/jobs/{make_job(cast.owner).pk}/").status_code == 405


def test_few_statements(cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client, job = sign_in(cast.owner), make_job(cast.manager)
    with django_assert_num_queries(4):
        client.get(f"/jobs/{job.pk}/")
