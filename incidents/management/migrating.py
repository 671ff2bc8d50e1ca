"""Migrations that think before they touch a table.

Django works out what the models look like after each operation between one statement and the next: seconds, for a
migration of fifty operations, in which everybody waits for the tables that the first of them locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from django.db.transaction import atomic


@contextmanager
def thinking_first() -> Iterator[None]:
    """In here a migration knows all it needs before its first statement. What it does, in its order, is the same."""
    real = Migration.apply
    Migration.apply = _apply  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Migration.apply = real  # type: ignore[method-assign]


def _apply(
    migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
) -> ProjectState:
    """Django's `Migration.apply`, with all of its states made at the beginning."""
    states = [state.clone()]
    for operation in migration.operations:
        operation.state_forwards(migration.app_label, state)
        states.append(state.clone())
    for operation, (before, after) in zip(migration.operations, pairwise(states), strict=True):
        is_atomic = operation.atomic or (migration.atomic and operation.atomic is not False)
        is_on_its_own = is_atomic and not editor.atomic_migration
        with atomic(editor.connection.alias) if is_on_its_own else nullcontext():
            operation.database_forwards(migration.app_label, editor, before, after)
    return state
