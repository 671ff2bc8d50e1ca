"""Photos and receipts: the file is on the disk before its row, and gone again when the row is not written."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import Error
from django.utils.translation import gettext_lazy as _

from incidents import uploads
from incidents.actions.advance import add_event, locked
from incidents.actions.refusals import Refused
from incidents.models import Attachment, AttachmentKind, Incident, Remedy, Staff

log = structlog.get_logger(__name__)
MAX_FILES = 50
# A file without a row may still be on its way into the database for this long.
ON_ITS_WAY = dt.timedelta(hours=1)


def attach_file(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    file: uploads.CheckedFile,
    kind: str,
    remedy: Remedy | None = None,
) -> Attachment:
    """Add a checked file to an incident, closed ones too; the same file for the same thing is added once.

    Call it outside a transaction. Raises uploads.NotStored when the disk refuses, Refused for a
    remedy of another incident, one that asks for no receipt, or too many files.
    """
    stored_name = uploads.keep(file)
    try:
        with locked(incident_id, must_be_open=False) as incident:
            attachment = _find_or_add(incident, file, stored_name, by=by, now=now, kind=kind, remedy=remedy)
    except BaseException:
        _discard_unless_saved(stored_name)
        raise
    if attachment.stored_name != stored_name:
        uploads.discard(stored_name)
    return attachment


def _find_or_add(
    incident: Incident,
    file: uploads.CheckedFile,
    stored_name: str,
    *,
    by: Staff,
    now: dt.datetime,
    kind: str,
    remedy: Remedy | None,
) -> Attachment:
    if remedy is not None:
        _check_remedy(incident, remedy, kind)
    mine = Attachment.objects.filter(incident=incident)
    if existing := mine.filter(sha256=file.sha256, kind=kind, remedy=remedy).first():
        return existing
    if mine.count() >= MAX_FILES:
        raise Refused(_("This incident has as many files as it can hold."))
    attachment = Attachment.objects.create(
        incident=incident,
        remedy=remedy,
        kind=AttachmentKind(kind),
        stored_name=stored_name,
        original_name=file.label,
        content_type=file.content_type,
        size=len(file.content),
        sha256=file.sha256,
        created_at=now,
        created_by=by,
    )
    add_event(incident, "file_added", now=now, by=by, subject_id=attachment.pk, file=kind)
    return attachment


def _check_remedy(incident: Incident, remedy: Remedy, kind: str) -> None:
    fresh = Remedy.objects.get(pk=remedy.pk)
    if fresh.incident_id != incident.pk:
        raise Refused(_("That belongs to another incident."))
    if kind == AttachmentKind.RECEIPT and not fresh.needs_receipt:
        raise Refused(_("That asks for no receipt."))


def _discard_unless_saved(stored_name: str) -> None:
    """A lost connection may hide a commit that happened: then, or when nobody can tell, the file stays."""
    try:
        if Attachment.objects.filter(stored_name=stored_name).exists():
            return
    except Error:
        log.warning("upload_left_for_tidying", file=stored_name)
        return
    uploads.discard(stored_name)


def remove_orphans(*, now: dt.datetime) -> int:
    """Delete files that no row speaks of, left by a process that was killed; returns how many."""
    latest = (now - ON_ITS_WAY).timestamp()
    old = [name for name, written in uploads.all_stored() if written < latest]
    known = set(Attachment.objects.filter(stored_name__in=old).values_list("stored_name", flat=True))
    orphans = [name for name in old if name not in known]
    for name in orphans:
        uploads.discard(name)
    if orphans:
        log.info("orphan_files_removed", count=len(orphans))
    return len(orphans)
