"""Exports that are there already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.exports import disk
from incidents.models import ExportFile, Job, JobKind, Staff
from tests import make

CONTENT = "\ufeffReference\r\nR-2026-00001\r\n"


def a_job(by: Staff, numbers: list[int], *, form: str = "csv", listing: str = "incidents", **over: Any) -> Job:
    """One that waits to be written."""
    options: dict[str, Any] = {"token": disk.keep_numbers(numbers), "list": listing, "form": form, "language": "en"}
    options |= {"written": 0, "pieces": []}
    return make.make_job(by, kind=JobKind.EXPORT, total=len(numbers), options=options, **over)


def exported(by: Staff, *, now: dt.datetime = make.NOW, listing: str = "incidents", **over: Any) -> ExportFile:
    """A finished one, its file on the disk."""
    job = a_job(by, [1], now=now, listing=listing)
    Job.objects.filter(pk=job.pk).update(state="done", done=1, finished_at=now)
    name = disk.file_name(job.options["token"], "csv")
    with disk.whole(name) as out:
        out.write(CONTENT.encode())
    fields: dict[str, Any] = {
        "form": "csv",
        "stored_name": disk.stored_name(name),
        "file_name": "recoveries-2026-03-04.csv",
        "rows": 1,
        "size": disk.size_of(name),
        "made_at": now,
        "expires_at": now + dt.timedelta(days=7),
    }
    return ExportFile.objects.create(job=job, **fields | over)
