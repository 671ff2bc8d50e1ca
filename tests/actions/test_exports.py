"""Long exports: written slice after slice, for whoever asked as they may see it then, gone after a week."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from incidents import uploads
from incidents.actions import exports, jobs
from incidents.actions.refusals import Refused
from incidents.exports import disk
from incidents.exports.sheet import Csv
from incidents.models import Event, ExportFile, Incident, Job, JobKind
from tests import make
from tests.exports.reading import column, xlsx_rows
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast
from tests.views.exports.files import a_job, exported

AN_HOUR_AGO = 3700


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "exports"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.KINDS, JobKind.EXPORT, jobs.Work(exports.write_slice, size=2))


@kept_rows
def five(cast: Cast) -> list[Incident]:
    return [make.make_incident(cast.desk, customer=make.make_customer(f"Guest {n}")) for n in range(5)]


def numbers(rows: list[Incident]) -> list[int]:
    return [incident.pk for incident in reversed(rows)]


def stated(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.done, job.last_error


def work(times: int = 1) -> None:
    for _time in range(times):
        jobs.work(lambda: NOW)


def content_of(file: ExportFile) -> bytes:
    with uploads.read(file.stored_name) as content:
        return content.read()


def age(folder: Path, seconds: float = AN_HOUR_AGO) -> None:
    """As if all of it had been written so long before NOW."""
    for path in folder.iterdir():
        os.utime(path, (NOW.timestamp() - seconds,) * 2)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_is_written_in_slices_and_put_together(
    cast: Cast, five: list[Incident], folder: Path, form: str, django_capture_on_commit_callbacks: Any
) -> None:
    job = a_job(cast.desk, numbers(five), form=form)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert stated(job) == ("done", 5, "")
    file = ExportFile.objects.get()
    content = content_of(file)
    assert column(content, "Reference", form) == [incident.reference for incident in reversed(five)]
    assert (file.rows, file.size, file.form, file.expires_at - file.made_at) == (5, len(content), form, DAY * 7)
    assert file.file_name == f"recoveries-2026-03-04.{form}"
    assert [path.name for path in folder.iterdir()] == [Path(file.stored_name).name]
    assert Path(folder, Path(file.stored_name).name).stat().st_mode & 0o777 == 0o600


def test_what_may_not_be_seen_any_more_is_left_out(cast: Cast, five: list[Incident]) -> None:
    job = a_job(cast.desk, numbers(five), form="xlsx")
    Incident.objects.filter(pk=five[3].pk).update(location=cast.elsewhere)
    Incident.objects.filter(pk=five[1].pk).update(is_restricted=True, logged_by=cast.owner, assignee=cast.owner)
    work()
    file = ExportFile.objects.get(job=job)
    assert file.rows == 3
    rows = xlsx_rows(content_of(file))
    assert [row["Reference"] for row in rows] == [five[n].reference for n in (4, 2, 0)]


def test_what_changes_meanwhile_moves_no_row(cast: Cast, five: list[Incident], monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is that of the moment it was asked in; a row is there once, as it is when it is written."""
    job = a_job(cast.desk, numbers(five))
    jobs.work(lambda: NOW, budget=dt.timedelta(0))
    assert stated(job)[:2] == ("pending", 2)
    Incident.objects.update(next_due_at=NOW + DAY * 9, place="Elsewhere")
    make.make_incident(cast.desk)
    work()
    content = content_of(ExportFile.objects.get())
    assert column(content, "Reference") == [incident.reference for incident in reversed(five)]
    assert column(content, "Where") == ["", "", "Elsewhere", "Elsewhere", "Elsewhere"]


def test_whoever_may_no_more_gets_nothing(cast: Cast, five: list[Incident], folder: Path) -> None:
    job = a_job(cast.desk, numbers(five))
    cast.desk.is_active = False
    cast.desk.save(update_fields=["is_active"])
    work(2)
    assert stated(job) == ("failed", 0, "not_allowed")
    customers = a_job(cast.manager, [five[0].customer_id or 0], listing="customers")
    cast.manager.role = cast.desk.role
    cast.manager.save(update_fields=["role"])
    work(2)
    assert stated(customers) == ("failed", 0, "not_allowed")
    assert list(folder.iterdir()) == []


def test_asking_twice_with_one_key_is_one_job_and_one_event(cast: Cast, five: list[Incident], folder: Path) -> None:
    how: dict[str, Any] = {"listing": "incidents", "form": "csv", "filters": {"view": "all"}, "now": NOW}
    how |= {"numbers": numbers(five), "submit_key": uuid4()}
    first = exports.ask_for_export(by=cast.desk, **how)
    assert exports.ask_for_export(by=cast.desk, **how) == first
    with pytest.raises(Refused):
        exports.ask_for_export(by=cast.manager, **how)
    assert [path.name for path in folder.iterdir()] == [f"{first.options['token']}.rows"]
    event = Event.objects.get(kind="exported")
    assert (event.subject_id, event.codes["rows"], event.by) == (first.pk, 5, cast.desk)


def fill(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """From now on that step of writing finds no room, after some of it was written."""
    real = getattr(Csv, name)

    def full(self: Csv, out: Any, *args: Any, **more: Any) -> None:
        real(self, out, *args, **more)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Csv, name, full)


@pytest.mark.parametrize("name", ["piece", "join"])
def test_a_full_disk_ends_it_with_words_and_leaves_nothing(
    cast: Cast, five: list[Incident], folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    job = a_job(cast.desk, numbers(five))
    jobs.work(lambda: NOW, budget=dt.timedelta(0))
    fill(monkeypatch, name)
    work(2)
    assert stated(job)[::2] == ("failed", "disk_full")
    assert not job.can_go_on
    assert list(folder.iterdir()) == []
    assert not ExportFile.objects.exists()


def test_a_full_disk_when_it_is_asked_for_leaves_no_job(
    cast: Cast, five: list[Incident], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    how: dict[str, Any] = {"listing": "incidents", "form": "csv", "filters": {}, "now": NOW, "by": cast.desk}
    with pytest.raises(uploads.NotStored):
        exports.ask_for_export(numbers=numbers(five), submit_key=uuid4(), **how)
    assert not Job.objects.exists()
    assert list(folder.iterdir()) == []


def test_files_that_are_gone_end_it_with_words(cast: Cast, five: list[Incident], folder: Path) -> None:
    """A backup holds no exports: what was under way when it was taken cannot go on."""
    job = a_job(cast.desk, numbers(five))
    jobs.work(lambda: NOW, budget=dt.timedelta(0))
    disk.discard(job.options["token"])
    work(2)
    assert stated(job)[::2] == ("failed", "files_gone")


def test_a_week_later_it_is_removed(cast: Cast, folder: Path) -> None:
    file, lost = exported(cast.desk, now=NOW), exported(cast.desk, now=NOW)
    newer = exported(cast.desk, now=NOW + DAY)
    disk.discard(lost.job.options["token"])
    assert exports.remove_expired(now=NOW + DAY * 7 - HOUR) == 0
    assert exports.remove_expired(now=NOW + DAY * 7) == 2
    for each in (file, lost, newer):
        each.refresh_from_db()
    assert (file.removed_at, lost.removed_at, newer.removed_at) == (NOW + DAY * 7, NOW + DAY * 7, None)
    assert {path.name.partition(".")[0] for path in folder.iterdir()} == {newer.job.options["token"]}
    assert exports.remove_expired(now=NOW + DAY * 7) == 0


def test_what_nobody_needs_is_removed(cast: Cast, five: list[Incident], folder: Path) -> None:
    waiting, stopped, failed, old = (a_job(cast.desk, numbers(five)) for _ in range(4))
    jobs.cancel_job(job_id=stopped.pk, by=cast.desk, now=NOW)
    for job, when in ((failed, NOW - HOUR), (old, NOW - DAY * 2)):
        Job.objects.filter(pk=job.pk).update(state="failed", finished_at=when, last_error="ValueError")
    (folder / f"{waiting.options['token']}.csv.0a1b2c3d.new").touch()
    (folder / "tmpabcdef").touch()
    age(folder, 3000)
    exports.remove_expired(now=NOW)
    assert len(list(folder.iterdir())) == 6
    age(folder)
    exports.remove_expired(now=NOW)
    kept = {f"{job.options['token']}.rows" for job in (waiting, failed)}
    assert {path.name for path in folder.iterdir()} == kept


def test_without_a_folder_there_is_nothing_to_remove(db: None, folder: Path) -> None:
    assert exports.remove_expired(now=NOW) == 0
    assert not folder.exists()


def test_a_slice_takes_as_many_statements_however_long_it_is(cast: Cast, five: list[Incident]) -> None:
    counted = []
    for count in (1, 4):
        job = a_job(cast.desk, numbers(five))
        job = Job.objects.select_related("asked_by").get(pk=job.pk)
        _places = job.asked_by.location_ids
        with CaptureQueriesContext(connection) as asked:
            exports.write_slice(job, 0, count)
        counted.append(len(asked))
    assert counted[0] == counted[1]
