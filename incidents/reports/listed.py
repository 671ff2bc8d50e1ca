"""The rows behind a figure, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import FollowUp, Incident, PreventionAction, PromiseMade, Staff
from incidents.reports.definitions import DEFINITION_OF, Rows, Unit
from incidents.reports.rows import HITS, MISSES, RowBehind, rows_behind
from incidents.reports.scope import Scope
from incidents.reports.words import say


@dataclass(frozen=True)
class Listed:
    """`what` was counted: the words of a promise or a change, else the kind of mistake. `counts`: how."""

    incident: Incident
    url: str
    what: str
    day: str
    counts: str


@dataclass(frozen=True)
class ListedPage:
    rows: tuple[Listed, ...]
    after: str
    only: str
    has_hits: bool


def listed(staff: Staff, scope: Scope, key: str, now: dt.datetime, *, after: str = "", only: str = "") -> ListedPage:
    """At most five statements."""
    definition = DEFINITION_OF[key]
    has_hits = definition.unit == Unit.PERCENT and key != "recurrence"
    only = only if has_hits and only in (HITS, MISSES) else ""
    page = rows_behind(staff, scope, key, now, after=after, only=only)
    say_day = cache(lambda day: formats.date_format(day, "D j M Y"))  # many are of the same
    return ListedPage(tuple(_listed(key, row, say_day) for row in page.rows), page.after, only, has_hits)


def _listed(key: str, row: RowBehind, say_day: Callable[[dt.date], str]) -> Listed:
    incident, subject = row.incident, row.subject
    words = subject.what if isinstance(subject, (PromiseMade, PreventionAction)) else str(incident.category)
    at = row.due_at if isinstance(subject, (FollowUp, PromiseMade, PreventionAction)) else incident.reported_at
    day = say_day((at or incident.reported_at).astimezone(incident.location.zone).date())
    url = (subject if isinstance(subject, PreventionAction) else incident).get_absolute_url()
    return Listed(incident, url, words, day, _counts(key, row))


def _counts(key: str, row: RowBehind) -> str:
    unit = DEFINITION_OF[key].unit
    if key == "recurrence":
        return _("%(after)d after, %(before)d before") % {"after": row.value or 0, "before": row.before or 0}
    if DEFINITION_OF[key].rows == Rows.SCORES:
        return _("Score %(n)d") % {"n": row.value or 0}
    if unit == Unit.MONEY:
        own = [(row.currency, row.value)] if row.value is not None else []
        return " · ".join(say(value, unit, currency) for currency, value in (*own, *row.more))
    if row.value is not None:
        return say(row.value, unit)
    if row.is_hit is None:
        return ""
    return _("Yes") if row.is_hit else _("No")
