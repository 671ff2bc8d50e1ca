"""What one page may say about a customer: what happened to them here, and the little of other places.

Counts and histories go through `visible_to`; of other places only what `elsewhere` allows.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import Customer, Incident, Remedy, Staff
from incidents.models.base import EARLIEST
from incidents.models.prepared import find
from incidents.search.people import HITS
from incidents.vocabulary import NOT_AN_INCIDENT, RemedyState

HISTORY = 50
# What a customer's page says of each incident; the rest of the row stays in the database.
OF_HISTORY = (
    *("reference", "severity", "stage", "what_happened", "is_restricted", "assignee_id", "reported_at", "next_due_at"),
    *("closed_at", "close_reason", "category__name"),
    *("location__name", "location__time_zone", "location__currency"),
)
# And of each at another place.
OF_ELSEWHERE = (
    *("occurred_on", "occurred_at", "reported_at", "close_reason", "category__name"),
    *("location__name", "location__time_zone", "location__currency"),
)
LATELY = dt.timedelta(days=90)  # how long "is it that again?" is asked of what was closed


def open_incidents_of(customer: int, *, staff: Staff) -> list[Incident]:
    """What `staff` can see of this customer that is still open, newest first. One query."""
    open_ones = Incident.objects.visible_to(staff).open().filter(customer=customer)
    return list(open_ones.with_names().order_by("-reported_at")[:HITS])


def among_lately(incidents: list[Incident], *, staff: Staff, now: dt.datetime) -> list[Incident]:
    """Of incidents that `staff` can see, those closed in the last 90 days that they may read whole. No query."""
    closed = [i for i in incidents if i.closed_at and i.closed_at >= now - LATELY]
    return [i for i in closed if i.close_reason not in NOT_AN_INCIDENT and access.can_read_whole(staff, i)][:HITS]


def with_given(incidents: Any) -> Any:
    """Each with `given`: the money of what was delivered."""
    delivered = Remedy.objects.filter(incident=OuterRef("pk"), state=RemedyState.DELIVERED).order_by()
    total = delivered.values("incident").annotate(
        total=Sum(Coalesce(F("actual_amount"), F("estimated_amount"))),
    )
    return incidents.annotate(given=Subquery(total.values("total"), output_field=DecimalField()))


def history_of(customer: Customer, *, staff: Staff) -> list[Incident]:
    return find(_history, staff=staff, now=EARLIEST, about=customer.pk)


def _history(staff: Staff, now: dt.datetime, customer: int) -> QuerySet[Incident]:
    """No part of it depends on the clock."""
    mine = Incident.objects.visible_to(staff).filter(customer=customer)
    rows: QuerySet[Incident] = with_given(mine).select_related("category", "location").only(*OF_HISTORY)
    return rows.order_by("-reported_at", "-id")[:HISTORY]


def history_elsewhere(customer: Customer, *, staff: Staff) -> list[dict[str, Any]]:
    """Date, category, place, outcome and amount given at other places; restricted ones never."""
    found: list[Any] = find(_elsewhere, staff=staff, now=EARLIEST, about=customer.pk)
    return [
        {
            "on": _day_of(incident),
            "category": incident.category.label,
            "place": incident.location.name,
            "outcome": incident.get_close_reason_display() or _("Still open"),
            "given": incident.given,
            "currency": incident.location.currency,
        }
        for incident in found
    ]


def _elsewhere(staff: Staff, now: dt.datetime, customer: int) -> QuerySet[Incident]:
    """No part of it depends on the clock."""
    others = Incident.objects.elsewhere(staff).filter(customer=customer)
    rows: QuerySet[Incident] = with_given(others).select_related("category", "location").only(*OF_ELSEWHERE)
    return rows.order_by("-reported_at", "-id")[:HISTORY]


def _day_of(incident: Incident) -> dt.date:
    if incident.occurred_on:
        return incident.occurred_on
    return (incident.occurred_at or incident.reported_at).astimezone(incident.location.zone).date()
