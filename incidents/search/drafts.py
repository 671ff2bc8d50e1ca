"""What somebody has begun and not sent: a kept statement, asked by pages that are opened all day."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from incidents.models import Draft, Staff
from incidents.models.chosen import BEGINNING
from incidents.models.prepared import find


def newest_draft(staff: Staff, form: str) -> Draft | None:
    found = find(_newest, staff=staff, now=BEGINNING, about=form)
    return found[0] if found else None


# No part of it depends on the clock.
def _newest(staff: Staff, now: dt.datetime, form: str) -> QuerySet[Draft]:
    return Draft.objects.filter(staff=staff, form=form).order_by("-saved_at")[:1]
