"""Finding customers. Names are compared by `sort_name` (no accents, no case), phone numbers by their digits."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import BooleanField, Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from incidents.models import ContactKind, ContactPoint, Customer, Incident, Staff, standing_customer
from incidents.models.base import EARLIEST, number_key, sort_key
from incidents.models.prepared import find

HITS = 8
PAGE = 25
FEWEST_DIGITS = 3
LOCAL_DIGITS = 10  # of a number in North America, where 1 is dialled before it
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
    if len(sort_key(term)) < 2:
        return []
    ids = list(beginning(term).values_list("pk", flat=True)[:HITS])
    if len(ids) < HITS:
        ids += list(matching(term).exclude(pk__in=ids).values_list("pk", flat=True)[: HITS - len(ids)])
    if not ids and len(term) >= SHORTEST_GUESS:
        ids = list(resembling(term).values_list("pk", flat=True)[:HITS])
    return numbered(ids, staff)


def beginning(term: str) -> QuerySet[Customer]:
    return Customer.objects.standing().filter(sort_name__startswith=sort_key(term)).order_by("sort_name", "id")


def matching(term: str) -> QuerySet[Customer]:
    """Every word in the name or the account's; or a part of their number, or of a way to reach them."""
    words = Q()
    for word in sort_key(term).split():
        words &= Q(sort_name__contains=word) | Q(account__sort_name__contains=word)
    if ways := reached(term):
        words |= Q(pk__in=ContactPoint.objects.filter(ways).values("customer"))
    if (key := number_key(term)) and any(c.isdigit() for c in key) and len(key) >= FEWEST_DIGITS:
        words |= ~Q(loyalty_key="") & Q(loyalty_key__contains=key)
    return Customer.objects.standing().filter(words).order_by("sort_name", "id")


def reached(term: str) -> Q:
    """Telephones that hold these digits however they are written, e-mails that hold these letters."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", term) if c.isascii() and c.isdigit())
    found = Q()
    if len(digits) >= FEWEST_DIGITS and len(digits) * 2 >= len(term.replace(" ", "")):
        for part in sorted({digits, *_in_full(term, digits)}):
            found |= Q(kind=ContactKind.PHONE, normalized__contains=part)
    if not digits or "@" in term:
        found |= Q(kind=ContactKind.EMAIL, normalized__contains=term.lower())
    return found


def _in_full(term: str, digits: str) -> Iterator[str]:
    """Without what is dialled before it: 0312 and 1 312 as 312, 00 49 as 49, +49 (0) 40 as 4940."""
    bare = digits.lstrip("0")
    if len(bare) >= FEWEST_DIGITS:
        yield bare
    if len(bare) > LOCAL_DIGITS and bare.startswith("1"):
        yield bare[1:]
    if "(0)" in term.replace(" ", ""):
        yield "".join(c for c in term.replace(" ", "").replace("(0)", "") if c.isdigit()).lstrip("0")


def resembling(term: str) -> QuerySet[Customer]:
    """Names that sound like a slip of the finger."""
    key = sort_key(term)
    alike = Customer.objects.standing().filter(sort_name__trigram_word_similar=key)
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


class Listed(Func):
    """Whether a number is one of those in a list like "17,4": a kept statement is asked of as many as there are."""

    template = "%(expressions)s, ',')::bigint[])"
    arg_joiner = " = ANY(string_to_array("
    output_field = BooleanField()


def numbered(ids: list[int], staff: Staff) -> list[Customer]:
    """Those customers as `with_numbers()` reads them, in the order of `ids`. One statement; none of none."""
    if not ids:
        return []
    found = {customer.pk: customer for customer in find(_numbered, staff=staff, now=EARLIEST, about=_list_of(ids))}
    return [found[pk] for pk in ids if pk in found]


def _list_of(ids: list[int]) -> str:
    return ",".join(map(str, ids))


def _numbered(staff: Staff, now: dt.datetime, ids: str) -> QuerySet[Customer]:
    """No part of it depends on the clock."""
    return with_numbers(Customer.objects.filter(Listed("pk", Value(ids))), staff)


def customer_page(*, staff: Staff, term: str = "", after: Customer | None = None) -> Page:
    """Customers by name, a page after `after`. One statement."""
    customers = customers_called(plain(term))
    if after is not None:
        later = Q(sort_name__gt=after.sort_name) | Q(sort_name=after.sort_name, pk__gt=after.pk)
        customers = customers.filter(later)
    rows = list(with_numbers(customers, staff)[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def customers_called(term: str) -> QuerySet[Customer]:
    """All of them by name, or those who match."""
    return matching(term) if term else Customer.objects.standing().order_by("sort_name", "id")


def last_shown(sent: str) -> Customer | None:
    """The row that a page goes on after, even if it was put together with another since. At most one query."""
    return Customer.objects.filter(pk=int(sent)).first() if _is_id(sent) else None


def _is_id(sent: str) -> bool:
    return sent.isascii() and sent.isdecimal() and len(sent) < 19


def customer_by_id(sent: str) -> Customer | None:
    """The customer with this id, whatever was sent as one. One query, one more for each merge since."""
    return standing_customer(int(sent)) if _is_id(sent) else None
