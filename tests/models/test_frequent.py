"""What comes most often is the same whichever way it is counted, for everybody."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from incidents.models import Category, Incident, Location, RootCause, Staff
from incidents.models.frequent import basics_of_place, frequent
from incidents.models.tally import Tally, basics_of, tally, windows_known
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast

FIRST = dt.timedelta.resolution


def counted(staff: Staff, place: Location | None, days: int, now: dt.datetime = NOW, **over: Any) -> list[Tally]:
    """As `tally()` counts one by one all they may see."""
    rows = Incident.objects.visible_to(staff)
    rows = rows if place is None else rows.filter(location=place)
    return tally(rows, now=now, days=days, **{"windows": windows_known(rows, now=now, days=days)} | over)


@kept_rows
def past(cast: Cast) -> None:
    """A year of what has something in common, some of it restricted, logged by mistake or elsewhere."""
    dice = random.Random(7)
    customers = [make.make_customer(name) for name in ("Nora Novak", "Otto Ober")]
    causes = list(RootCause.objects.all()[:2])
    for number in range(120):
        by = dice.choice([cast.desk, cast.desk, cast.outsider, cast.manager])
        told = make.make_incident(
            by,
            category=dice.choice(["room", "late", "other"]),
            now=NOW - dice.randrange(1, 40) ** 2 / 8 * DAY - number * FIRST,
            customer=dice.choice([None, None, *customers]),
            customer_hint="A guest",
            place=dice.choice(["", "Café", "CAFE", "Pool"]),
            field_values=dice.choice([{}, {"place": "Room 214"}, {"place": "Room 7"}]),
        )
        is_restricted = not dice.randrange(4)
        Incident.objects.filter(pk=told.pk).update(root_cause=dice.choice([None, *causes]), is_restricted=is_restricted)
        if is_restricted and not dice.randrange(3):
            told.concerns.create(staff=dice.choice([cast.manager, cast.desk]))
        if not dice.randrange(12):
            make.close(told, cast.owner, "void")


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize("days", [7, 28, 90])
def test_the_same_as_one_by_one(cast: Cast, days: int) -> None:
    for staff in (cast.manager, cast.desk, cast.outsider, cast.owner):
        for place in (None, cast.here, cast.elsewhere):
            one_by_one = counted(staff, place, days)
            windows = len(one_by_one[0].trend.before) if one_by_one else 0
            found, kinds = frequent(staff, place, now=NOW, days=days, windows=windows, most=99)
            assert found == one_by_one
            assert sum(kinds.values()) == len(found)


@pytest.mark.usefixtures("past")
def test_no_more_of_a_kind_than_are_wanted(cast: Cast) -> None:
    every, kinds = frequent(cast.owner, None, now=NOW, days=90, windows=2, most=99)
    first, same_kinds = frequent(cast.owner, None, now=NOW, days=90, windows=2, most=1)
    assert kinds == same_kinds
    assert len(every) > len(first) == len(kinds)
    assert first == [next(each for each in every if each.kind == one.kind) for one in first]


def test_the_moment_a_window_ends_is_in_it(cast: Cast) -> None:
    for ago in (DAY * 0, DAY * 1, 7 * DAY - FIRST, 7 * DAY, 14 * DAY - FIRST, 14 * DAY, 21 * DAY - FIRST, 21 * DAY):
        make.make_incident(cast.desk, now=NOW - ago, customer_hint="A guest")
    (only,), _kinds = frequent(cast.manager, None, now=NOW, days=7, windows=2, most=25)
    assert [only] == counted(cast.manager, None, 7, windows=2)
    assert (only.trend.newest, only.trend.before) == (3, (2, 2))


@pytest.mark.parametrize("ago", [dt.timedelta(), FIRST, -FIRST, dt.timedelta(hours=7), dt.timedelta(hours=23)])
def test_whole_days_and_what_is_left_of_others(cast: Cast, ago: dt.timedelta) -> None:
    """Whatever the hour at which it is asked, and just before, at and just after midnight and the end of a window."""
    now = dt.datetime.combine(NOW.astimezone(dt.UTC), dt.time(), dt.UTC) - ago
    midnight = dt.datetime.combine(now, dt.time(), dt.UTC)
    for days in (0, 1, 2, 7, 8, 14, 15):
        for at in (midnight - days * DAY, now - days * DAY):
            for moment in (at - FIRST, at, at + FIRST):
                make.make_incident(cast.desk, now=moment, customer_hint="A guest", place="Pool")
    found, _kinds = frequent(cast.manager, None, now=now, days=7, windows=2, most=25)
    assert found == counted(cast.manager, None, 7, now, windows=2)
    assert found[0].trend.newest > 3


def test_basics_are_the_same_as_one_by_one(cast: Cast) -> None:
    Category.objects.update(is_basics=False)
    Category.objects.filter(key__in=["late", "other"]).update(is_basics=True)
    make.make_incident(cast.desk, category="room", now=NOW - 100 * DAY, customer_hint="A guest")
    for days in (20, 0, 1, 2, 3, 4, 5, 14 - 1e-9, 14, 15):
        kind = "late" if days % 2 else "other"
        made = make.make_incident(cast.desk, category=kind, now=NOW - days * DAY, customer_hint="A guest")
        if days in (5, 15):
            Incident.objects.filter(pk=made.pk).update(is_restricted=True)
    for staff, newest in ((cast.manager, 7), (cast.owner, 7), (cast.desk, 7)):
        seen = Incident.objects.visible_to(staff).filter(location=cast.here)
        found = basics_of_place(staff, cast.here, now=NOW)
        assert found == basics_of(seen, now=NOW)
        assert found is not None
        assert found.newest == newest
    made.concerns.create(staff=cast.manager)
    assert basics_of_place(cast.manager, cast.elsewhere, now=NOW) is None


def test_somebody_without_a_place(cast: Cast) -> None:
    make.make_incident(cast.desk, now=NOW)
    nobody = make.make_staff("Nobody")
    assert frequent(nobody, None, now=NOW, days=7, windows=2, most=25)[0] == []
