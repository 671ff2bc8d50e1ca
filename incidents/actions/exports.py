"""Lists that leave as files: noted, written slice after slice when they are long, removed after a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions import access_log, jobs
from incidents.actions.advance import add_event
from incidents.actions.inbox import settle_notices
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.actions.remind import database_now
from incidents.exports import CUSTOMERS, FORMS, LISTINGS, disk
from incidents.models import ExportFile, Incident, Job, JobKind, JobState, NoticeKind, Staff
from incidents.models.export_words import occurrence_of
from incidents.models.job import DISK_FULL, FILES_GONE, NOT_ALLOWED
from incidents.uploads import NotStored

log = structlog.get_logger(__name__)
AT_ONCE = 5000  # rows that are written while the browser waits
SLICE = 1000
MOST_WAITING = 3  # of one person
KEPT_FOR = dt.timedelta(days=7)
TRIED_AGAIN_FOR = dt.timedelta(days=1)  # so long what is written of one that failed is kept
ON_ITS_WAY = dt.timedelta(hours=1)  # a file without a row may still be on its way into the database for this long


def note_export(
    *,
    listing: str,
    form: str,
    rows: int,
    filters: dict[str, Any],
    by: Staff,
    now: dt.datetime,
    restricted: Sequence[Incident] = (),
    job: Job | None = None,
) -> None:
    """Who took what out, how much, and when: codes only."""
    codes = {"list": listing, "form": form, "rows": rows, "filters": filters}
    with transaction.atomic():
        add_event(None, "exported", now=now, by=by, subject_id=job.pk if job else None, **codes)
        access_log.note_restricted(staff=by, incidents=restricted, now=now)


def ask_for_export(
    *,
    listing: str,
    form: str,
    numbers: Sequence[int],
    filters: dict[str, Any],
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> Job:
    """A job that writes these rows in this order. Asking again with the same key gives the same job.

    Raises NotStored when the disk is full, Refused while several of theirs wait.
    """
    if job := Job.objects.filter(submit_key=submit_key, asked_by=by).first():
        return job
    waiting = Job.objects.filter(asked_by=by, kind=JobKind.EXPORT, finished_at__isnull=True)
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("Several exports of yours are being written already. Wait until one is done, or stop one."))
    token = disk.keep_numbers(numbers)
    language = translation.get_language() or "en"
    options = {"token": token, "list": listing, "form": form, "language": language, "written": 0, "pieces": []}
    options["filters"] = filters  # codes: with them it can be asked for again
    try:
        with transaction.atomic():
            job = jobs.ask_for_job(
                kind=JobKind.EXPORT, options=options, total=len(numbers), by=by, now=now, submit_key=submit_key
            )
            if job.options["token"] == token:
                note_export(listing=listing, form=form, rows=len(numbers), filters=filters, by=by, now=now, job=job)
    except Refused:
        disk.discard(token)
        raise
    if job.options["token"] != token:
        disk.discard(token)
    return job


# The job --------------------------------------------------------------------------------------------------------------


def write_slice(job: Job, first: int, count: int) -> None:
    """The next rows, as whoever asked may see them now; with the last ones the file. The same again makes the same."""
    token = job.options["token"]
    if not _may_still(job):
        disk.discard(token)
        raise jobs.GiveUp(NOT_ALLOWED)
    try:
        with translation.override(job.options["language"]):
            _write_piece(job, first, count)
            if first + count >= job.total:
                _write_file(job)
    except NotStored as full:
        disk.discard(token)
        raise jobs.GiveUp(DISK_FULL) from full
    except disk.Gone as gone:
        raise jobs.GiveUp(FILES_GONE) from gone


def _may_still(job: Job) -> bool:
    staff = job.asked_by
    return staff.is_active and (job.options["list"] != CUSTOMERS.name or access.can_export_customers(staff))


def _write_piece(job: Job, first: int, count: int) -> None:
    options, staff = job.options, job.asked_by
    listing, form = LISTINGS[options["list"]], FORMS[options["form"]](str(disk.folder()))
    rows = listing.read(staff, disk.numbers(options["token"], first, count), job.asked_at)
    with disk.whole(disk.piece_name(options["token"], first)) as out:
        form.piece(out, listing, rows, at=options["written"])
    access_log.note_restricted(staff=staff, incidents=listing.restricted(rows), now=database_now())
    options["written"] += len(rows)
    options["pieces"].append(first)
    job.save(update_fields=["options"])


def _write_file(job: Job) -> None:
    """Put the pieces together. They go once the row that names the file is committed."""
    options, now = job.options, database_now()
    token, listing = options["token"], LISTINGS[options["list"]]
    form = FORMS[options["form"]](str(disk.folder()))
    name = disk.file_name(token, form.ending)
    with disk.whole(name) as out:
        form.join(out, listing, disk.pieces(token, options["pieces"]), count=options["written"])
    ExportFile.objects.create(
        job=job,
        form=options["form"],
        stored_name=disk.stored_name(name),
        file_name=name_of(listing.file_name, form.ending, job.asked_at.astimezone(job.asked_by.zone)),
        rows=options["written"],
        size=disk.size_of(name),
        made_at=now,
        expires_at=now + KEPT_FOR,
    )
    _tell_it_is_ready(job)
    transaction.on_commit(partial(disk.discard, token, but=name))


def _tell_it_is_ready(job: Job) -> None:
    """Once, whatever is killed: with the file's row, in the transaction that ends the job."""
    now = database_now()
    settle_notices(None, [NoticeKind.EXPORT_FAILED], now=now, subject_id=job.pk)
    _tell(job, NoticeKind.EXPORT_READY, occurrence_of(job.options["list"], job.options["written"]), now)


def tell_it_failed(job: Job) -> None:
    """In the transaction that gives it up; again when it is tried again and given up again."""
    now = database_now()
    _tell(job, NoticeKind.EXPORT_FAILED, occurrence_of(job.options["list"], job.total, job.last_error, now), now)


def _tell(job: Job, kind: NoticeKind, occurrence: str, now: dt.datetime) -> None:
    who = [job.asked_by] if job.asked_by.is_active else []
    notify(kind=kind, incident=None, recipients=who, subject_id=job.pk, occurrence=occurrence, now=now)


def name_of(file_name: str, ending: str, moment: dt.datetime) -> str:
    """ "recoveries-2026-03-04.csv"."""
    return f"{file_name}-{moment:%Y-%m-%d}.{ending}"


def connect() -> None:
    jobs.register(JobKind.EXPORT, jobs.Work(write_slice, size=SLICE, failed=tell_it_failed))


# The end --------------------------------------------------------------------------------------------------------------


def end_files(staff: Staff, *, now: dt.datetime) -> None:
    """Their time is over: who made them sees less than what is in them. The sweep removes them."""
    theirs = ExportFile.objects.filter(job__asked_by=staff, expires_at__gt=now, removed_at__isnull=True)
    theirs.update(expires_at=Greatest(now, F("made_at") + dt.timedelta.resolution))


def remove_expired(*, now: dt.datetime) -> int:
    """Remove files whose week is over, and what no export needs any more; returns how many of the first."""
    expired = list(ExportFile.objects.filter(removed_at__isnull=True, expires_at__lte=now).select_related("job"))
    for file in expired:
        disk.discard(file.job.options["token"])
        file.removed_at = now
        file.save(update_fields=["removed_at"])
    _remove_left_behind(now)
    if expired:
        log.info("exports_removed", count=len(expired))
    return len(expired)


def _remove_left_behind(now: dt.datetime) -> None:
    """Of jobs that were stopped or given up, and of processes that were killed."""
    tokens, others = disk.left_since((now - ON_ITS_WAY).timestamp())
    disk.remove(others)
    if not tokens:
        return
    known = Job.objects.filter(kind=JobKind.EXPORT, options__token__in=sorted(tokens)).select_related("export")
    needed = {job.options["token"] for job in known if _is_needed(job, now)}
    for token in tokens - needed:
        disk.discard(token)


def _is_needed(job: Job, now: dt.datetime) -> bool:
    if job.finished_at is None:
        return True
    if job.state == JobState.DONE:
        return job.export.removed_at is None
    return job.can_go_on and job.finished_at > now - TRIED_AGAIN_FOR
