"""All of one person, before it is handed over: how much of each kind, and how much of it somebody else may get."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from incidents.models import Location, Staff
from incidents.models.holding import (
    CHANGES,
    MEETINGS,
    PROCEDURES,
    RECOVERIES,
    SERIES,
    holding_of,
)


@dataclass(frozen=True)
class Kind:
    """So many of a kind; `goes` of them, when it is said to whom."""

    words: str
    number: int
    goes: int
    url: str

    @property
    def stays(self) -> int:
        return self.number - self.goes


@dataclass(frozen=True)
class AllOf:
    person: Staff
    place: Location | None
    kinds: list[Kind] = field(default_factory=list)

    @property
    def goes(self) -> int:
        return sum(kind.goes for kind in self.kinds)


def find_person(staff: Staff, pk: int) -> Staff | None:
    """Who works at one of their places, or still has something there; administrators, everybody."""
    person = Staff.objects.filter(pk=pk).first()
    if person is None or staff.sees_all or not set(staff.location_ids).isdisjoint(person.location_ids):
        return person
    return person if any(rows.exists() for rows in holding_of(person, staff).rows.values()) else None


def all_of(person: Staff, staff: Staff, *, to: Staff | None, place: Location | None) -> AllOf:
    """One statement, however much there is."""
    theirs = holding_of(person, staff, place=place.pk if place else None)
    columns = {f"every_{kind}": _count(rows) for kind, rows in theirs.rows.items()}
    if to is not None:
        columns |= {f"goes_{kind}": _count(theirs.for_(kind, to)) for kind in theirs.rows}
    found: Any = Staff.objects.filter(pk=staff.pk).values(**columns)
    numbers: dict[str, int] = found.get()
    kinds = (
        Kind(_words(kind, number), number, numbers.get(f"goes_{kind}", 0), _url(kind, person, place))
        for kind in theirs.rows
        if (number := numbers[f"every_{kind}"])
    )
    return AllOf(person, place, list(kinds))


def _count(rows: QuerySet[Any]) -> Subquery:
    every = Func("pk", function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(every=every).values("every"))


def _words(kind: str, number: int) -> str:
    said = {
        RECOVERIES: ngettext("%(number)d open recovery", "%(number)d open recoveries", number),
        CHANGES: ngettext("%(number)d change to make", "%(number)d changes to make", number),
        PROCEDURES: ngettext("%(number)d procedure to keep true", "%(number)d procedures to keep true", number),
        SERIES: ngettext(
            "%(number)d meeting to lead that comes again", "%(number)d meetings to lead that come again", number
        ),
        MEETINGS: ngettext("%(number)d meeting ahead to lead", "%(number)d meetings ahead to lead", number),
    }
    return said[kind] % {"number": number}


def _url(kind: str, person: Staff, place: Location | None) -> str:
    """Where they are listed, when a list can name them."""
    if kind not in (RECOVERIES, CHANGES) or not person.is_active:
        return ""
    if kind == CHANGES:
        sent = {"who": person.pk} | ({"place": place.pk} if place else {})
        return f"{reverse('prevention-list')}?{urlencode(sent)}"
    sent = {"assignee": person.pk} | ({"location": place.pk} if place else {})
    return f"{reverse('incident-list')}?{urlencode(sent)}"
