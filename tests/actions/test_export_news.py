"""Whoever asked for a long list is told once when its file is there, and when it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from incidents.actions import exports, jobs
from incidents.actions.mail import compose
from incidents.board.notices import inbox
from incidents.models import Job, JobKind, Notice, Outbox, Staff
from incidents.uploads import NotStored
from tests import make
from tests.make import DAY, NOW, Cast
from tests.views.exports.files import a_job, exported

SignIn = Callable[..., Client]
READY = "Your list of 3 recoveries is ready"


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    work = jobs.Work(exports.write_slice, size=2, failed=exports.tell_it_failed)
    monkeypatch.setitem(jobs.KINDS, JobKind.EXPORT, work)


def asked(cast: Cast, **over: Any) -> Job:
    rows = [make.make_incident(cast.desk).pk for _time in range(3)]
    return a_job(cast.desk, rows, **over)


def said(reader: Staff) -> list[str]:
    return [line.sentence for line in inbox(reader, now=NOW).lines]


def work(times: int = 1) -> None:
    for _time in range(times):
        jobs.work(lambda: NOW)


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_args: Any) -> None:
        raise error

    monkeypatch.setattr(exports, "_write_piece", fail)


def test_it_says_that_it_is_ready_and_leads_to_the_file(cast: Cast, sign_in: SignIn) -> None:
    job = asked(cast)
    work()
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.subject_id) == (cast.desk, "export_ready", job.pk)
    client = sign_in(cast.desk)
    page = client.get("/notices/").content.decode()
    assert READY in page
    assert "You get this because you asked for it." in page
    answer = client.get(f"/notices/{notice.pk}/", follow=True)
    assert answer.redirect_chain == [(job.get_absolute_url(), 302)]
    assert "Download" in answer.content.decode()


def test_nobody_else_reads_it(cast: Cast, sign_in: SignIn) -> None:
    asked(cast)
    work()
    notice = Notice.objects.get()
    for other in (cast.colleague, cast.manager, cast.owner, cast.outsider):
        assert said(other) == []
        assert sign_in(other).get(f"/notices/{notice.pk}/").status_code == 404


def test_not_before_its_last_slice(cast: Cast) -> None:
    asked(cast)
    jobs.work(lambda: NOW, budget=dt.timedelta(0))
    assert said(cast.desk) == []
    work()
    assert said(cast.desk) == [READY]


def test_it_goes_by_mail_by_the_rules_of_the_reader(cast: Cast, settings: Settings) -> None:
    settings.MAIL = "smtp"
    asked(cast)
    work()
    message = compose(Outbox.objects.get().pk)
    assert message
    assert message[1].subject == READY
    assert Outbox.objects.get().recipient == cast.desk


def test_who_wants_no_mail_of_lists_gets_none(cast: Cast, settings: Settings) -> None:
    settings.MAIL = "smtp"
    Staff.objects.filter(pk=cast.desk.pk).update(not_by_mail=["exports"])
    asked(cast)
    work()
    assert said(cast.desk) == [READY]
    assert not Outbox.objects.exists()


def test_no_room_says_why_and_no_more_than_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = asked(cast)
    broken(monkeypatch, NotStored())
    work(3)
    assert said(cast.desk) == ["Your list of 3 recoveries was not written: there was no room for the file"]
    job.refresh_from_db()
    assert (job.state, job.last_error) == ("failed", "disk_full")


def test_given_up_after_five_tries_and_again_after_it_was_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(cast)
    monkeypatch.setattr(exports, "database_now", lambda: NOW)
    with monkeypatch.context() as bent:
        broken(bent, ValueError("the words of the error"))
        work(jobs.MAX_TRIES - 1)
        assert said(cast.desk) == []
        work()
        words = "Your list of 3 recoveries was not written: it stopped with an error again and again"
        assert said(cast.desk) == [words]
        jobs.retry_job(job_id=job.pk, by=cast.desk, now=NOW)
        bent.setattr(exports, "database_now", lambda: NOW + DAY)
        work(jobs.MAX_TRIES)
        assert said(cast.desk) == [words, words]
    jobs.retry_job(job_id=job.pk, by=cast.desk, now=NOW)
    work()
    assert said(cast.desk)[0] == READY
    assert Notice.objects.unread().get().kind == "export_ready", "that it failed is not new any more"


def test_a_process_that_dies_five_times_over_it_is_told_of(cast: Cast) -> None:
    job = asked(cast)
    late = NOW
    for _time in range(jobs.MAX_TRIES):
        assert jobs.claim(late)
        late += 2 * jobs.LEASE
    assert jobs.claim(late) is None
    job.refresh_from_db()
    assert job.state == "failed"
    assert Notice.objects.get().kind == "export_failed"


def test_whoever_left_is_told_nothing(cast: Cast) -> None:
    asked(cast)
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
    work()
    assert Job.objects.get().last_error == "not_allowed"
    assert not Notice.objects.exists()


def test_who_stopped_it_is_told_nothing(cast: Cast) -> None:
    job = asked(cast)
    jobs.cancel_job(job_id=job.pk, by=cast.desk, now=NOW)
    work()
    assert not Notice.objects.exists()


def test_whoever_took_the_file_has_read_it(cast: Cast, sign_in: SignIn) -> None:
    job = asked(cast)
    work()
    client = sign_in(cast.desk)
    b"".join(client.get(reverse("export-show", args=[job.export.pk])))
    assert not Notice.objects.unread().exists()


@pytest.mark.parametrize(
    ("filters", "leads_to"),
    [
        ({"view": "open", "location": ["3", "4"]}, "/export/?view=open&amp;location=3&amp;location=4"),
        ({"view": "open", "late": True}, "/export/?late=1&amp;view=open"),
        ({"view": "open", "q": True}, "/incidents/?view=open"),
        (None, "/incidents/"),
    ],
)
def test_a_week_later_its_page_says_so_and_offers_another(
    cast: Cast, sign_in: SignIn, filters: Any, leads_to: str
) -> None:
    file = exported(cast.desk, now=make.NOW - 8 * DAY)
    if filters is not None:
        Job.objects.filter(pk=file.job_id).update(options=file.job.options | {"filters": filters})
    page = sign_in(cast.desk).get(file.job.get_absolute_url()).content.decode()
    assert "The file was removed." in page
    assert "Download" not in page
    assert f'href="{leads_to}"' in page
    assert b"Make it again" not in sign_in(cast.owner).get(file.job.get_absolute_url()).content


@pytest.mark.parametrize(("listing", "leads_to"), [("calls", "/export/?of=calls&amp;who=mine"), ("customers", "?of=")])
def test_other_lists_are_offered_again_too(cast: Cast, sign_in: SignIn, listing: str, leads_to: str) -> None:
    file = exported(cast.manager, now=make.NOW - 8 * DAY)
    filters = {"who": "mine"} if listing == "calls" else {}
    Job.objects.update(options=file.job.options | {"list": listing, "filters": filters})
    client = sign_in(cast.manager)
    assert leads_to in client.get(file.job.get_absolute_url()).content.decode()
