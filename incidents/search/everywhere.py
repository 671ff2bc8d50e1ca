"""One field for everything: recoveries by number or words, customers, accounts, and where the app leads."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, Q, QuerySet

from incidents.models import Account, ContactPoint, Customer, Incident, Staff
from incidents.models.base import number_key, sort_key
from incidents.models.incident import IncidentQuerySet
from incidents.models.wording import may_read, says, words_of
from incidents.search import people
from incidents.search.pages import Way, ways_to
from incidents.search.words import Piece, marked, mended

FEW, MANY = 8, 25
SHORTEST = 2
SHORTEST_PART = 3  # letters or digits of a number; less is in every one of them
YEARS = 3  # a bare number is looked for among the references of the last years
_REFERENCE = re.compile(r"R20[0-9]{7,}")  # whole, as `number_key()` writes it: nothing else is meant
SHOWN = (
    *("reference", "customer_hint", "what_happened", "severity", "is_restricted", "assignee_id", "stage"),
    *("reported_at", "closed_at", "close_reason", "order_reference", "customer__name", "category__name"),
    *("location__name", "location__time_zone"),
)


class OneOf(Func):
    """Whether a column is one of what a subquery found first: looked up by its key, however large the table."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


@dataclass(frozen=True)
class Narrowed:
    """What the recoveries found may be narrowed to; values nobody offered never get here."""

    location: int | None = None
    category: str = ""
    days: int | None = None
    is_open: bool | None = None

    def among(self, rows: IncidentQuerySet, now: dt.datetime) -> IncidentQuerySet:
        if self.location is not None:
            rows = rows.filter(location=self.location)
        if self.category:
            rows = rows.filter(category__key=self.category)
        if self.days is not None:
            rows = rows.filter(reported_at__gte=now - dt.timedelta(days=self.days))
        if self.is_open is not None:
            rows = rows.filter(closed_at__isnull=self.is_open)
        return rows


@dataclass(frozen=True)
class Hit:
    """A recovery; `pieces` is what its story says of it, empty where the reader may not have it."""

    incident: Incident
    pieces: list[Piece]


@dataclass(frozen=True)
class Found:
    """`shown` are the words that were meant, where those that were typed found nothing."""

    term: str
    hits: list[Hit] = field(default_factory=list)
    has_more: bool = False
    customers: list[Customer] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    shown: str = ""

    @property
    def is_asked(self) -> bool:
        return is_enough(self.term)

    @property
    def is_empty(self) -> bool:
        return not (self.hits or self.customers or self.accounts or self.ways)


def is_enough(term: str) -> bool:
    """Two letters, or one digit: it is a number."""
    return len(sort_key(term)) >= SHORTEST or term.isdecimal()


def look_for(term: str, *, staff: Staff, now: dt.datetime, narrowed: Narrowed | None = None) -> Found:
    """All that `staff` may see of it. Six statements at most; narrowed, only recoveries and more of them."""
    term = people.plain(term)
    if not is_enough(term):
        return Found(term, ways=ways_to(term, staff))
    look = _Look(term, staff, now, narrowed or Narrowed(), MANY if narrowed else FEW)
    found = look.among_incidents(words_of(term))
    if narrowed is None:
        found = replace(
            found,
            customers=_customers(term, staff),
            accounts=list(_accounts(term)),
            ways=ways_to(term, staff),
        )
    return found if not found.is_empty else _guess(found, look)


def _guess(found: Found, look: _Look) -> Found:
    """Nothing is called or told so: what may have been meant."""
    better = mended(words_of(look.term))
    if better and (again := look.among_incidents(better)).hits:  # without any, nobody is told what others wrote
        found = replace(found, hits=again.hits, has_more=again.has_more, shown=" ".join(better))
    if look.limit == FEW and len(look.term) >= people.SHORTEST_GUESS:
        found = replace(found, customers=_in_order([people.resembling(look.term)], look.term, look.staff))
    return found


@dataclass(frozen=True)
class _Look:
    term: str
    staff: Staff
    now: dt.datetime
    narrowed: Narrowed
    limit: int

    def among_incidents(self, words: list[str]) -> Found:
        """By their numbers first, then the newest of those that say so. One statement."""
        mine = self.narrowed.among(Incident.objects.visible_to(self.staff), self.now)
        parts = [self._named(mine)]
        if words:
            parts.append(mine.filter(may_read(self.staff)).filter(says(words)))
        either = Q()
        for part in parts:
            either |= Q(OneOf("pk", ArraySubquery(part.order_by("-created_at", "-id").values("pk")[: self.limit + 1])))
        rows = Incident.objects.filter(either).select_related("customer", "category", "location").only(*SHOWN)
        found = sorted(rows.order_by("-created_at", "-id"), key=self._is_meant, reverse=True)
        hits = [self._hit(incident, words) for incident in found[: self.limit]]
        return Found(self.term, hits, has_more=len(found) > self.limit)

    def _named(self, mine: IncidentQuerySet) -> IncidentQuerySet:
        """By reference or order number, or by what somebody nobody knows is called."""
        term, key = self.term, number_key(self.term)
        named = Q(reference__in=self._references(key))
        if len(term) >= SHORTEST_PART and not _REFERENCE.fullmatch(key):
            readable = Q(customer_hint__holds=term)
            if any(c.isdigit() for c in key):
                named |= Q(reference__holds=term)
                readable |= ~Q(order_reference="") & Q(order_reference__contains=key)
            named |= readable & may_read(self.staff)
        return mine.filter(named)

    def _references(self, key: str) -> list[str]:
        if key.isascii() and key.isdecimal() and len(key) <= 9:
            return [f"R-{self.now.year - back}-{int(key):05}" for back in range(YEARS)]
        return [f"R-{key[1:5]}-{key[5:]}"] if _REFERENCE.fullmatch(key) else []

    def _is_meant(self, incident: Incident) -> tuple[bool, bool]:
        """What was typed is its number, whole or in part."""
        key = number_key(self.term)
        number = number_key(incident.reference)
        is_whole = incident.reference in self._references(key) or (bool(key) and incident.order_reference == key)
        return is_whole, bool(key) and (key in number or key in incident.order_reference)

    def _hit(self, incident: Incident, words: list[str]) -> Hit:
        is_readable = not incident.is_restricted or self.staff.is_manager or incident.assignee_id == self.staff.pk
        return Hit(incident, marked(incident.what_happened, words) if is_readable else [])


def _customers(term: str, staff: Staff) -> list[Customer]:
    """By name, company, or a part of their number or of a way to reach them: each looked up along its own index."""
    standing = Customer.objects.standing()
    named, companies = standing, Account.objects.all()
    for word in sort_key(term).split():
        named = named.filter(sort_name__contains=word)
        companies = companies.filter(sort_name__contains=word)
    ways: list[QuerySet[Any]] = [people.beginning(term), named, standing.filter(account__in=companies)]
    if reached := people.reached(term):
        ways.append(ContactPoint.objects.filter(reached, customer__in=standing).order_by())
    key = number_key(term)
    if len(key) >= SHORTEST_PART and any(c.isdigit() for c in key):
        ways.append(standing.filter(~Q(loyalty_key=""), loyalty_key__contains=key))
    return _in_order(ways, term, staff)


def _in_order(ways: list[QuerySet[Any]], term: str, staff: Staff) -> list[Customer]:
    """Names that begin so come first, the others by name. Two statements; one when nobody is called so."""
    either = Q()
    for found in ways:
        column = "customer" if found.model is ContactPoint else "pk"
        either |= Q(OneOf("pk", ArraySubquery(found.values(column)[:FEW])))
    key = sort_key(term)
    named = Customer.objects.standing().filter(either).values_list("pk", "sort_name")
    order = [pk for pk, _name in sorted(named, key=lambda row: (not row[1].startswith(key), row[1], row[0]))][:FEW]
    return people.numbered(order, staff)


def _accounts(term: str) -> Any:
    words = Q()
    for word in sort_key(term).split():
        words &= Q(sort_name__contains=word)
    return Account.objects.filter(words).order_by("sort_name", "id")[:FEW]
