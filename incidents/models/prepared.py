"""Reads that every page makes: Django puts their SQL together once, afterwards only the values differ.

Putting it together takes several times as long as PostgreSQL's answer, and it is the same for
all people of one role with as many places, and for all incidents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from incidents.models.staff import Staff

M = TypeVar("M", bound=Model)
K = TypeVar("K")
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
        params = put_in(self.params, real)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            row = list(cursor.fetchone())
            names = [column.name for column in cursor.description]
        for at, (converters, expression) in self.converters.items():
            for convert in converters:
                row[at] = convert(row[at], expression, connection)
        return dict(zip(names, row, strict=True))


@dataclass(frozen=True)
class Search(Generic[M]):
    """SQL of many rows, with the compiler that makes model instances of them; none when nothing can be found."""

    rows: QuerySet[M]
    compiler: Any
    sql: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[M]) -> Search[M]:
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # somebody without a place
            sql, params = "", ()
        return cls(rows, compiler, sql, tuple(params))

    def many(self, real: dict[Any, Any]) -> list[M]:
        """The instances, with `real` values in the places of their stand-ins."""
        if not self.sql:
            return []
        compiler: Any = copy(self.compiler)  # threads share the one that is kept, and have a connection each
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_named: (self.sql, put_in(self.params, real))
        rows = self.rows.all()
        rows.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]
        return list(rows)


def put_in(params: tuple[Any, ...], real: dict[Any, Any]) -> list[Any]:
    return [real.get(value, value) if isinstance(value, (int, dt.datetime)) else value for value in params]


MOST_KEPT = 500  # what people choose to filter by has many more combinations; then we begin anew
_known: dict[Hashable, Read] = {}
_searches: dict[Hashable, Search[Any]] = {}


def ask(build: Callable[[Staff, dt.datetime], Rows], *, staff: Staff, now: dt.datetime) -> dict[str, Any]:
    """The one row of `build(staff, now)`, a queryset of `values()`.

    `build` may use of `staff` the key, the role and the places, and no other clock than `now`.
    """
    key = (build, staff.role, len(_places_of(staff)))
    read = _known.get(key)
    if read is None:
        read = _keep(_known, key, Read.of(build(_somebody(*key[1:]), STAND_IN_NOW)))
    return read.one(_real(staff, now))


def find(build: Callable[[Staff, dt.datetime], QuerySet[M]], *, staff: Staff, now: dt.datetime) -> list[M]:
    """The instances of `build(staff, now)`; the same rules as for `ask()`."""
    key = (build, staff.role, len(_places_of(staff)))
    search = _searches.get(key)
    if search is None:
        search = _keep(_searches, key, Search.of(build(_somebody(*key[1:]), STAND_IN_NOW)))
    return search.many(_real(staff, now))


def _keep(known: dict[Hashable, K], key: Hashable, made: K) -> K:
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = made
    return made


def _places_of(staff: Staff) -> list[int]:
    return [] if staff.sees_all else staff.location_ids


def _real(staff: Staff, now: dt.datetime) -> dict[Any, Any]:
    """What goes into the places of the stand-ins."""
    places = {STAND_IN + 1 + at: pk for at, pk in enumerate(_places_of(staff))}
    return {STAND_IN: staff.pk, STAND_IN_NOW: now} | places


def _somebody(role: str, places: int) -> Staff:
    somebody = Staff(pk=STAND_IN, role=role)
    vars(somebody)["_places"] = [(STAND_IN + 1 + at, "UTC") for at in range(places)]  # what one query would find
    return somebody


def ask_about(build: Callable[[int], Rows], pk: int) -> dict[str, Any]:
    """The one row of `build(pk)`, a queryset of `values()`."""
    read = _known.get(build) or _keep(_known, build, Read.of(build(STAND_IN)))
    return read.one({STAND_IN: pk})
