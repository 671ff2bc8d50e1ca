"""Rows of other tables inside one row: JSON arrays of their values, made into instances again.

Arrays and not objects: the names of the columns would be most of what is written, sent and read. And json,
not jsonb: nobody looks into it before it is read here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models import Func, Model, QuerySet, Subquery

from incidents.models.instances import made

M = TypeVar("M", bound=Model)
# Fields whose values JSON gives as they are. Any other field (moments, amounts) is asked.
_AS_JSON_HAS_IT = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


class InOrder(Func):
    """The values of one row as a JSON array, as psycopg reads it."""

    function = "json_build_array"
    output_field = models.Field()


class AsOne(Subquery):
    """All rows of a query of one column, `row`, as one JSON array in its order: read at once, not each by itself."""

    template = "(SELECT json_agg(each.row) FROM (%(subquery)s) each)"
    output_field = models.Field()


def columns_of(model: type[Model]) -> tuple[Any, ...]:
    """All but what only a form's second sending asks for."""
    found = model._meta.concrete_fields  # noqa: SLF001 - Django documents _meta
    return tuple(column for column in found if column.name != "submit_key")


def as_json(rows: QuerySet[Any], *beside: str) -> AsOne:
    """`rows` as arrays that `from_json` reads back: `<column>_here` in the column's place, then those `beside`."""
    instead = {name.removesuffix("_here"): name for name in rows.query.annotations}
    columns = [instead.get(column.attname, column.attname) for column in columns_of(rows.model)]
    return AsOne(rows.values(row=InOrder(*columns, *beside)))


def from_json(model: type[M], rows: Sequence[list[Any]] | None) -> list[M]:
    """The instances, without what stands `beside` their columns."""
    if not rows:
        return []
    names, conversions = _reading(model)
    found = []
    for row in rows:
        values = row[: len(names)]
        for at, to_python in conversions:
            values[at] = to_python(values[at])
        found.append(made(model, names, values))
    return found


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The columns' names, and what turns the JSON of those into Python that JSON cannot say."""
    columns = columns_of(model)
    conversions = [(at, _to_python(f)) for at, f in enumerate(columns) if not _is_as_json_has_it(f)]
    return [f.attname for f in columns], conversions


def _is_as_json_has_it(column: Any) -> bool:
    """The key of another row is what that row's is."""
    return isinstance(column.target_field if column.remote_field else column, _AS_JSON_HAS_IT)


def _to_python(column: Any) -> Callable[[Any], Any]:
    """As the column has it; an instant, of which there are hundreds, without asking whether it is one."""
    if isinstance(column, models.DateTimeField):
        return lambda text: text and dt.datetime.fromisoformat(text)
    convert: Callable[[Any], Any] = column.to_python
    return convert
