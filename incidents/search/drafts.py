"""What somebody has begun and not sent: kept statements, asked by pages that are opened all day."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from incidents.models import Draft, Incident, Staff
from incidents.models.chosen import BEGINNING
from incidents.models.prepared import find
from incidents.models.timeline import AT_INCIDENT, draft_of


def newest_draft(staff: Staff, form: str) -> Draft | None:
    found = find(_newest, staff=staff, now=BEGINNING, about=form)
    return found[0] if found else None


def drafts_at(incident: Incident, *, staff: Staff) -> dict[str, Draft]:
    """What they typed on its page and have not sent, by the form's name. One query."""
    mine = find(_at, staff=staff, now=BEGINNING, about=str(draft_of(incident.pk)))
    return {draft.form.removeprefix(AT_INCIDENT): draft for draft in mine}


# No part of these depends on the clock.
def _newest(staff: Staff, now: dt.datetime, form: str) -> QuerySet[Draft]:
    return Draft.objects.filter(staff=staff, form=form).order_by("-saved_at")[:1]


def _at(staff: Staff, now: dt.datetime, key: str) -> QuerySet[Draft]:
    """The key in words: what stands in for it while the statement is put together is one."""
    mine = Draft.objects.filter(staff=staff, form__startswith=AT_INCIDENT)
    return mine.alias(words=Cast("key", TextField())).filter(words=key)
