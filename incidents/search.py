"""Finding customers, and what one page may say about one of them.

Names are compared by `sort_name` (no accents, no case), phone numbers by their digits.
Counts and histories go through `visible_to`; of other places only what `elsewhere` allows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, DecimalField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from incidents import access
from incidents.models import ContactKind, ContactPoint, Customer, Draft, FollowUp, Incident, Remedy, Staff
from incidents.models.base import EARLIEST, sort_key
from incidents.models.prepared import find
from incidents.vocabulary import NOT_AN_INCIDENT, Outcome, RemedyState

HITS = 8
PAGE = 25
HISTORY = 50
# What a customer's page says of each incident; the rest of the row stays in the database.
OF_HISTORY = (
    *("reference", "severity", "stage", "what_happened", "is_restricted", "assignee_id", "reported_at", "next_due_at"),
    *("closed_at", "close_reason", "category__name"),
    *("location__name", "location__time_zone", "location__currency"),
)
LATELY = dt.timedelta(days=90)  # how long "is it that again?" is asked of what was closed
FEWEST_DIGITS = 3
SHORTEST_GUESS = 4  # letters, before a name may be guessed at


@dataclass(frozen=True)
class Page:
    rows: list[Customer]
    next_after: int | None


def plain(term: str) -> str:
    """What somebody typed into a search field, bounded and without what no name contains."""
    return " ".join(term.replace("\x00", " ").split())[:120]


def suggest_customers(term: str, *, staff: Staff) -> list[Customer]:
    """The customers most likely meant, best first; each with `phone` and `open_count`.

    Four statements at most: names that begin so, the rest, then those rows with their numbers.
    """
    term = plain(term)
    if len(term) < 2:
        return []
    ids = list(_beginning(term).values_list("pk", flat=True)[:HITS])
    if len(ids) < HITS:
        ids += list(_matching(term).exclude(pk__in=ids).values_list("pk", flat=True)[: HITS - len(ids)])
    if not ids and len(term) >= SHORTEST_GUESS:
        ids = list(_resembling(term).values_list("pk", flat=True)[:HITS])
    found = with_numbers(Customer.objects.filter(pk__in=ids), staff).in_bulk()
    return [found[pk] for pk in ids if pk in found]


def _beginning(term: str) -> QuerySet[Customer]:
    return Customer.objects.filter(sort_name__startswith=sort_key(term)).order_by("sort_name", "id")


def _matching(term: str) -> QuerySet[Customer]:
    """Every word in the name or the account's; or the digits or letters of a way to reach them."""
    words = Q()
    for word in sort_key(term).split():
        words &= Q(sort_name__contains=word) | Q(account__sort_name__contains=word)
    digits = "".join(c for c in term if c.isascii() and c.isdigit())
    reached = Q()
    if len(digits) >= FEWEST_DIGITS and len(digits) * 2 >= len(term.replace(" ", "")):
        reached |= Q(kind=ContactKind.PHONE, normalized__contains=digits.lstrip("0"))
    if not digits or "@" in term:
        reached |= Q(kind=ContactKind.EMAIL, normalized__contains=term.lower())
    if reached:
        words |= Q(pk__in=ContactPoint.objects.filter(reached).values("customer"))
    return Customer.objects.filter(words).order_by("sort_name", "id")


def _resembling(term: str) -> QuerySet[Customer]:
    """Names that sound like a slip of the finger."""
    key = sort_key(term)
    alike = Customer.objects.filter(sort_name__trigram_word_similar=key)
    return alike.order_by(TrigramWordSimilarity(key, "sort_name").desc(), "sort_name", "id")


def with_numbers(customers: QuerySet[Customer], staff: Staff) -> QuerySet[Customer]:
    """Each with its account, latest right `phone` (`phone_typed` as typed), `open_count` of what `staff` may see."""
    right = ContactPoint.objects.filter(customer=OuterRef("pk"), wrong_since__isnull=True)
    phones = right.filter(kind=ContactKind.PHONE).order_by("-id")
    mine = Incident.objects.visible_to(staff).open().filter(customer=OuterRef("pk")).order_by()
    counted = mine.values("customer").annotate(n=Count("pk")).values("n")
    return customers.select_related("account").annotate(
        phone=Subquery(phones.values("normalized")[:1]),
        phone_typed=Subquery(phones.values("value")[:1]),
        open_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )


def customer_page(*, staff: Staff, term: str = "", after: Customer | None = None) -> Page:
    """Customers by name, a page after `after`. One statement."""
    term = plain(term)
    customers = _matching(term) if term else Customer.objects.order_by("sort_name", "id")
    if after is not None:
        later = Q(sort_name__gt=after.sort_name) | Q(sort_name=after.sort_name, pk__gt=after.pk)
        customers = customers.filter(later)
    rows = list(with_numbers(customers, staff)[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def open_incidents_of(customer: int, *, staff: Staff) -> list[Incident]:
    """What `staff` can see of this customer that is still open, newest first. One query."""
    open_ones = Incident.objects.visible_to(staff).open().filter(customer=customer)
    return list(open_ones.with_names().order_by("-reported_at")[:HITS])


def closed_lately(customer: int, *, staff: Staff, now: dt.datetime) -> list[Incident]:
    """What `staff` can see of this customer that was closed in the last 90 days, newest first. One query."""
    closed = Incident.objects.visible_to(staff).filter(customer=customer, closed_at__gte=now - LATELY)
    rows = closed.exclude(close_reason__in=NOT_AN_INCIDENT).select_related("category", "location")
    return [i for i in rows.order_by("-closed_at", "-id")[:HITS] if access.can_read_whole(staff, i)]


def among_lately(incidents: list[Incident], *, staff: Staff, now: dt.datetime) -> list[Incident]:
    """The same of incidents at hand that `staff` can see. No query."""
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
    others: Any = with_given(Incident.objects.elsewhere(staff).filter(customer=customer))
    rows = others.select_related("category", "location").defer("what_happened", "remedy_sought", "field_values")
    return [
        {
            "on": _day_of(incident),
            "category": incident.category.label,
            "place": incident.location.name,
            "outcome": incident.get_close_reason_display() or _("Still open"),
            "given": incident.given,
            "currency": incident.location.currency,
        }
        for incident in rows.order_by("-reported_at", "-id")[:HISTORY]
    ]


def _day_of(incident: Incident) -> dt.date:
    if incident.occurred_on:
        return incident.occurred_on
    return (incident.occurred_at or incident.reported_at).astimezone(incident.location.zone).date()


def others_of_account(customer: Customer, *, staff: Staff) -> list[Any]:
    """The other contacts of this customer's account, each with `verdict_label` and `open_count`."""
    if customer.account_id is None:
        return []
    this = Incident.objects.filter(pk=OuterRef("incident"))
    allowed = Exists(this.visible_to(staff)) | Exists(this.elsewhere(staff))
    answered = FollowUp.objects.filter(allowed, incident__customer=OuterRef("pk"), answered_at__isnull=False)
    answered = answered.order_by("-answered_at")
    colleagues = Customer.objects.filter(account=customer.account_id).exclude(pk=customer.pk)
    rows = with_numbers(colleagues, staff).annotate(last_verdict=Subquery(answered.values("outcome")[:1]))
    found: list[Any] = list(rows.order_by("sort_name", "id")[:HISTORY])
    for colleague in found:
        colleague.verdict_label = Outcome(colleague.last_verdict).label if colleague.last_verdict else ""
    return found


def newest_draft(staff: Staff, form: str) -> Draft | None:
    return Draft.objects.filter(staff=staff, form=form).order_by("-saved_at").first()


def customer_by_id(sent: str) -> Customer | None:
    """The customer with this id, whatever was sent as one. At most one query."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 19):
        return None
    return Customer.objects.select_related("account").filter(pk=int(sent)).first()
