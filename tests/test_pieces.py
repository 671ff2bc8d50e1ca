"""Figures put together from kept pieces are those of one count, and none outlives a change that is folded."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import DjangoAssertNumQueries

from incidents.actions.fold import fold
from incidents.models import Incident
from incidents.reports import keeping, pieces
from incidents.reports.figures import by_slot, figures, with_before
from incidents.reports.merging import nth, percentile, repeats
from incidents.reports.pieces import Cut, Piece
from incidents.reports.scope import Scope
from incidents.reports.seen import one_reading, restricted_ids, stamp
from incidents.reports.slots import period_and_before
from incidents.reports.sums import PARTS_OF
from tests import make
from tests.make import DAY, NOW, Cast

SCOPE = Scope(NOW.date() - 41 * DAY, NOW.date())


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    keeping._kept.clear()
    pieces._kept.clear()


def _fold(**changed: Any) -> None:
    if changed:
        Incident.objects.filter(pk=changed.pop("pk")).update(**changed)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO incidents_facttoreckon (incident_id) SELECT id FROM incidents_incident")
    fold(budget=None)


def _incidents(cast: Cast, count: int) -> list[Incident]:
    """Some days between each and the one before, half of them of one customer."""
    nora = make.make_customer()
    return [
        make.make_incident(cast.desk, now=NOW - (7 * at + 1) * DAY, **{"customer": nora} if at % 2 else {})
        for at in range(count)
    ]


def test_a_change_is_seen_at_once_and_other_months_are_kept(cast: Cast) -> None:
    found = _incidents(cast, 14)
    _fold()
    first, before = with_before(cast.owner, SCOPE, NOW)
    assert (first["incidents"].n, before["incidents"].n) == (6, 6)
    kept = {key: id(piece) for key, (_version, piece) in pieces._kept.items()}
    _fold(pk=found[1].pk, is_second_failure=True)
    assert figures(cast.owner, SCOPE, NOW)["made_worse"].hits == 1
    again = {key: id(piece) for key, (_version, piece) in pieces._kept.items()}
    changed = {key[1].first.month for key in kept if kept[key] != again[key]}
    assert changed == {found[1].reported_at.month}
    _fold(pk=found[1].pk, is_restricted=True)
    assert with_before(cast.owner, SCOPE, NOW) != (first, before)


def test_as_counted_in_one(cast: Cast) -> None:
    _incidents(cast, 20)
    _fold()
    slots = period_and_before(SCOPE)
    for now in (NOW, NOW - 30 * DAY, NOW + 60 * DAY):
        counted, _until = by_slot(cast.owner, SCOPE, now, slots, PARTS_OF)
        both = with_before(cast.owner, SCOPE, now)
        assert [{key: found[key] for key in PARTS_OF} for found in both] == [counted[0], counted[1]]


def test_one_reading_asks_once_and_finds_the_same(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _incidents(cast, 14)
    make.make_incident(cast.manager, now=NOW - DAY, category="safety")
    _fold()
    scopes = [(SCOPE, SCOPE.start), (SCOPE, None), (SCOPE.before, SCOPE.before.start)]
    apart = [stamp(cast.manager, *each) for each in scopes]
    assert len(set(apart)) == 2  # the last one ends earlier
    restricted = restricted_ids(cast.manager, SCOPE)
    assert restricted
    with one_reading(), django_assert_num_queries(2):
        assert [stamp(cast.manager, *each) for each in scopes] == apart
        assert [restricted_ids(cast.manager, each) for each, _first in scopes] == [restricted] * 3
    with django_assert_num_queries(1):
        stamp(cast.manager, SCOPE, None)


def test_in_one_reading_nobody_reads_for_another(cast: Cast) -> None:
    make.make_incident(cast.manager, now=NOW - DAY, category="safety")
    _fold()
    apart = [restricted_ids(each, SCOPE) for each in (cast.manager, cast.desk, cast.owner)]
    with one_reading():
        assert [restricted_ids(each, SCOPE) for each in (cast.manager, cast.desk, cast.owner)] == apart
        assert restricted_ids(cast.manager, replace(SCOPE, is_shared=True)) == []


def test_in_one_reading_who_sees_what_is_never_older_than_a_stamp(cast: Cast) -> None:
    _incidents(cast, 1)
    _fold()
    with one_reading():
        assert restricted_ids(cast.manager, SCOPE) == []
        more = make.make_incident(cast.manager, now=NOW - DAY, category="safety")
        _fold()
        stamp(cast.manager, SCOPE, None)
        assert restricted_ids(cast.manager, SCOPE) == [more.pk]


def test_the_middle_of_many_runs() -> None:
    runs = [array("d", run) for run in ([1.0, 5.0, 5.0], [0.5], [5.0, 7.0, 9.0, 11.0])]
    whole = sorted(value for run in runs for value in run)
    assert [nth(runs, at) for at in range(len(whole))] == whole
    assert percentile(runs, 0.5) == 5.0
    assert percentile(runs, 0.9) == pytest.approx(9.0 + 0.3 * 2.0)


def test_days_that_cross_by_two_clocks_are_left_to_a_statement() -> None:
    hour = 3_600_000_000
    monday, tuesday = dt.date(2026, 3, 2), dt.date(2026, 3, 3)

    def came(customer: int, hours: int) -> Piece:
        return Piece(customers=array("q", [customer]), moments=array("q", [hours * hour]))

    earlier, later = Cut(monday, monday, 1), Cut(tuesday, tuesday, 0)
    assert repeats({earlier: [came(1, 30)], later: [came(1, 20)]}) is None
    assert repeats({earlier: [came(1, 30)], later: [came(2, 20), came(1, 31)]}) == [
        {"slot": 1, "n": 1, "hits": 0},
        {"slot": 0, "n": 2, "hits": 1},
    ]
