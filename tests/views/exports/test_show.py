"""A finished file: for whoever asked for it, for a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.access import Role
from incidents.exports import disk
from incidents.models import ExportFile, Staff
from tests.make import Cast
from tests.views.exports.files import CONTENT, exported

SignIn = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def address(file: ExportFile) -> str:
    return f"/exports/{file.pk}/"


def test_it_is_saved_and_does_nothing_in_the_browser(cast: Cast, sign_in: SignIn) -> None:
    file = exported(cast.desk, now=timezone.now())
    response: Any = sign_in(cast.desk).get(address(file))
    assert response.getvalue() == CONTENT.encode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="recoveries-2026-03-04.csv"'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"


def test_nobody_else_has_it(cast: Cast, sign_in: SignIn) -> None:
    file = exported(cast.desk, now=timezone.now())
    for other in (cast.colleague, cast.manager, cast.owner, cast.outsider):
        assert sign_in(other).get(address(file)).status_code == 404
    assert Client().get(address(file)).status_code == 302


def test_who_may_not_take_customers_out_any_more_does_not_get_them(cast: Cast, sign_in: SignIn) -> None:
    file = exported(cast.manager, now=timezone.now(), listing="customers")
    Staff.objects.filter(pk=cast.manager.pk).update(role=Role.FRONT_DESK)
    client = sign_in(cast.manager)
    assert client.get(address(file)).status_code == 404
    assert address(file) not in client.get("/export/").content.decode()


def test_it_is_gone_when_its_time_is_over_or_it_was_removed(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    late = exported(cast.desk, now=now - dt.timedelta(days=7, minutes=1))
    removed = exported(cast.desk, now=now - dt.timedelta(days=1), removed_at=now)
    lost = exported(cast.desk, now=now)
    disk.discard(lost.job.options["token"])
    for file in (late, removed, lost):
        for who, is_told in ((cast.desk, True), (cast.owner, False)):
            answer = sign_in(who).get(address(file))
            assert answer.status_code == 404
            assert ("Files stay for 7 days" in answer.content.decode()) is is_told
            assert (file.job.get_absolute_url() in answer.content.decode()) is is_told


def test_a_number_that_nobody_has_and_a_wrong_verb(cast: Cast, sign_in: SignIn) -> None:
    file = exported(cast.desk, now=timezone.now())
    client = sign_in(cast.desk)
    assert client.get("/exports/999999/").status_code == 404
    assert client.post(address(file)).status_code == 405


def test_the_page_of_the_job_leads_to_it(cast: Cast, sign_in: SignIn) -> None:
    file = exported(cast.desk, now=timezone.now())
    assert address(file).encode() in sign_in(cast.desk).get(file.job.get_absolute_url()).content
    seen_by_administrators = sign_in(cast.owner).get(file.job.get_absolute_url())
    assert seen_by_administrators.status_code == 200
    assert address(file).encode() not in seen_by_administrators.content
    assert b"The file is for Dora Desk alone." in seen_by_administrators.content
