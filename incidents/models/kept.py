"""Statements that PostgreSQL keeps, with one plan for all values, for as long as a connection lasts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import DatabaseError, connection


class Keeping(psycopg.RawCursor[Any]):
    """Has PostgreSQL keep the statement and its plan for as long as the connection lasts.

    One plan for all values: what is asked here is read in the order of an index until a page is full, for everybody.
    Where its values go is looked for once: psycopg forgets it of statements of more than 4096 letters.
    """

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        if raw.prepare_threshold is None:  # as Django leaves it: never. Its own cursors keep nothing all the same
            raw.prepare_threshold = 0
            raw.execute("SET plan_cache_mode = force_generic_plan")
        super().__init__(raw)

    def execute(self, query: Any, params: Any = None, **how: Any) -> Keeping:
        sql, names = numbered(query)
        return super().execute(sql, [params[name] for name in names], **how | {"prepare": True})


@lru_cache(maxsize=1024)
def numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """As PostgreSQL writes it ($1, $2), and the names in the order of their numbers."""
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}" if found[1] else "%"

    return re.sub(r"%(?:\((\w+)\)s|%)", number, sql).encode(), tuple(numbers)


# Behind a pooler that hands out another connection for each statement, or after a column has changed its type.
_LOST = (
    psycopg.errors.InvalidSqlStatementName,
    psycopg.errors.DuplicatePreparedStatement,
    psycopg.errors.FeatureNotSupported,
)
_plain: WeakSet[Any] = WeakSet()  # connections that lost one


def kept(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement that PostgreSQL keeps; where statements are looked at (DEBUG, tests), in plain words."""
    raw = connection.connection
    if connection.queries_logged or raw in _plain:
        return execute(sql, params, many, context)
    wrapper = context["cursor"]
    own, wrapper.cursor = wrapper.cursor, Keeping(raw)
    try:
        return execute(sql, params, many, context)
    except DatabaseError as error:
        if not isinstance(error.__cause__, _LOST):
            raise
        _plain.add(raw)
        if connection.in_atomic_block:
            raise
        wrapper.cursor = own
        return execute(sql, params, many, context)
