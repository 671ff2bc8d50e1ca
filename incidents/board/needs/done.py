"""What was dealt with today, by whom, and what of it may still be taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404

from incidents.access import visible_to
from incidents.calendars import resolve_local
from incidents.models import Handled, Incident, NeedKind, Staff
from incidents.models.prepared import find

SHOWN = 30
UNDO_FOR = dt.timedelta(seconds=60)
_TOLD = (
    *("incident", "kind", "how", "at", "until", "by__name", "incident__reference"),
    *("incident__customer__name", "incident__customer_hint", "incident__location__time_zone"),
)


@dataclass(frozen=True)
class Done:
    """One act; `kinds` are the dangers that it saw to."""

    handled: Handled
    incident: Incident
    is_quiet: bool
    can_undo: bool
    kinds: list[NeedKind] = field(default_factory=list)


def done_today(staff: Staff, now: dt.datetime) -> list[Done]:
    """The newest first, since midnight on the reader's wall. One statement."""
    midnight = dt.datetime.combine(now.astimezone(staff.zone).date(), dt.time())
    rows = find(_done_since, staff=staff, now=resolve_local(midnight, staff.zone))
    acts: dict[tuple[int, dt.datetime], Done] = {}
    for row in rows:
        is_own = row.by_id == staff.pk and now <= row.at + UNDO_FOR
        act = acts.setdefault((row.incident_id, row.at), Done(row, row.incident, row.until > now, is_own))
        act.kinds.insert(0, NeedKind(row.kind))
    return list(acts.values())


def _done_since(staff: Staff, since: dt.datetime) -> QuerySet[Handled]:
    rows = visible_to(Handled.objects.filter(at__gte=since), staff, through="incident")
    rows = rows.select_related("incident__customer", "incident__location", "by")
    return rows.only(*_TOLD).order_by("-at", "-pk")[:SHOWN]


def find_handled(staff: Staff, pk: int) -> Handled:
    """One query; Http404 when it is not theirs to see, or brought back already."""
    seen = visible_to(Handled.objects.filter(pk=pk), staff, through="incident")
    found = seen.select_related("incident").first()
    if found is None:
        raise Http404
    return found
