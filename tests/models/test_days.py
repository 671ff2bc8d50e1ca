"""The counts of days are what counting the incidents one by one finds, whatever happens to them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from incidents.actions.fold import fold
from incidents.models import Category, DayCount, Incident
from incidents.models.days import pack_days
from incidents.models.tally import countable
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast


def counted() -> Counter[Any]:
    """One by one: those that are not restricted, and were neither logged by mistake nor twice."""
    rows = countable(Incident.objects.filter(is_restricted=False))
    return Counter((i.location_id, i.category_id, i.reported_at.astimezone(dt.UTC).date()) for i in rows)


def kept() -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in DayCount.objects.all():
        found[row.location_id, row.category_id, row.day] += row.number
    return +found if min(found.values(), default=0) >= 0 else found


@kept_rows
def some(cast: Cast) -> list[Incident]:
    made = [make.make_incident(cast.desk, now=NOW - days * DAY, customer_hint="A guest") for days in (0, 0, 1, 2)]
    return [*made, make.make_incident(cast.outsider, now=NOW, customer_hint="A guest")]


@pytest.mark.usefixtures("some")
def test_what_is_logged() -> None:
    assert kept() == counted()
    assert sum(counted().values()) == 5


def test_what_becomes_another(cast: Cast, some: list[Incident]) -> None:
    other = Category.objects.exclude(pk=some[0].category_id)[0]
    rows = Incident.objects.filter(pk__in=[each.pk for each in some[:3]])
    for change in (
        {"category": other},
        {"location": cast.elsewhere},
        {"reported_at": NOW - 9 * DAY},
        {"is_restricted": True},
        {"category": some[0].category_id, "is_restricted": True},
        {"is_restricted": False},
    ):
        rows.update(**change)
        assert kept() == counted(), change


def test_what_was_none(cast: Cast, some: list[Incident]) -> None:
    make.close(some[0], cast.owner, "void")
    assert kept() == counted()
    Incident.objects.filter(pk=some[1].pk).update(is_restricted=True)
    make.close(some[1], cast.owner, "void")
    assert kept() == counted()
    assert sum(counted().values()) == 3


def test_what_is_gone(some: list[Incident]) -> None:
    with transaction.atomic():  # what hangs on it would say no at the end
        Incident.objects.filter(pk=some[0].pk)._raw_delete("default")
        assert kept() == counted()
        transaction.set_rollback(True)
    assert kept() == counted()


def test_packed_they_are_the_same(some: list[Incident]) -> None:
    pack_days()
    Incident.objects.filter(pk=some[0].pk).update(is_restricted=True)
    Incident.objects.filter(pk=some[2].pk).update(is_restricted=True)
    before = kept()
    assert DayCount.objects.filter(is_packed=False).count() == 2
    fold()
    assert kept() == before == counted()
    assert DayCount.objects.count() == len(before)
    assert not DayCount.objects.filter(is_packed=False).exists()
