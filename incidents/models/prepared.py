"""Reads that every page makes: Django puts their SQL together once, afterwards only the values differ.

Putting it together takes several times as long as PostgreSQL's answer, and it is the same for
all people of one role with as many places, and for all incidents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from incidents.models.staff import Staff

Rows = QuerySet[Any, dict[str, Any]]
# Numbers and an instant that nobody has: where they stand in the SQL, the real ones go.
STAND_IN = 8_999_999_999_999_000_000
STAND_IN_NOW = dt.datetime(2099, 7, 7, 7, 7, 7, 777777, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Read:
    """SQL of one row, with what turns its columns into Python."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    @classmethod
    def of(cls, rows: Rows) -> Read:
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        columns: Any = [column for column, _sql, _alias in compiler.select or ()]
        return cls(sql, tuple(params), compiler.get_converters(columns))

    def one(self, real: dict[Any, Any]) -> dict[str, Any]:
        """The row with `real` values in the places of their stand-ins."""
        params = [real.get(value, value) if isinstance(value, (int, dt.datetime)) else value for value in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            row = list(cursor.fetchone())
            names = [column.name for column in cursor.description]
        for at, (converters, expression) in self.converters.items():
            for convert in converters:
                row[at] = convert(row[at], expression, connection)
        return dict(zip(names, row, strict=True))


_known: dict[Hashable, Read] = {}


def ask(build: Callable[[Staff, dt.datetime], Rows], *, staff: Staff, now: dt.datetime) -> dict[str, Any]:
    """The one row of `build(staff, now)`, a queryset of `values()`.

    `build` may use of `staff` the key, the role and the places, and no other clock than `now`.
    """
    places = [] if staff.sees_all else staff.location_ids
    key = (build, staff.role, len(places))
    if key not in _known:
        _known[key] = Read.of(build(_somebody(staff.role, len(places)), STAND_IN_NOW))
    return _known[key].one(
        {STAND_IN: staff.pk, STAND_IN_NOW: now} | {STAND_IN + 1 + at: pk for at, pk in enumerate(places)}
    )


def _somebody(role: str, places: int) -> Staff:
    somebody = Staff(pk=STAND_IN, role=role)
    vars(somebody)["_places"] = [(STAND_IN + 1 + at, "UTC") for at in range(places)]  # what one query would find
    return somebody


def ask_about(build: Callable[[int], Rows], pk: int) -> dict[str, Any]:
    """The one row of `build(pk)`, a queryset of `values()`."""
    if build not in _known:
        _known[build] = Read.of(build(STAND_IN))
    return _known[build].one({STAND_IN: pk})
