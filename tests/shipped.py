"""What is shipped, kept as it lies in the tables: a hundred statements write it once, from then on a handful does."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from tests.databases import STAY, filled_ones

_kept: dict[str, bytes] = {}


def ship(write: Callable[[], None]) -> None:
    """Write it into tables that were emptied."""
    if _kept and not filled_ones(list(_kept)):
        _put_back()
        return
    was_empty = not _filled()
    write()
    if was_empty:
        _keep()


def _filled() -> set[str]:
    return set(filled_ones(connection.introspection.table_names())) - STAY - {"django_migrations"}


def _keep() -> None:
    with connection.cursor() as cursor:
        for table in sorted(_filled()):
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
                _kept[table] = b"".join(rows)


def _put_back() -> None:
    """As it was found, with all that triggers made of it: they need not look again."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, content in _kept.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as rows:
                rows.write(content)
        cursor.execute("SET session_replication_role = DEFAULT")
