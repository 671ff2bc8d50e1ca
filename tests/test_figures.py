"""Page and raw tables say the same, to the row and the cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from incidents.access import Role
from incidents.actions import causes
from incidents.actions.fold import fold
from incidents.models import Category, Concern, Fact, Incident, Meeting, PreventionAction, Review, RootCause, Staff
from incidents.reports.ageing import ageing
from incidents.reports.figures import FIGURES, Unit, figures, with_before
from incidents.reports.over_time import weekly
from incidents.reports.pareto import pareto
from incidents.reports.prevention import before_after
from incidents.reports.rows import PAGE, rows_behind
from incidents.reports.scope import Scope
from tests.databases import rows_for_many
from tests.raw_figures import recompute

AS_OF = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
YEAR = Scope(dt.date(2025, 3, 5), dt.date(2026, 3, 4))
QUARTER = Scope(dt.date(2025, 12, 5), dt.date(2026, 3, 4))


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Demo data, with causes, meetings, reviews and changes, some of them restricted."""
    with rows_for_many(django_db_blocker):
        call_command("demo", as_of=AS_OF, incidents=150, verbosity=0)
        _learn()
        _tell_of_all()
        fold(budget=None)
        yield


def _learn() -> None:
    boss = Staff.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")[0]
    found = list(Incident.objects.filter(reported_at__lt=AS_OF - 2 * DAY).order_by("pk"))
    kinds = list(RootCause.objects.order_by("pk"))
    for at, incident in enumerate(found[::3]):
        causes.set_cause(incident_id=incident.pk, root_cause=kinds[at % 4], by=boss, now=AS_OF)
    for week in range(8):
        starts = AS_OF - (60 - 7 * week) * DAY
        ended = starts + dt.timedelta(minutes=45) if week < 6 else None
        for location in {incident.location for incident in found}:
            _row(Meeting, boss, location=location, starts_at=starts, started_at=ended and starts, ended_at=ended,
                 facilitator=boss)  # fmt: skip
    for at, incident in enumerate(found[1::4]):
        ended = incident.reported_at + (at % 9) * DAY
        Review.objects.create(incident=incident, opened_at=ended, opened_by=boss, ended_at=ended, ended_by=boss,
                              outcome="next_time" if at % 7 == 0 else "talked")  # fmt: skip
    for at, incident in enumerate(found[::5]):
        _change(at, incident, boss)
    for incident in found[2::9]:
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        Concern.objects.create(incident=incident, staff=boss if incident.pk % 2 else _manager())


def _tell_of_all() -> None:
    """Of what was written here without an action."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO incidents_facttoreckon (incident_id) SELECT id FROM incidents_incident")


def _manager() -> Staff:
    return Staff.objects.filter(role=Role.MANAGER).order_by("pk")[0]


def _row(model: Any, boss: Staff, **fields: Any) -> Any:
    return model.objects.create(created_at=AS_OF, created_by=boss, submit_key=uuid4(), **fields)


def _change(at: int, incident: Incident, boss: Staff) -> None:
    due = AS_OF - (at * 5 - 20) * DAY
    done = due + (at % 3 - 1) * DAY if at % 4 else None
    said: dict[str, Any] = (
        {"done_at": done, "done_by": boss, "evidence": "Seen", "check_at": done + 90 * DAY - 100 * DAY} if done else {}
    )
    _row(PreventionAction, boss, incident=incident, location=incident.location, category=incident.category,
         root_cause=RootCause.objects.order_by("pk")[0] if at % 5 == 0 else None, kind="checklist", what="Look twice",
         assignee=boss, due_on=due.date(), due_at=due, committed_at=due - 30 * DAY, **said)  # fmt: skip


def _scopes() -> list[tuple[str, Scope]]:
    place = Incident.objects.order_by("pk")[0].location_id
    busy = Category.objects.order_by("pk")[1].pk
    return [
        ("administrator", YEAR),
        ("administrator", replace(YEAR, location_id=place)),
        ("administrator", replace(QUARTER, is_shared=True)),
        ("manager", QUARTER),
        ("manager", replace(YEAR, category_id=busy)),
        ("manager", replace(YEAR, severity=2)),
        ("administrator", replace(YEAR, cause_id=RootCause.objects.order_by("pk")[0].pk)),
    ]


def _who(role: str) -> Staff:
    return Staff.objects.filter(role=role).order_by("pk")[0]


def _raw(staff: Staff, scope: Scope, now: dt.datetime) -> dict[str, Any]:
    """By another hand, on the same connection."""
    connection.ensure_connection()
    asked = {"location": scope.location_id, "category": scope.category_id, "cause": scope.cause_id}
    asked |= {"severity": scope.severity}
    return recompute(connection.connection, staff=staff.pk, start=scope.start, end=scope.end, now=now,
                     shared=scope.is_shared, **asked)  # fmt: skip


def _same(ours: Any, raw: dict[str, Any]) -> None:
    for key, figure in ours.items():
        if key == "cost":
            costs = {part.key: (part.n, part.total, part.value) for part in figure.parts}
            assert costs == raw["cost"], key
            continue
        found = raw[key]
        assert figure.n == found["n"], key
        assert figure.value == pytest.approx(None if found["value"] is None else float(found["value"])), key
        if figure.definition.unit == Unit.PERCENT:
            assert (figure.hits or 0) == (found["hits"] or 0), key
        if found["p90"] is not None:
            assert figure.p90 == pytest.approx(float(found["p90"])), key


@pytest.mark.parametrize("now", [AS_OF, AS_OF + 9 * DAY, AS_OF - DAY / 2], ids=["now", "later", "before"])
def test_the_raw_tables_say_the_same(demo: None, db: None, now: dt.datetime) -> None:
    for role, scope in _scopes():
        staff = _who(role)
        ours, before = with_before(staff, scope, now)
        _same(ours, _raw(staff, scope, now))
        _same(before, _raw(staff, scope.before, now))
        assert with_before(staff, scope, now) == (ours, before)  # kept


def test_something_is_behind_every_figure(demo: None, db: None) -> None:
    ours = figures(_who("administrator"), YEAR, AS_OF)
    assert {key for key, figure in ours.items() if figure.n == 0} == set()


@pytest.mark.parametrize("key", [each.key for each in FIGURES])
def test_as_many_rows_stand_behind_a_figure(demo: None, db: None, key: str) -> None:
    staff = _who("administrator")
    figure = figures(staff, YEAR, AS_OF)[key]
    rows: list[Any] = []
    after = ""
    while True:
        page = rows_behind(staff, YEAR, key, AS_OF, after=after)
        rows += page.rows
        after = page.after
        if not after:
            break
    hits = [row for row in rows if row.is_hit]
    if key == "repeats":
        assert len({row.incident.customer_id for row in rows}) == figure.n
        assert len({row.incident.customer_id for row in hits}) == figure.hits
        return
    if key == "recurrence":
        assert (sum(row.before or 0 for row in rows), sum(row.value or 0 for row in rows)) == (figure.n, figure.hits)
        return
    if key == "apology_only":
        assert len(rows) == figure.value
        return
    assert len(rows) == figure.n
    if figure.definition.unit == Unit.PERCENT:
        assert len(hits) == figure.hits
        assert len(rows_behind(staff, YEAR, key, AS_OF, only="misses").rows) == min(PAGE, figure.n - len(hits))


def test_weeks_add_up(demo: None, db: None) -> None:
    staff = _who("manager")
    ours = figures(staff, QUARTER, AS_OF)
    for key in ("incidents", "apologized_in_time", "calls_kept", "reopened", "prevention_on_time", "time_to_remedy"):
        weeks = weekly(staff, QUARTER, key, AS_OF)
        assert sum(week.figure.n for week in weeks) == ours[key].n, key
        assert all(b.start - a.start == 7 * DAY for a, b in pairwise(weeks))


def test_causes_ages_and_changes(demo: None, db: None) -> None:
    staff = _who("administrator")
    raw = _raw(staff, YEAR, AS_OF)
    found = pareto(staff, YEAR, "count")
    assert {row.cause_id: row.count for row in found.rows} == {pk: n for pk, (n, _cost) in raw["causes"].items()}
    assert [row.count for row in found.rows] == sorted((row.count for row in found.rows), reverse=True)
    assert found.rows[-1].so_far == pytest.approx(1)
    by_cost = pareto(staff, YEAR, "cost")
    assert sum((row.cost for row in by_cost.rows), Decimal(0)) == raw["cost"][by_cost.currency][1]
    ages = ageing(staff, YEAR, AS_OF)
    assert sum(age.open for age in ages) == sum(n for n, _late in raw["ages"].values())
    assert sum(age.late for age in ages) == sum(late for _n, late in raw["ages"].values())
    assert (ages[0].open, ages[0].late) == raw["ages"].get(0, (0, 0))
    changes = before_after(staff, YEAR, AS_OF)
    assert changes
    assert all(change.days <= 90 for change in changes)


def test_reckoned_anew_it_is_the_same(demo: None, db: None) -> None:
    """Nothing in the facts depends on what happened after what."""
    kept = list(Fact.objects.order_by("pk").values())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM incidents_fact")
    _tell_of_all()
    fold(budget=None)
    assert list(Fact.objects.order_by("pk").values()) == kept


def test_what_was_kept_is_counted_anew_when_it_changes(demo: None, db: None) -> None:
    """A fact, who is concerned by a restricted one, the clock: each changes what was kept."""
    staff = _who("administrator")
    first = figures(staff, YEAR, AS_OF)
    incident = Incident.objects.filter(is_restricted=False, fact__day__gte=YEAR.start, is_second_failure=False)[0]
    Incident.objects.filter(pk=incident.pk).update(is_second_failure=True)
    _tell_of_all()
    fold(budget=None)
    assert figures(staff, YEAR, AS_OF)["made_worse"].hits == (first["made_worse"].hits or 0) + 1
    seen = Incident.objects.visible_to(staff).filter(is_restricted=True, fact__day__gte=YEAR.start)[0]
    Concern.objects.create(incident=seen, staff=staff)
    assert figures(staff, YEAR, AS_OF)["incidents"].n == first["incidents"].n - 1
    late = Fact.objects.filter(day__gte=YEAR.start, is_restricted=False, step_open__gt=AS_OF).order_by("step_open")[0]
    later = (late.step_open or AS_OF) + dt.timedelta(seconds=1)
    assert figures(staff, YEAR, later)["recovered"].n > first["recovered"].n - 1


def test_statements(demo: None, db: None, django_assert_max_num_queries: Any) -> None:
    staff = _who("manager")
    for most in (8, 6):
        with django_assert_max_num_queries(most):
            with_before(staff, QUARTER, AS_OF)
