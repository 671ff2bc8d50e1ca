"""While somebody types a new customer: who of those we know it may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from incidents.alike import LIKE, Person, in_common, likeness
from incidents.models import ContactKind, Customer, Staff, normalize_contact
from incidents.models.base import number_key, sort_key
from incidents.models.lookalikes import candidates, persons
from incidents.search.people import plain, with_numbers

MOST_SHOWN = 3
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Alike:
    """Somebody we know, with `phone` and `open_count`; `agrees` names what they have in common."""

    customer: Customer
    score: int
    agrees: tuple[str, ...]


def resembling(
    *,
    staff: Staff,
    country: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    account: str = "",
    loyalty_number: str = "",
    address: str = "",
) -> list[Alike]:
    """The likeliest first, three at most. Three statements; none while too little is typed."""
    typed = Person(
        name=sort_key(plain(name)),
        phones=_readable(ContactKind.PHONE, plain(phone), country),
        emails=_readable(ContactKind.EMAIL, plain(email), country),
        loyalty_key=number_key(plain(loyalty_number)),
        address=plain(address),
        account=sort_key(plain(account)),
    )
    if len(typed.name) < SHORTEST_NAME and not (typed.phones or typed.emails or typed.loyalty_key):
        return []
    near = candidates({0: typed}).get(0, set())
    if not near:
        return []
    rows = list(with_numbers(Customer.objects.filter(pk__in=near), staff))
    columns = [(c.pk, c.sort_name, c.loyalty_key, c.address, c.account.sort_name if c.account else None) for c in rows]
    known = persons(columns, [c.pk for c in rows])
    found = [Alike(c, likeness(typed, known[c.pk]), in_common(typed, known[c.pk])) for c in rows]
    found.sort(key=lambda each: (-each.score, each.customer.sort_name, each.customer.pk))
    return [each for each in found if each.score >= LIKE and each.agrees][:MOST_SHOWN]


def _readable(kind: ContactKind, typed: str, country: str) -> frozenset[str]:
    """As it is compared; nothing while it is half typed."""
    try:
        return frozenset({normalize_contact(kind, typed, country)}) if typed else frozenset()
    except ValidationError:
        return frozenset()
