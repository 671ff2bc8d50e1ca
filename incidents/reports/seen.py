"""The facts of a scope that somebody sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q, QuerySet, Value

from incidents.models import Fact, FactMonth, FactState, Incident, Staff
from incidents.models.base import OneOf
from incidents.reports.scope import DAY, Scope

Stamp = tuple[Any, ...]
REPEAT = 90 * DAY
_IDS: ArrayField[list[int], list[int]] = ArrayField(models.BigIntegerField())


# What one reading has asked already, by whom and what for.
_known: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """What is read within it for one page asks once who sees what and when facts changed, and agrees."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def restricted_ids(staff: Staff, scope: Scope) -> list[int]:
    """The restricted incidents that count for them. One statement, none where others read along."""
    if scope.is_shared or not staff.is_manager:
        return []
    known, key = _known.get(), ("restricted", staff.pk)
    if known is None:
        return _restricted_ids(staff)
    if key not in known:
        known[key] = _restricted_ids(staff)
    return list(known[key])


def _restricted_ids(staff: Staff) -> list[int]:
    return list(Incident.objects.visible_to(staff).filter(fact__is_restricted=True).values_list("pk", flat=True))


def facts_near(staff: Staff, scope: Scope, restricted: list[int]) -> QuerySet[Fact]:
    """Of whatever day."""
    seen = Q(is_restricted=False)
    if restricted:
        seen |= Q(OneOf(F("incident_id"), Value(restricted, output_field=_IDS)))
    facts = Fact.objects.filter(seen)
    if not staff.sees_all:
        facts = facts.filter(location__in=staff.location_ids)
    asked = {"location": scope.location_id, "category": scope.category_id, "cause": scope.cause_id}
    asked["severity"] = scope.severity
    return facts.filter(**{name: value for name, value in asked.items() if value is not None})


def facts_of(staff: Staff, scope: Scope, restricted: list[int]) -> QuerySet[Fact]:
    return facts_near(staff, scope, restricted).filter(day__gte=scope.start, day__lte=scope.end)


def named_sql(rows: QuerySet[Any, Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """The statement with a name for each value, to be put into another one."""
    sql, params = rows.query.sql_with_params()
    names = [f"{prefix}{at}" for at in range(len(params))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, params, strict=True))


_STAMP = """
    SELECT (SELECT string_agg(location_id || ' ' || month || ' ' || version, ',' ORDER BY location_id, month)
         FROM {months} WHERE month >= %s AND month <= %s {places}),
        (SELECT md5(string_agg(c.id || ' ' || c.incident_id || ' ' || c.staff_id || p.role, ',' ORDER BY c.id))
         FROM incidents_concern c JOIN incidents_staff p ON p.id = c.staff_id)
"""


def stamp(staff: Staff, scope: Scope, first: dt.date | None) -> Stamp:
    """What a result was made from: it moves with every change of a fact that may be in it. One statement.

    Facts from `first` on; of None, all there are.
    """
    since = (first - REPEAT - 2 * DAY).replace(day=1) if first else dt.date(1999, 1, 1)
    until = scope.end if first else dt.date(2101, 1, 1)
    known, key = _known.get(), ("stamp", staff.pk, scope.location_id)
    if known is None:
        return _stamp(staff, scope.location_id, since, until)
    if key not in known:
        known.pop(("restricted", staff.pk), None)  # what is kept with a stamp must not be older than it
        known[key] = _stamp(staff, scope.location_id, dt.date(1999, 1, 1), dt.date(2101, 1, 1))
    months, *more = known[key]
    within = [each for each in (months or "").split(",") if f"{since}" <= each.partition(" ")[2][:10] <= f"{until}"]
    return (",".join(within) or None, *more)


def _stamp(staff: Staff, location_id: int | None, since: dt.date, until: dt.date) -> Stamp:
    places = [location_id] if location_id else ([] if staff.sees_all else staff.location_ids)
    limit = "AND location_id = ANY(%s)" if places or not staff.sees_all else ""
    sql = _STAMP.format(months=FactMonth._meta.db_table, places=limit)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, until, *([places] if limit else [])])
        return tuple(cursor.fetchone())


def counted_up_to() -> dt.datetime | None:
    """What happened before is in the figures. One statement."""
    return FactState.objects.values_list("counted_up_to", flat=True).first()
