"""Until when we wait for a customer, in words that a card and a page share."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models.incident import Incident


def is_waiting(incident: Incident, now: dt.datetime) -> bool:
    """They owe us an answer, and it is not time to ask yet."""
    return incident.waiting_until is not None and now < incident.waiting_until


def waiting_words(incident: Incident, now: dt.datetime) -> str:
    """ "Waiting for them until Thu"; nothing when nobody waits."""
    if incident.waiting_until is None:
        return ""
    if not is_waiting(incident, now):
        return _("They have not answered us")
    until = day_words(incident.waiting_until, now, incident.location.zone)
    return _("Waiting for them until %(when)s") % {"when": until}


def day_words(moment: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> str:
    """The shortest that is clear: "17:00" today, "Thu" within the week, else "Thu 10 Dec"."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    away = abs((local.date() - today).days)
    kept = local.replace(tzinfo=None, second=0, microsecond=0)
    return _said(get_language(), kept, "time" if not away else "day" if away < 7 else "date")


@lru_cache(maxsize=1024)
def _said(language: str | None, local: dt.datetime, how: str) -> str:
    return formats.date_format(local, {"time": "H:i", "day": "D", "date": _("D j M")}[how])
