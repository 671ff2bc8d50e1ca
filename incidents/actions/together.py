"""New rows of several tables in one statement: each statement costs a way to PostgreSQL and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault


def insert(*rows: Model) -> None:
    """Save rows that are new, as `save()` would; those of one model stand beside each other.

    What others refer to has its key already. The others are given theirs in the order in which they come here,
    which they do not hear of. Foreign keys are looked at when the transaction ends.
    """
    statements, values = [], []
    for model, each in groupby(rows, type):
        statement, their_values = _insert(model, list(each))
        statements.append(statement)
        values += their_values
    *before, last = statements
    beside = ", ".join(f"new_{number} AS ({statement})" for number, statement in enumerate(before))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {beside} {last}" if before else last, values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - Django documents _state


def _insert(model: type[Model], rows: Sequence[Model]) -> tuple[str, list[Any]]:
    table, columns, fields = _columns(model)
    places, values = [], []
    for row in rows:
        stated = [_value(row, field) for field in fields]
        places.append(f"({', '.join('DEFAULT' if value is _DEFAULT else '%s' for value in stated)})")
        values += [value for value in stated if value is not _DEFAULT]
    # Names of ours and places for values.
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join(places)}", values  # noqa: S608  # nosec B608


@cache
def _columns(model: type[Model]) -> tuple[str, str, tuple[Field[Any, Any], ...]]:
    """As SQL the table and its columns, and the columns' fields."""
    own = model._meta  # noqa: SLF001 - Django documents _meta
    quoted: Iterable[str] = (connection.ops.quote_name(field.column) for field in own.concrete_fields)
    return connection.ops.quote_name(own.db_table), ", ".join(quoted), tuple(own.concrete_fields)


_DEFAULT = object()


def _value(row: Model, field: Field[Any, Any]) -> Any:
    """What the statement says of it. What only the database would have filled in, the instance has too."""
    value = getattr(row, field.attname)
    if isinstance(value, DatabaseDefault):
        value = field.db_default
        setattr(row, field.attname, value)
    if value is None and field.primary_key:
        return _DEFAULT
    return field.get_db_prep_save(value, connection)
