"""Taking a backup, beside everything that runs.

The database is dumped first, from one snapshot; the files are copied afterwards. A file that is added in between
comes along without its row and is tidied away after a restore, as the orphan it is. A file never changes once it has
its name; one that a row of the snapshot names and that is gone by then is told as missing.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from incidents import uploads
from incidents.management.backups import programs
from incidents.management.backups.archive import DATABASE, FILES, Manifest, Writer
from incidents.models import Attachment


def default_name(now: dt.datetime) -> Path:
    """Where a backup goes when nobody says."""
    return Path(settings.BACKUP_DIR) / f"recovery-{now:%Y-%m-%dT%H-%M-%S.%fZ}.tar"


def left_out() -> list[str]:
    """Tables whose rows stay behind: who is signed in, and what is only remembered for speed or against floods."""
    return ["django_session", "usersessions_usersession", str(settings.CACHES["default"]["LOCATION"])]


def take(target: Path, *, now: dt.datetime) -> Manifest:
    """Write a backup under that name: whole, flushed, 0600, or not at all. Raises Trouble."""
    if target.exists():
        raise programs.Trouble(f"{target} is already there. A backup never overwrites anything; choose another name.")
    try:
        with _appears_whole(target) as out:
            return _write(out, target.parent, now)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise programs.Trouble(f"The backup could not be written to {target} ({reason}).") from problem


def _write(out: IO[bytes], directory: Path, now: dt.datetime) -> Manifest:
    writer = Writer(out, seconds=now.timestamp())
    with own_file(directory) as (dump, _held):
        manifest, named = _dump(dump, now)
        with dump.open("rb") as source:
            writer.add(DATABASE, source)
    for stored_name in sorted(name for name, _written in uploads.all_stored() if not name.endswith(".part")):
        with suppress(FileNotFoundError), uploads.read(stored_name) as source:
            writer.add(FILES + stored_name, source)
    manifest.missing = sorted(named - {name.removeprefix(FILES) for name in writer.parts})
    writer.finish(manifest)
    return manifest


def _dump(path: Path, now: dt.datetime) -> tuple[Manifest, set[str]]:
    """Dump the database; the manifest and the names of files come from the very same snapshot."""
    without = [f"--exclude-table-data=public.{table}" for table in left_out()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        applied = MigrationRecorder(connection).applied_migrations()
        if not any(app == "incidents" for app, _name in applied):
            raise programs.Trouble("There is nothing to back up: this database holds no Recovery.")
        named = set(Attachment.objects.values_list("stored_name", flat=True))
        manifest = Manifest(
            made_at=now.isoformat(),
            is_demo=settings.DEMO,
            migrations=sorted(f"{app}.{name}" for app, name in applied),
            counts=count_rows(left_out()),
        )
        how = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
        programs.run("pg_dump", *how, *without, f"--file={path}", f"--dbname={programs.address()}")
    return manifest, named


def count_rows(without: list[str]) -> dict[str, int]:
    """How many rows each table of ours has; one query per table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for [name] in cursor.fetchall() if name not in without]
        found = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table)))
            [found[table]] = cursor.fetchone()
    return found


# The disk -------------------------------------------------------------------------------------------------------------


@contextmanager
def own_file(directory: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new file that only this account reads, gone at the end unless it was renamed. Being locked says we live."""
    path = directory / f".recovery-{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            fcntl.flock(out, fcntl.LOCK_SH)
            yield path, out
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _appears_whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name only when all of it is on the disk."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_abandoned(target.parent)
    with own_file(target.parent) as (path, out):
        yield out
        out.flush()
        os.fsync(out.fileno())
        path.rename(target)
    uploads.flush_directory(target.parent)


def remove_abandoned(directory: Path) -> None:
    """Remove what a backup or restore that was killed left here; one at work now holds its lock."""
    for path in directory.glob(".recovery-*.part"):
        with suppress(OSError), path.open("rb") as found:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
