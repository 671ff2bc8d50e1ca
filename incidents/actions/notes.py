"""Free words on an incident."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from incidents.actions.advance import add_event, locked, saved_before
from incidents.models import (
    Note,
    Staff,
)


def add_note(*, incident_id: int, by: Staff, now: dt.datetime, words: str, submit_key: UUID) -> Note:
    with locked(incident_id, must_be_open=False) as incident:
        if existing := saved_before(Note.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        note = Note.objects.create(incident=incident, words=words, at=now, by=by, submit_key=submit_key)
        add_event(incident, "note_added", now=now, by=by, subject_id=note.pk)
        return note
