"""What the desk should know before it logs one more: a quiet word at intake, never a stop.

Open already, closed lately, given before, a key account. Of other places amount, day and place; restricted never.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateTimeField, DurationField, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from incidents.models import Account, Customer, Incident, Remedy, RemedyNature, Staff
from incidents.models.base import number_key
from incidents.models.prepared import find
from incidents.search.history import LATELY, among_lately
from incidents.search.people import HITS
from incidents.vocabulary import NOT_AN_INCIDENT, RemedyState

NOT_LONG_AGO = dt.timedelta(days=365)  # what was given before that is no reason to give less today
MOST_GIVEN = 5
NEWEST = 100  # of each incident what was given is looked up: so many are enough
OF_RECENT = (
    *("reference", "customer_hint", "is_restricted", "assignee_id", "reported_at", "closed_at", "close_reason"),
    *("order_reference", "customer__name", "category__name", "location__name", "location__time_zone"),
)
OF_A_GIFT = (
    *("currency", "delivered_at", "type__name", "incident__reference", "incident__reported_at"),
    *("incident__customer__name", "incident__location__name", "incident__location__time_zone"),
)


@dataclass(frozen=True)
class Given:
    """What somebody got for a mistake of ours; `what`, `who` and `reference` only where the reader may open it."""

    what: str
    amount: Decimal | None
    currency: str
    on: dt.date
    place: str
    who: str  # another contact of the same account, or whoever named the same order; "" for the customer at hand
    is_same_order: bool
    reference: str


@dataclass(frozen=True)
class Hints:
    """`already`: open ones, of this customer or the same order; `lately`: closed within 90 days."""

    already: list[Incident] = field(default_factory=list)
    lately: list[Incident] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    account: Account | None = None  # a key one
    customer_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.already or self.lately or self.given or self.account)


def hints_for(customer: Customer | None, order: str, *, staff: Staff, now: dt.datetime) -> Hints:
    """What is known of `customer` and of the order, as somebody typed it. Two statements; none without both."""
    order = number_key(order)
    if customer is None and not order:
        return Hints()
    account = customer.account if customer else None
    known = _open_or_lately(customer, order, staff, now)
    theirs = [incident for incident in known if customer and incident.customer_id == customer.pk]
    return Hints(
        already=[incident for incident in known if incident.is_open][:HITS],
        lately=among_lately(sorted(theirs, key=_closed, reverse=True), staff=staff, now=now),
        given=_given(customer, order, staff, now),
        account=account if account and account.is_key else None,
        customer_id=customer.pk if customer else None,
    )


def _open_or_lately(customer: Customer | None, order: str, staff: Staff, now: dt.datetime) -> list[Incident]:
    """What `staff` can see of them, or of the same order, that is open or was closed lately, newest first."""
    if customer and not order:
        return find(_theirs, staff=staff, now=now, about=customer.pk)
    same = Q(order_reference=order)
    return list(_recent(Q(customer=customer.pk) | same if customer else same, staff, now))


def _theirs(staff: Staff, now: dt.datetime, customer: int) -> QuerySet[Incident]:
    return _recent(Q(customer=customer), staff, now)


def _recent(which: Q, staff: Staff, now: dt.datetime) -> QuerySet[Incident]:
    seen = Incident.objects.visible_to(staff).filter(which)
    recent = seen.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=_ago(now, LATELY)))
    named = recent.select_related("customer", "category", "location").only(*OF_RECENT)
    return named.order_by("-reported_at", "-id")[:NEWEST]


def _ago(now: dt.datetime, length: dt.timedelta) -> Combinable:
    """That long before `now`, reckoned where it is compared: a kept statement is asked at many a `now`."""
    return Value(now, DateTimeField()) - Value(length, DurationField())


def _closed(incident: Incident) -> tuple[dt.datetime, int]:
    return incident.closed_at or incident.reported_at, incident.pk


def _given(customer: Customer | None, order: str, staff: Staff, now: dt.datetime) -> list[Given]:
    """What was given for the same order first, then the newest, of all places."""
    found: list[Remedy]
    if customer and not order:
        account = customer.account_id
        build, about = (_given_to_account, account) if account else (_given_to_customer, customer.pk)
        found = find(build, staff=staff, now=now, about=about)
    else:
        same = Case(When(incident__order_reference=order, then=Value(value=True)), default=Value(value=False))
        found = list(_gifts(_related(customer, order), same, staff, now))
    return [_as_given(remedy, customer, staff) for remedy in found]


def _given_to_customer(staff: Staff, now: dt.datetime, customer: int) -> QuerySet[Remedy]:
    return _gifts(_newest(Q(customer=customer)), Value(value=False), staff, now)


def _given_to_account(staff: Staff, now: dt.datetime, account: int) -> QuerySet[Remedy]:
    return _gifts(_newest(_of_account(account)), Value(value=False), staff, now)


def _gifts(incidents: QuerySet[Incident, Any], same: Any, staff: Staff, now: dt.datetime) -> QuerySet[Remedy]:
    """`same`: whether it was for the order at hand."""
    rows = Remedy.objects.filter(
        incident__in=incidents, incident__is_restricted=False, state=RemedyState.DELIVERED
    ).exclude(incident__close_reason__in=NOT_AN_INCIDENT)
    rows = rows.annotate(came_to=Coalesce(F("actual_amount"), F("estimated_amount")), is_same_order=same)
    worth = rows.filter(Q(came_to__gt=0) | ~Q(type__nature=RemedyNature.CORRECTION))
    if not staff.sees_all:  # of other places only money is told
        worth = worth.filter(Q(came_to__gt=0) | Q(incident__location__in=staff.location_ids))
    recent = worth.filter(Q(delivered_at__gte=_ago(now, NOT_LONG_AGO)) | Q(is_same_order=True))
    found = recent.select_related("type", "incident__customer", "incident__location").only(*OF_A_GIFT)
    return found.order_by("-is_same_order", "-delivered_at", "-id")[:MOST_GIVEN]


def _related(customer: Customer | None, order: str) -> QuerySet[Incident, Any]:
    """The newest incidents of the customer, of everybody of their account, and of the order: each by its own index."""
    same = _newest(Q(order_reference=order))
    if customer is None:
        return same
    of_account = _of_account(customer.account_id) if customer.account_id else Q(customer=customer.pk)
    return _newest(of_account).union(same)


def _of_account(account: int) -> Q:
    return Q(customer__in=Customer.objects.filter(account=account).values("pk"))


def _newest(which: Q) -> QuerySet[Incident, Any]:
    return Incident.objects.filter(which).order_by("-reported_at").values("pk")[:NEWEST]


def _as_given(remedy: Remedy, customer: Customer | None, staff: Staff) -> Given:
    incident = remedy.incident
    place = incident.location
    is_theirs = customer is not None and incident.customer_id == customer.pk
    is_open_to = staff.sees_all or place.pk in staff.location_ids
    return Given(
        what=remedy.type.label if is_open_to else "",
        amount=remedy.came_to,  # type: ignore[attr-defined]
        currency=remedy.currency,
        on=(remedy.delivered_at or incident.reported_at).astimezone(place.zone).date(),
        place=place.name,
        who=incident.customer.name if is_open_to and incident.customer and not is_theirs else "",
        is_same_order=remedy.is_same_order,  # type: ignore[attr-defined]
        reference=incident.reference if is_open_to else "",
    )
