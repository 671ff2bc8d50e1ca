"""Accounts: their contacts with how each felt when last asked, what is open, and what was given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents import access
from incidents.models import Account, Customer, FollowUp, Incident, Remedy, Staff
from incidents.models.base import sort_key
from incidents.search.people import PAGE, plain, with_numbers
from incidents.vocabulary import Outcome, RemedyState

MOST = 50
UNHAPPY = frozenset({Outcome.UNHAPPY, Outcome.REMEDY_NOT_RECEIVED, Outcome.NEW_PROBLEM})


@dataclass(frozen=True)
class AccountPage:
    rows: Sequence[Account]
    next_after: int | None


@dataclass(frozen=True)
class Gift:
    """What one contact got. `incident` only where the reader may open it."""

    on: dt.date
    amount: Decimal | None
    currency: str
    place: str
    what: str
    who: str
    incident: Incident | None


def account_page(*, staff: Staff, term: str = "", after: Account | None = None) -> AccountPage:
    """Accounts by name, each with `contact_count` and `open_count`. One statement."""
    rows = Account.objects.order_by("sort_name", "id")
    for word in sort_key(plain(term)).split():
        rows = rows.filter(sort_name__contains=word)
    if after is not None:
        rows = rows.filter(Q(sort_name__gt=after.sort_name) | Q(sort_name=after.sort_name, pk__gt=after.pk))
    contacts = Customer.objects.standing().filter(account=OuterRef("pk")).order_by()
    mine = Incident.objects.visible_to(staff).open().filter(customer__account=OuterRef("pk")).order_by()
    counted = rows.annotate(
        contact_count=_counted(contacts.values("account")),
        open_count=_counted(mine.values("customer__account")),
    )
    found = list(counted[: PAGE + 1])
    return AccountPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def _counted(rows: Any) -> Any:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def account_by_id(sent: str) -> Account | None:
    """The account with this id, whatever was sent as one. At most one query."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 19):
        return None
    return Account.objects.filter(pk=int(sent)).first()


def contacts_of(account: int, *, staff: Staff) -> list[Any]:
    """Everybody there, the unhappy first: with `verdict_label`, `verdict_at`, `is_unhappy`, `open_count`. One query."""
    return _with_verdicts(Customer.objects.standing().filter(account=account), staff)


def others_of_account(customer: Customer, *, staff: Staff) -> list[Any]:
    """The other contacts of this customer's account, the same way."""
    if customer.account_id is None:
        return []
    colleagues = Customer.objects.standing().filter(account=customer.account_id)
    return _with_verdicts(colleagues.exclude(pk=customer.pk), staff)


def _with_verdicts(customers: QuerySet[Customer], staff: Staff) -> list[Any]:
    """What was said of a restricted incident is told to those who read it whole, at another place to nobody."""
    this = Incident.objects.filter(pk=OuterRef("incident"))
    whole = this.visible_to(staff)
    if not staff.is_manager:
        whole = whole.filter(Q(is_restricted=False) | Q(assignee=staff))
    allowed = Exists(whole) | Exists(this.elsewhere(staff))
    answered = FollowUp.objects.filter(allowed, incident__customer=OuterRef("pk"), answered_at__isnull=False)
    answered = answered.order_by("-answered_at", "-id")
    rows = with_numbers(customers, staff).annotate(
        last_verdict=Subquery(answered.values("outcome")[:1]), verdict_at=Subquery(answered.values("answered_at")[:1])
    )
    found: list[Any] = list(rows.order_by("sort_name", "id")[:MOST])
    for contact in found:
        contact.verdict_label = Outcome(contact.last_verdict).label if contact.last_verdict else ""
        contact.is_unhappy = contact.last_verdict in UNHAPPY
    return sorted(found, key=lambda contact: not contact.is_unhappy)


def open_of_account(account: int, *, staff: Staff) -> list[Incident]:
    """What `staff` can see of its contacts that is still open, the most urgent first. One statement."""
    mine = Incident.objects.visible_to(staff).open().filter(customer__account=account)
    return list(mine.with_names().by_urgency()[:MOST])


def given_to_account(account: int, *, staff: Staff) -> list[Gift]:
    """Here what and for whom; of other places amount, day and place; of restricted ones nothing. Two statements."""
    delivered = Remedy.objects.filter(incident__customer__account=account, state=RemedyState.DELIVERED)
    if not staff.is_manager:
        delivered = delivered.filter(incident__is_restricted=False)
    rows = delivered.select_related("type", "incident__location", "incident__customer")
    rows = rows.annotate(came_to=Coalesce(F("actual_amount"), F("estimated_amount")))
    here = access.visible_to(rows, staff, through="incident")
    foreign = rows.filter(incident__in=Incident.objects.elsewhere(staff), came_to__isnull=False)
    gifts = [_gift(remedy, is_here=True) for remedy in here.order_by("-delivered_at", "-id")[:MOST]]
    gifts += [_gift(remedy, is_here=False) for remedy in foreign.order_by("-delivered_at", "-id")[:MOST]]
    return sorted(gifts, key=lambda gift: gift.on, reverse=True)[:MOST]


def _gift(remedy: Any, *, is_here: bool) -> Gift:
    incident = remedy.incident
    return Gift(
        on=remedy.delivered_at.astimezone(incident.location.zone).date(),
        amount=remedy.came_to,
        currency=remedy.currency,
        place=incident.location.name,
        what=(remedy.what or remedy.type.label) if is_here else "",
        who=incident.who if is_here else "",
        incident=incident if is_here else None,
    )
