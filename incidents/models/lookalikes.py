"""Which customers may be one person: a few candidates by what the indexes know, then `alike.likeness()` decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from incidents.alike import Person
from incidents.models.customer import ContactKind, ContactPoint, Customer

MOST = 20  # candidates of each sort

# Trigrams less alike than 0.45 are nobody's; left at its 0.3, the index finds ten times as many rows to look at.
# Rows marked as not theirs agree with nothing. `who` are those asked about; 0 is somebody not written down yet.
_CANDIDATES = """
    SET LOCAL pg_trgm.similarity_threshold = 0.45;
    WITH who AS (
        SELECT * FROM unnest(%(pks)s::bigint[], %(names)s::text[], %(numbers)s::text[], %(addresses)s::text[])
            AS asked (pk, name, number, address)),
    reached AS (
        SELECT * FROM unnest(%(owners)s::bigint[], %(kinds)s::text[], %(values)s::text[]) AS asked (pk, kind, value))
    SELECT DISTINCT found.pk, found.other FROM (
        SELECT who.pk, near.id AS other FROM who CROSS JOIN LATERAL (
            SELECT id FROM incidents_customer
            WHERE merged_into_id IS NULL AND sort_name %% who.name
            ORDER BY similarity(sort_name, who.name) DESC, id LIMIT %(most)s) AS near
        WHERE who.name <> ''
        UNION ALL
        SELECT who.pk, near.id FROM who CROSS JOIN LATERAL (
            SELECT id FROM incidents_customer
            WHERE merged_into_id IS NULL AND NOT (address = '') AND address %% who.address
            ORDER BY similarity(address, who.address) DESC, id LIMIT %(most)s) AS near
        WHERE who.address <> ''
        UNION ALL
        SELECT who.pk, near.id FROM who CROSS JOIN LATERAL (
            SELECT id FROM incidents_customer
            WHERE merged_into_id IS NULL AND NOT (loyalty_key = '') AND loyalty_key = who.number
            ORDER BY id LIMIT %(most)s) AS near
        WHERE who.number <> ''
        UNION ALL
        SELECT reached.pk, near.customer_id FROM reached CROSS JOIN LATERAL (
            SELECT point.customer_id FROM incidents_contactpoint AS point
            JOIN incidents_customer AS owner ON owner.id = point.customer_id AND owner.merged_into_id IS NULL
            WHERE point.normalized = reached.value AND point.kind = reached.kind AND point.wrong_since IS NULL
            ORDER BY point.customer_id LIMIT %(most)s) AS near
    ) AS found WHERE found.pk <> found.other
"""


def candidates(people: Mapping[int, Person]) -> dict[int, set[int]]:
    """For each of them, the customers worth comparing. One statement."""
    rows = sorted(people.items())
    ways = [
        (pk, kind.value, value)
        for pk, person in rows
        for kind, values in ((ContactKind.PHONE, person.phones), (ContactKind.EMAIL, person.emails))
        for value in sorted(values)
    ]
    words: dict[str, Any] = {
        "pks": [pk for pk, _person in rows],
        "names": [person.name for _pk, person in rows],
        "numbers": [person.loyalty_key for _pk, person in rows],
        "addresses": [person.address for _pk, person in rows],
        "owners": [pk for pk, _kind, _value in ways],
        "kinds": [kind for _pk, kind, _value in ways],
        "values": [value for _pk, _kind, value in ways],
        "most": MOST,
    }
    found = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, words)
        cursor.nextset()  # of the two statements sent as one, the second answers
        for pk, other in cursor.fetchall():
            found[pk].add(other)
    return found


def people_of(pks: Iterable[int]) -> dict[int, Person]:
    """What the records of these customers say. Two statements."""
    wanted = list(pks)
    columns = ("pk", "sort_name", "loyalty_key", "address", "account__sort_name")
    customers = list(Customer.objects.filter(pk__in=wanted).values_list(*columns))
    return persons(customers, wanted)


def persons(customers: Iterable[tuple[int, str, str, str, str | None]], wanted: list[int]) -> dict[int, Person]:
    """The same of columns at hand: pk, name, number, address, account. One statement."""
    ways: dict[tuple[int, str], set[str]] = defaultdict(set)
    points = ContactPoint.objects.filter(customer__in=wanted, wrong_since__isnull=True)
    for owner, kind, value in points.order_by().values_list("customer", "kind", "normalized"):
        ways[owner, kind].add(value)
    return {
        pk: Person(
            name=name,
            phones=frozenset(ways[pk, ContactKind.PHONE]),
            emails=frozenset(ways[pk, ContactKind.EMAIL]),
            loyalty_key=number,
            address=address,
            account=account or "",
        )
        for pk, name, number, address, account in customers
    }
