"""Statements put together once say the same as those put together anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.utils import timezone

from incidents.access import Role
from incidents.board import home, register, tabs
from incidents.board.register import Filters
from incidents.board.tabs import VIEWS
from incidents.models import Incident, Staff
from incidents.models.kept import numbered
from incidents.models.prepared import ask, find
from incidents.search import history
from incidents.story import calls
from incidents.story import find as story_find
from incidents.views import frame
from tests import make
from tests.make import NOW

COUNTED = (
    *(Filters(view=view) for view in VIEWS),
    Filters(unhappy=True, key=True, round="2", review="to_review", pattern="1"),
    Filters(overdue=True, call="today", quiet="48", reported="7", zone="America/Chicago"),
    Filters(lacks=("receipt", "approval", "apology", "call", "person")),
)


@pytest.mark.parametrize("name", ["desk", "manager", "owner"])
def test_it_asks_for_whoever_is_there(cast: make.Cast, name: str) -> None:
    person: Staff = getattr(cast, name)
    make.make_incident(cast.desk, now=timezone.now())
    other = make.make_staff("Oda Other", cast.elsewhere, role=Role(person.role))
    for staff in (person, other, person):
        now = timezone.now()
        for build in (tabs.Counting(COUNTED), frame._columns):
            rows = build(staff, now)
            found, anew = ask(build, staff=staff, now=now), rows.get()
            found.pop("now", None), anew.pop("now", None)
            assert found == anew
            assert None not in [found[key] for key in found if key.startswith("in_")]


OPEN = register._View(Filters(), 25)
ROWS: tuple[Any, ...] = (
    *(register._View(Filters(view=view), 25) for view in VIEWS),
    register._View(Filters(assignee=("me",), severity=(2, 3), overdue=True), 25),
    *(home._mine, home._my_calls),
    *(*calls._planned.values(), *calls._answered.values(), calls._owing),
)


@pytest.mark.parametrize("name", ["desk", "manager", "owner"])
@pytest.mark.parametrize("number", range(len(ROWS)))
def test_it_finds_for_whoever_is_there(cast: make.Cast, name: str, number: int) -> None:
    person: Staff = getattr(cast, name)
    now = timezone.now()
    make.make_incident(person, now=now - dt.timedelta(days=9))
    make.make_incident(cast.desk, now=now, severity=1)
    other = make.make_staff("Oda Other", cast.elsewhere, role=Role(person.role))
    for staff in (person, other, person):
        found, anew = find(ROWS[number], staff=staff, now=now), list(ROWS[number](staff, now))
        assert [columns(row) for row in found] == [columns(row) for row in anew]


def test_it_finds_what_is_asked_about(cast: make.Cast) -> None:
    one, other = make.make_incident(cast.desk), make.make_incident(cast.outsider, severity=1)
    for staff, seen in ((cast.desk, [one]), (cast.outsider, [other]), (cast.owner, [one, other])):
        for incident in (one, other):
            asked: tuple[tuple[Any, Any], ...] = (
                (story_find._called, incident.reference),
                (history._history, incident.customer_id),
            )
            for build, about in asked:
                found, anew = find(build, staff=staff, now=NOW, about=about), list(build(staff, NOW, about))
                assert found == [incident] * (incident in seen)
                assert [columns(row) for row in found] == [columns(row) for row in anew]


@pytest.mark.parametrize("reference", ["%", "R-2026-00001' OR 1=1", "\\", "x" * 5000, "%(now)s"])
def test_strange_words_find_nothing(cast: make.Cast, reference: str) -> None:
    make.make_incident(cast.desk)
    assert find(story_find._called, staff=cast.desk, now=timezone.now(), about=reference) == []


def columns(row: Any) -> dict[str, Any]:
    """What was read of it, other rows at its side included: they compare by their keys."""
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    beside: dict[str, Any] = row._state.fields_cache
    return own | beside


def test_nowhere_is_nothing(cast: make.Cast) -> None:
    """Somebody who belongs to no place sees nothing, and no error."""
    make.make_incident(cast.desk, now=timezone.now())
    nobody = Staff.objects.create_user("no@place.example", name="Nora Nowhere", role=Role.FRONT_DESK)
    for rows in ROWS:
        assert list(find(rows, staff=nobody, now=timezone.now())) == []


def kept(part: str) -> int:
    """How many statements with these words PostgreSQL keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{part}%"])
        number: int = cursor.fetchone()[0]
    return number


@pytest.mark.django_db(transaction=True)
def test_postgresql_keeps_them(transactional_db: None) -> None:
    """Once, whoever asks; nothing else is kept. Where it forgets, everybody is answered all the same."""
    cast = make.make_cast()
    incident = make.make_incident(cast.desk)
    connection.close()
    for person in (cast.desk, cast.colleague, cast.desk):
        assert find(OPEN, staff=person, now=timezone.now()) == [incident]
    assert Incident.objects.count() == 1
    assert (kept("incidents_incident"), kept("")) == (1, 2)  # and where each of them works
    with connection.cursor() as cursor:
        cursor.execute("DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$")  # as another connection of a pooler
    for _turn in range(2):
        assert find(OPEN, staff=cast.desk, now=timezone.now()) == [incident]
    assert kept("") == 0
    connection.close()
    assert find(OPEN, staff=cast.desk, now=timezone.now()) == [incident]
    assert kept("") == 1


def _percent(staff: Staff, now: dt.datetime) -> Any:
    words = Value("100% o'clock %s %(now)s")
    return Staff.objects.filter(pk=staff.pk, name__contains="%").values("name", words=words)


def test_signs_that_mean_something_to_sql_stay_as_they_are(cast: make.Cast) -> None:
    cast.desk.name = "Dora 5%"
    cast.desk.save()
    found = ask(_percent, staff=cast.desk, now=timezone.now())
    assert found == {"words": "100% o'clock %s %(now)s", "name": "Dora 5%"}


# What has nothing to do with the clock, though it is near to what stands in for it.
OTHERS = (
    *(dt.datetime(2099, 1, 1, tzinfo=dt.UTC), dt.datetime(2099, 7, 7, 7, 7, 8, tzinfo=dt.UTC)),
    dt.datetime(2099, 12, 31, 7, 7, 7, 777777, tzinfo=dt.UTC),
)


def _near(staff: Staff, now: dt.datetime) -> Any:
    hours = dt.timedelta(hours=30)
    moments = {name: Value(at) for name, at in (("before", now - hours), ("at", now), ("after", now + hours))}
    moments |= {f"other_{n}": Value(at) for n, at in enumerate(OTHERS)}
    return Staff.objects.filter(pk=staff.pk).values(**moments)


def test_what_is_reckoned_from_now_follows_the_clock(cast: make.Cast) -> None:
    """Also across the night in which the clocks change."""
    for now in (
        NOW,
        dt.datetime(2026, 3, 8, 7, 59, 59, 123456, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    ):
        found = ask(_near, staff=cast.desk, now=now)
        assert [found["at"] - found["before"], found["after"] - found["at"]] == [dt.timedelta(hours=30)] * 2
        assert found["at"] == now
        assert [found[f"other_{n}"] for n in range(len(OTHERS))] == list(OTHERS)


def test_a_statement_is_numbered_as_postgresql_has_it() -> None:
    sql = "SELECT '5 %%' WHERE %(p0)s::bigint IN (%(p1)s::bigint, %(p0)s::bigint) AND now() < %(now)s::timestamptz"
    words, names = numbered(sql)
    assert words == b"SELECT '5 %' WHERE $1::bigint IN ($2::bigint, $1::bigint) AND now() < $3::timestamptz"
    assert names == ("p0", "p1", "now")


def test_where_values_go_is_looked_for_once_however_long_the_statement_is(cast: make.Cast) -> None:
    ask(frame._columns, staff=cast.manager, now=NOW)  # longer than psycopg remembers
    before = numbered.cache_info()
    ask(frame._columns, staff=cast.manager, now=NOW)
    assert numbered.cache_info().misses == before.misses
    assert numbered.cache_info().hits == before.hits + 1


def test_what_hangs_on_several_rows_is_made_once(cast: make.Cast) -> None:
    now = timezone.now()
    for severity in (2, 3):
        make.make_incident(cast.desk, now=now, severity=severity)
    one, two = find(home._mine, staff=cast.desk, now=now)
    assert one.pk != two.pk
    assert one.location is two.location
    assert (one.location, one.category, one.assignee) == (cast.here, two.category, cast.desk)
    assert one.customer != two.customer
