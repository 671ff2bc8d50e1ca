"""An installation of its own for tests that replace all data: a database, a directory of files, manage.py on both."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import override_settings
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from tests import nursery
from tests.databases import address_of, on_server

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class House:
    """A business with its own database and files."""

    database: str
    root: Path
    blocker: DjangoDbBlocker
    more: dict[str, str] = field(default_factory=dict)
    user: str = ""

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    def environment(self) -> dict[str, str]:
        fixed = {"DATABASE_URL": address_of(self.database, self.user), "STATE_DIR": str(self.root)}
        return dict(os.environ) | {"RECOVERY_ENV": "test", "PYTHONWARNINGS": "ignore"} | fixed | self.more

    def begin(self, *arguments: str, output: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a command; what it says goes to a file."""
        return nursery.begin(
            [str(REPOSITORY / "manage.py"), *arguments],
            environment=self.environment(),
            output=output or Path(os.devnull),
        )

    def manage(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; its code and all it said."""
        said = self.root / f"said-{uuid.uuid4().hex[:8]}"
        process = self.begin(*arguments, output=said)
        return process.wait(300), said.read_text()

    def call(self, *arguments: str) -> tuple[int, str]:
        """The same within this process, which is quicker."""
        said = io.StringIO()
        with self.inside():
            try:
                call_command(*arguments, stdout=said, stderr=said)
            except CommandError as problem:
                return 1, said.getvalue() + str(problem)
        return 0, said.getvalue()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let the code of this process work here, with real commits."""
        before = dict(connection.settings_dict)
        with self.blocker.unblock(), override_settings(MEDIA_ROOT=str(self.media), BACKUP_DIR=self.backups):
            connection.close()
            connection.settings_dict["NAME"] = self.database
            connection.settings_dict["USER"] = self.user or before["USER"]
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict.update(before)

    def rows(self) -> dict[str, str]:
        """One checksum per table of ours, over every row. Equal checksums, equal data."""
        with psycopg.connect(address_of(self.database)) as server:
            found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            words = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM public.{} t"
            return {
                name: str(server.execute(sql.SQL(words).format(sql.Identifier(name))).fetchall()[0][0])
                for [name] in sorted(found)
            }

    def files(self) -> dict[str, str]:
        return {
            str(path.relative_to(self.media)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.media.rglob("*"))
            if path.is_file()
        }

    def connections(self, pattern: str = "%") -> int:
        """How many programs are connected, or are at such a statement."""
        words = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL AND query LIKE %s"
        with psycopg.connect(address_of("postgres"), autocommit=True) as server:
            return int(server.execute(words, [self.database, pattern]).fetchall()[0][0])

    def ask(self, statement: str) -> Any:
        """The first value of a query."""
        return on_server(statement, database=self.database)[0][0]


@contextmanager
def built(template: str, root: Path, blocker: DjangoDbBlocker) -> Iterator[House]:
    """A house of its own, torn down at the end; the template `template0` gives one without any table."""
    house = House(f"house_{uuid.uuid4().hex[:12]}", root, blocker)
    on_server(f'CREATE DATABASE "{house.database}" TEMPLATE "{template}"')
    try:
        yield house
    finally:
        on_server(f'DROP DATABASE "{house.database}" WITH (FORCE)')
