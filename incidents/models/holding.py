"""All that one person has to do, keeps or leads, as far as somebody sees it; and what somebody else may get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from incidents.models.incident import Concern, Incident
from incidents.models.meeting import Meeting, MeetingSeries
from incidents.models.prevention import PreventionAction
from incidents.models.procedure import Procedure
from incidents.models.staff import Staff

RECOVERIES, CHANGES, PROCEDURES, SERIES, MEETINGS = "recoveries", "changes", "procedures", "series", "meetings"


@dataclass(frozen=True)
class Holding:
    """By kind, the rows; nothing is asked before they are read."""

    rows: dict[str, Any]

    def for_(self, kind: str, to: Staff) -> Any:
        """Those of a kind that `to` may get."""
        return self.rows[kind].filter(may_get(kind, to))


def holding_of(person: Staff, reader: Staff, *, place: int | None = None) -> Holding:
    """What `reader`, a manager or administrator, sees of it at their places; at one of them."""
    changes = PreventionAction.objects.of_incidents_seen_by(reader).open().filter(assignee=person)
    procedures = Procedure.objects.standing().filter(responsible=person)
    series = MeetingSeries.objects.filter(ended_on=None, facilitator=person)
    ahead = Meeting.objects.ahead().filter(started_at=None, facilitator=person)
    rows: dict[str, Any] = {
        RECOVERIES: Incident.objects.visible_to(reader).open().filter(assignee=person).by_urgency(),
        CHANGES: changes.order_by("due_at", "pk"),
        PROCEDURES: procedures.order_by("title", "pk"),
        SERIES: series.order_by("pk"),
        MEETINGS: ahead.order_by("starts_at", "pk"),
    }
    if place is not None:
        rows = {kind: found.filter(location=place) for kind, found in rows.items()}
    elif not reader.sees_all:
        rows = {kind: found.filter(location__in=reader.location_ids) for kind, found in rows.items()}
    return Holding(rows)


def may_get(kind: str, to: Staff) -> Q:
    """Who works at the place; of an incident nobody who is concerned; what holds at all places, administrators."""
    here = Q() if to.sees_all else Q(location__in=to.location_ids)
    if kind not in (RECOVERIES, CHANGES):
        return here
    of = "pk" if kind == RECOVERIES else "incident"
    return here & ~Q(Exists(Concern.objects.filter(incident=OuterRef(of), staff=to)))
