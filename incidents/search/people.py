"""Finding customers. Names are compared by `sort_name` (no accents, no case), phone numbers by their digits."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents.models import ContactKind, ContactPoint, Customer, Incident, Staff
from incidents.models.base import sort_key

HITS = 8
PAGE = 25
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


def customer_by_id(sent: str) -> Customer | None:
    """The customer with this id, whatever was sent as one. At most one query."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 19):
        return None
    return Customer.objects.select_related("account").filter(pk=int(sent)).first()
