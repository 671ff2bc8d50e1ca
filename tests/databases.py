"""One database is migrated per run; whatever needs one of its own gets a copy, made in a tenth of a second."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from pytest_django.plugin import DjangoDbBlocker

from recovery import env


def address_of(database: str, user: str = "") -> str:
    """DATABASE_URL, for another database of the same server, and as another role."""
    found = urlsplit(os.environ["DATABASE_URL"])
    where = found.netloc.rpartition("@")[2]
    return found._replace(path=f"/{database}", netloc=f"{user}@{where}" if user else found.netloc).geturl()


def on_server(*statements: str, database: str = "postgres", user: str = "") -> list[Any]:
    """Run statements, each by itself; the rows of the last, if it has any."""
    with psycopg.connect(address_of(database, user), autocommit=True) as server:
        for statement in statements:
            cursor = server.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@contextmanager
def working_on(address: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the code of this process work on that database, with real commits."""
    before = dict(connection.settings_dict)
    there = env.database(env={"DATABASE_URL": address})
    with blocker.unblock():
        connection.close()
        connection.settings_dict.update(there)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(before)


@contextmanager
def rows_for_many(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written in here is there for all tests of a module or class, and taken back at its end.

    What a test writes itself is taken back after it, as ever: it runs in a savepoint of this.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


class OneByOne(MigrationLoader):
    """Our migrations as they were written, without the one that stands for many: two would tell of each table."""

    def load_disk(self) -> None:
        super().load_disk()
        found = self.disk_migrations.items()
        self.disk_migrations = {key: one for key, one in found if key[0] != "incidents" or not one.replaces}


def go_to(name: str) -> None:
    """To that migration of ours, one by one, forth or back: a new database has them all at once."""
    executor = MigrationExecutor(connection)
    executor.loader = OneByOne(connection, replace_migrations=False)
    executor.migrate([("incidents", name)])


def name_of_pattern() -> str:
    """The run's own directory has a name that no other run has."""
    return f"pattern_{Path(os.environ['STATE_DIR']).name[-8:]}"


@pytest.fixture(scope="session")
def pattern(django_db_blocker: DjangoDbBlocker) -> str:
    """A database with every table and no business. Nobody stays connected to it: then it can be copied.

    The first process of the run that asks makes it, the others wait for that.
    """
    name, run = name_of_pattern(), Path(os.environ["STATE_DIR"])
    with (run / "making-pattern").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run / "pattern-made").exists():
            remove_pattern()
            on_server(f'CREATE DATABASE "{name}"')
            with working_on(address_of(name), django_db_blocker):
                call_command("migrate", verbosity=0)
                call_command("createcachetable", verbosity=0)
            (run / "pattern-made").touch()
    return name


def remove_pattern() -> None:
    """The server may be one that outlives the run."""
    on_server(f'DROP DATABASE IF EXISTS "{name_of_pattern()}" WITH (FORCE)')


# Written by Django at the end of a migration, after each test again were they emptied: half of what emptying costs.
STAY = {"django_content_type", "auth_permission"}


def filled_ones(tables: Sequence[str]) -> list[str]:
    """Those that have rows."""
    with connection.cursor() as cursor:
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)  # noqa: S608  our own
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]


def delete_what_is_there(_style: object, tables: Sequence[str], **_how: bool) -> list[str]:
    """SQL that empties the tables that have rows. TRUNCATE makes new files for all hundred of them each time."""
    filled = [name for name in filled_ones(tables) if name not in STAY]
    # What hangs on a row goes in the same breath: neither foreign keys nor triggers need to look at each.
    deletes = (f'DELETE FROM "{name}"' for name in filled)  # noqa: S608  our own
    return ["SET session_replication_role = replica", *deletes, "SET session_replication_role = DEFAULT"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, pattern: str) -> None:
    """pytest-django asks for this right before it makes the database of this process: as a copy, then."""
    connection.settings_dict["TEST"]["TEMPLATE"] = pattern
    connection.ops.sql_flush = delete_what_is_there  # type: ignore[method-assign, assignment]
    flush.emit_post_migrate_signal = lambda *_what: None  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (Path(os.environ["STATE_DIR"]) / "pattern-made").exists():
        remove_pattern()
