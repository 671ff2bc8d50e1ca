"""What the database has to offer a generated demo: places, the people there, catalogues.

Five statements, and one for each place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from incidents.access import Role
from incidents.models import Category, CategoryField, Location, RemedyType, Staff
from incidents.models.hours import PlaceClock, clock_of
from incidents.vocabulary import Severity

# The first logs most; who comes later logs less.
SHARES = (0.46, 0.24, 0.13, 0.08, 0.05, 0.04)


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    role: str

    @property
    def is_manager(self) -> bool:
        return self.role != Role.FRONT_DESK


@dataclass(frozen=True)
class Place:
    pk: int
    zone: dt.tzinfo
    clock: PlaceClock
    currency: str
    country: str
    voice: str
    desk: tuple[Person, ...]
    managers: tuple[Person, ...]
    fallback: Person | None

    @property
    def everyone(self) -> tuple[Person, ...]:
        return self.desk + self.managers

    def logger(self, chance: Random, *, busiest_last: bool = False) -> Person:
        """Mostly the same clerk, now and then a manager."""
        people = self.desk[::-1] if busiest_last else self.desk
        if not people or (self.managers and chance.random() < 0.09):
            return self.manager(chance)
        mark = chance.random() * sum(SHARES[: len(people)])
        for person, share in zip(people, SHARES, strict=False):
            mark -= share
            if mark < 0:
                return person
        return people[0]

    def manager(self, chance: Random) -> Person:
        many = self.managers or self.desk
        return many[int(chance.random() * len(many))]

    def other_than(self, person: Person, chance: Random) -> Person | None:
        others = [each for each in self.everyone if each.pk != person.pk]
        return others[int(chance.random() * len(others))] if others else None


@dataclass(frozen=True)
class Kind:
    """One category, and which of its questions take which kind of answer."""

    pk: int
    key: str
    severity: Severity
    is_restricted: bool
    is_second_failure: bool
    asks: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Gift:
    pk: int
    key: str
    needs_receipt: bool


@dataclass(frozen=True)
class Setting:
    places: tuple[Place, ...]
    kinds: dict[str, Kind]
    gifts: dict[str, Gift]


class NobodyThere(Exception):
    """There is no place with somebody working there."""


def find_setting() -> Setting:
    """NobodyThere when there is no place with active staff."""
    asks: dict[int, dict[str, bool]] = {}
    for question in CategoryField.objects.filter(is_active=True):
        asks.setdefault(question.category_id, {})[question.key] = question.is_private
    kinds = {
        row.key: Kind(
            row.pk, row.key, Severity(row.severity), row.is_restricted, row.is_second_failure, asks.get(row.pk, {})
        )
        for row in Category.objects.filter(is_active=True)
    }
    gifts = {row.key: Gift(row.pk, row.key, row.needs_receipt) for row in RemedyType.objects.filter(is_active=True)}
    places = _places()
    if not places or not kinds or not gifts:
        raise NobodyThere
    return Setting(places, kinds, gifts)


def _places() -> tuple[Place, ...]:
    here: dict[int, list[Person]] = {}
    rows = Staff.objects.filter(is_active=True).order_by("id")
    for pk, name, role, location in rows.values_list("pk", "name", "role", "memberships__location"):
        if location is not None:
            here.setdefault(location, []).append(Person(pk, name, role))
    found = []
    for position, row in enumerate(Location.objects.active().order_by("id")):
        people = here.get(row.pk, [])
        if not people:
            continue
        found.append(
            Place(
                pk=row.pk,
                zone=row.zone,
                clock=clock_of(row),
                currency=row.currency,
                country=row.country,
                voice="shop" if position % 2 else "hotel",
                desk=tuple(p for p in people if not p.is_manager),
                # Administrators have other things to do, unless nobody else is there.
                managers=tuple(p for p in people if p.role == Role.MANAGER) or tuple(p for p in people if p.is_manager),
                fallback=next((p for p in people if p.pk == row.fallback_assignee_id), None),
            )
        )
    return tuple(found)
