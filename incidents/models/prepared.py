"""Reads that every page makes: Django puts their SQL together once, afterwards only the values differ.

Putting it together takes several times as long as PostgreSQL's answer, and it is the same for
all people of one role with as many places, and for all incidents. PostgreSQL too keeps what it made
of it, in each connection: on most pages its planning took longer than its reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from psycopg import sql as literally

from incidents.models.instances import Shape
from incidents.models.kept import kept

if TYPE_CHECKING:
    from incidents.models.staff import Staff

M = TypeVar("M", bound=Model)
K = TypeVar("K")
Rows = QuerySet[Any, dict[str, Any]]
# Of those columns that PostgreSQL gives otherwise than Django does: where, what turns them, and what they are.
Converters = tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
# Numbers, a word and an instant that nobody has: where they stand in the SQL, the real ones go.
STAND_IN = 8_999_999_999_999_000_000
STAND_IN_NUMBER = STAND_IN - 1
STAND_IN_WORD = "the word that stands in for another"
STAND_IN_NOW = dt.datetime(2099, 7, 7, 7, 7, 7, 777777, tzinfo=dt.UTC)


class Beside(str):
    """Stands in for words of this name, which `ask()` and `find()` are told beside."""


FARTHEST = dt.timedelta(days=100)  # an instant nearer to it than this, by whole seconds, was reckoned from it


@dataclass(frozen=True)
class Read:
    """SQL of one row, with what turns its columns into Python."""

    sql: str
    converters: Converters

    @classmethod
    def of(cls, rows: Rows) -> Read:
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        return cls(_with_names(sql, params), _converters(compiler))

    def one(self, real: dict[str, Any]) -> dict[str, Any]:
        """The row with `real` values in the places of their stand-ins."""
        with connection.execute_wrapper(kept), connection.cursor() as cursor:
            cursor.execute(self.sql, real)
            row = list(cursor.fetchone())
            names = [column.name for column in cursor.description]
        _convert(row, self.converters)
        return dict(zip(names, row, strict=True))


@dataclass(frozen=True)
class Search(Generic[M]):
    """SQL of many rows, with what makes model instances of them; none when nothing can be found."""

    sql: str
    converters: Converters
    shape: Shape | None = None
    annotations: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[M]) -> Search[M]:
        compiler: Any = rows.query.get_compiler(rows.db)
        try:
            sql = _with_names(*compiler.as_sql())
        except EmptyResultSet:  # somebody without a place
            return cls("", ())
        annotations = tuple((compiler.annotation_col_map or {}).items())
        shape = compiler.klass_info and Shape.of(compiler.klass_info, compiler.select)
        return cls(sql, _converters(compiler), shape, annotations)

    def many(self, real: dict[str, Any]) -> list[M]:
        """The instances, with `real` values in the places of their stand-ins."""
        if self.shape is None:
            return []
        known: dict[tuple[int, Any], Any] = {}
        return [self._made(self.shape, list(row), known) for row in self.rows(real)]

    def rows(self, real: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The same as PostgreSQL gives them. A number that no key can be finds nothing."""
        if not self.sql or any(type(value) is int and value >= STAND_IN for value in real.values()):
            return []
        with connection.execute_wrapper(kept), connection.cursor() as cursor:
            cursor.execute(self.sql, real)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _made(self, shape: Shape, row: list[Any], known: dict[tuple[int, Any], Any]) -> M:
        _convert(row, self.converters)
        found: M = shape.make(row, known)
        for name, at in self.annotations:
            setattr(found, name, row[at])
        return found


def _converters(compiler: Any) -> Converters:
    found = compiler.get_converters([column for column, _sql, _alias in compiler.select or ()])
    return tuple((at, tuple(convert), expression) for at, (convert, expression) in found.items())


def _convert(row: list[Any], converters: Converters) -> None:
    for at, each, expression in converters:
        for convert in each:
            row[at] = convert(row[at], expression, connection)


def _with_names(sql: str, params: Sequence[Any]) -> str:
    """`sql` with a name for each stand-in and every other value in its words, where plans and indexes see it."""
    connection.ensure_connection()
    return sql.replace("%%", "%%%%") % tuple(_named(value) for value in params)


def _named(value: Any) -> str:
    if isinstance(value, dt.datetime) and (seconds := _from_now(value)) is not None:
        return f"(%(now)s::timestamptz + interval '{seconds} s')" if seconds else "%(now)s::timestamptz"
    if isinstance(value, Beside):
        return f"%({value})s"
    if value == STAND_IN_WORD:
        return "%(about)s"
    if value == STAND_IN_NUMBER:
        return "%(about)s::bigint"
    if type(value) is int and value >= STAND_IN:
        return f"%(p{value - STAND_IN})s::bigint"
    return literally.Literal(value).as_string(connection.connection).replace("%", "%%")


def _from_now(at: dt.datetime) -> int | None:
    """How many seconds after the stand-in of now; None for an instant that was not reckoned from it."""
    away = at - STAND_IN_NOW if at.tzinfo else FARTHEST
    return None if abs(away) >= FARTHEST or away.microseconds else int(away.total_seconds())


NOTHING: Mapping[str, str] = MappingProxyType({})
MOST_KEPT = 500  # what people choose to filter by has many more combinations; then we begin anew
_known: dict[Hashable, Read] = {}
_searches: dict[Hashable, Search[Any]] = {}


def ask(
    build: Callable[[Staff, dt.datetime], Rows],
    *,
    staff: Staff,
    now: dt.datetime,
    beside: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """The one row of `build(staff, now)`, a queryset of `values()`.

    `build` may use of `staff` the key, the role and the places, and no other clock than `now` and what is so many
    seconds before or after it; no day of it. `Beside(name)` is words that are told `beside`, the same to `build`
    whatever they are.
    """
    key = (build, staff.role, len(_places_of(staff)))
    read = _known.get(key) or _keep(_known, key, Read.of(build(_somebody_like(staff), STAND_IN_NOW)))
    return read.one({**_real(staff, now), **beside})


def find(
    build: Callable[..., QuerySet[M]],
    *,
    staff: Staff,
    now: dt.datetime,
    about: int | str | None = None,
    beside: Mapping[str, str] = NOTHING,
) -> list[M]:
    """The instances of `build(staff, now)`, or of `build(staff, now, about)`; the same rules as for `ask()`."""
    key = (build, staff.role, len(_places_of(staff)))
    search = _searches.get(key)
    if search is None:
        one = () if about is None else (STAND_IN_WORD if isinstance(about, str) else STAND_IN_NUMBER,)
        search = _keep(_searches, key, Search.of(build(_somebody_like(staff), STAND_IN_NOW, *one)))
    return search.many({**_real(staff, now), "about": about, **beside})


def sql_of(build: Callable[[Staff], QuerySet[Any]], staff: Staff) -> tuple[str, dict[str, Any]]:
    """What `build(staff)` asks for, to be put into another statement, and the values that go in; no rows, no SQL."""
    key = (build, staff.role, len(_places_of(staff)))
    search = _searches.get(key) or _keep(_searches, key, Search.of(build(_somebody_like(staff))))
    return search.sql, _real(staff)


def find_about(build: Callable[..., QuerySet[M]], *keys: int | None, now: dt.datetime | None = None) -> list[M]:
    """The instances of `build(*keys)`, or of `build(*keys, now)`. Nothing has the key None."""
    return _about(build, len(keys), now).many(_real_keys(keys, now))


def rows_about(build: Callable[..., Any], *keys: int | None) -> list[tuple[Any, ...]]:
    """The rows of `build(*keys)`, a queryset of `values_list()` whose columns PostgreSQL gives as they are."""
    return _about(build, len(keys), None).rows(_real_keys(keys, None))


def _about(build: Callable[..., QuerySet[M]], number: int, now: dt.datetime | None) -> Search[M]:
    search = _searches.get(build)
    if search is None:
        clock = () if now is None else (STAND_IN_NOW,)
        search = _keep(_searches, build, Search.of(build(*range(STAND_IN, STAND_IN + number), *clock)))
    return search


def _real_keys(keys: Sequence[int | None], now: dt.datetime | None) -> dict[str, Any]:
    return {f"p{at}": pk for at, pk in enumerate(keys)} | {"now": now}


def _keep(known: dict[Hashable, K], key: Hashable, made: K) -> K:
    if len(known) >= MOST_KEPT:
        known.clear()
    known[key] = made
    return made


def _places_of(staff: Staff) -> list[int]:
    return [] if staff.sees_all else staff.location_ids


def _real(staff: Staff, now: dt.datetime | None = None) -> dict[str, Any]:
    """What goes into the places of the stand-ins."""
    return {"p0": staff.pk, "now": now} | {f"p{at}": pk for at, pk in enumerate(_places_of(staff), 1)}


def _somebody_like(staff: Staff) -> Staff:
    """With the same role and as many places, none of which there is."""
    somebody = staff.__class__(pk=STAND_IN, role=staff.role)  # of what stands for the one who asks too
    vars(somebody)["_places"] = [(STAND_IN + 1 + at, "UTC") for at in range(len(_places_of(staff)))]
    return somebody


def ask_about(build: Callable[..., Rows], *keys: int) -> dict[str, Any]:
    """The one row of `build(*keys)`, a queryset of `values()`."""
    read = _known.get(build) or _keep(_known, build, Read.of(build(*range(STAND_IN, STAND_IN + len(keys)))))
    return read.one(_real_keys(keys, None))
