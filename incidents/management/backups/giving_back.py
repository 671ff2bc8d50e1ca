"""Giving a backup back: the old data or the new, never half of either, and nothing sent twice.

Files first: their names are random and new, so they disturb nothing before rows name them. Then all rows in one
transaction, which ends with the outbox on hold. A failure or a kill before its commit leaves the database as it was.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from incidents import uploads
from incidents.management.backups import grants, programs
from incidents.management.backups.archive import DATABASE, FILES, Manifest, Reader, checksum
from incidents.management.backups.taking import left_out, own_file, remove_abandoned
from incidents.models import Attachment, ExportFile, HoldReason, OutboxHold

QUIET_AFTER = 25.0  # seconds; a clock process rings every ten
HOLD = "incidents_outboxhold"
LOCKS = 6400  # what an untouched PostgreSQL has room for; dropping and making everything at once needs most of it
CLAIMED = ("incidents_reminder", "incidents_outbox", "incidents_job")  # whoever held these is gone

# Everything of ours in the schema goes, whether or not the backup knows it; extensions and rights stay.
EMPTY = """
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', found.name); END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP ROUTINE %s CASCADE', found.name); END LOOP;
    FOR found IN SELECT c.oid::regconfig AS name FROM pg_ts_config c
        WHERE c.cfgnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_ts_config'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TEXT SEARCH CONFIGURATION %s CASCADE', found.name); END LOOP;
END $$;
"""
CHECK = """
DO $$ BEGIN
    IF (SELECT count(*) FROM public.{table}) <> {count} THEN RAISE EXCEPTION 'the rows are not all there'; END IF;
END $$;
"""


def why_newer(manifest: Manifest) -> str:
    """A migration of ours that the backup went through and this Recovery does not know; empty when there is none."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    ours = {f"{app}." for app in loader.migrated_apps}
    return next((name for name in manifest.migrations if name not in known and name.startswith(tuple(ours))), "")


def room_for_locks() -> int:
    """How many locks this server promises to keep at once: each table, index and trigger replaced is one."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT current_setting('max_locks_per_transaction')::int
                * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)
        """)
        return int(cursor.fetchone()[0])


def connections_of_others() -> int:
    """How many programs work on this database now, beside this command; one that is just leaving is none."""
    for _attempt in range(10):
        if not (others := _connections()):
            break
        time.sleep(0.1)
    return others


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        return int(cursor.fetchone()[0])


def clock_runs() -> bool:
    """Whether a worker or loop is at work, which between two sweeps holds no connection.

    After a heartbeat of the last seconds it waits for the next one, or for the time at which that should have come.
    """
    beat, age = _last_heartbeat()
    while age < QUIET_AFTER:
        time.sleep(0.5)
        newer, age = _last_heartbeat()
        if newer != beat:
            return True
    return False


def _last_heartbeat() -> tuple[str, float]:
    """Which it was, and its age in seconds by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.incidents_heartbeat') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return "", QUIET_AFTER
        cursor.execute("SELECT max(at)::text, extract(epoch FROM clock_timestamp() - max(at)) FROM incidents_heartbeat")
        at, age = cursor.fetchone()
    return (at, float(age)) if at else ("", QUIET_AFTER)


def give_back(backup: Reader, directory: Path, *, now: dt.datetime) -> None:
    """Put the backup in the place of everything that is here. `directory` has room for the database as text.

    Raises Trouble; then nothing was changed but for files that no row names.
    """
    before = {name for name, _written in uploads.all_stored()}
    try:
        _place_files(backup)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove_abandoned(directory)
        with own_file(directory) as (script, _held), own_file(directory) as (dump, held):
            with backup.open(DATABASE) as source:
                while content := source.read(1 << 20):
                    held.write(content)
            held.flush()
            programs.run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", dump)
            _run_whole(script, backup.manifest, now)
    except OSError as problem:
        raise programs.Trouble(f"There is no room, or no right, to restore ({problem.strerror}).") from problem
    _afterwards(before, now)


def _run_whole(script: Path, manifest: Manifest, now: dt.datetime) -> None:
    """Empty, fill, check and hold in one transaction.

    psql reads files that are complete before it starts: were it fed through a pipe, our death would look to it
    like the end of the script, and it would commit the half it had.
    """
    connection.close()
    with own_file(script.parent) as (first, before), own_file(script.parent) as (last, after):
        before.write(EMPTY.encode())
        after.write(closing(manifest, now).encode())
        before.flush()
        after.flush()
        programs.run("psql", *whole_script(first, script, last), "--single-transaction")


def whole_script(*files: Path) -> list[str]:
    """psql's arguments: stop at the first error, read nobody's preferences."""
    plain = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", f"--dbname={programs.address()}"]
    return plain + [f"--file={path}" for path in files]


def closing(manifest: Manifest, now: dt.datetime) -> str:
    """What the transaction ends with: all rows counted, nothing claimed, nobody signed in, the outbox on hold."""
    present = set(manifest.counts)
    found: list[sql.Composable] = [sql.SQL("SET search_path = public;")]
    for table, count in manifest.counts.items():
        found.append(sql.SQL(CHECK).format(table=sql.Identifier(table), count=sql.Literal(count)))
    for table in CLAIMED:
        if table in present:
            # The try that the backup cut in two does not count: after the last one nobody would take it up again.
            words = (
                "UPDATE {} SET state = 'pending', lease_until = NULL, tries = greatest(tries - 1, 0)"
                " WHERE state = 'claimed';"
            )
            found.append(sql.SQL(words).format(sql.Identifier(table)))
    if HOLD in present:
        words = "DELETE FROM {0}; INSERT INTO {0} (is_only, since, reason) VALUES (true, {1}, {2});"
        reason = sql.Literal(HoldReason.RESTORED.value)
        found.append(sql.SQL(words).format(sql.Identifier(HOLD), sql.Literal(now.isoformat()), reason))
    if role := settings.DATABASE_APP_ROLE:
        found += [sql.SQL("{};").format(words) for words in grants.statements(role, present | set(left_out()))]
    return "\n".join(part.as_string() for part in found)


def _afterwards(before: set[str], now: dt.datetime) -> None:
    """The rows are there; bring an older backup up to date and drop files that only the replaced rows named."""
    call_command("prepare_database", verbosity=0)
    if not OutboxHold.objects.exists():  # the backup is older than holds are, and knows no message either
        OutboxHold.objects.create(since=now, reason=HoldReason.RESTORED)
    named = set(Attachment.objects.values_list("stored_name", flat=True))
    for stored_name in before - named:
        uploads.discard(stored_name)
    # Exports stay behind: they can be written again, and the sweep tidies those of the replaced rows.
    ExportFile.objects.filter(removed_at__isnull=True).update(removed_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# Files ----------------------------------------------------------------------------------------------------------------


def _place_files(backup: Reader) -> None:
    """Put every file where its row will look for it. One that is there already counts as new, so it is not tidied."""
    for stored_name in backup.manifest.stored_names:
        path = uploads.place_of(stored_name)
        part = backup.manifest.parts[FILES + stored_name]
        if path.is_file() and path.stat().st_size == part.size and checksum(path.open("rb")) == part.sha256:
            os.utime(path)
            continue
        for directory in (path.parent.parent, path.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".part")
        fresh.unlink(missing_ok=True)
        try:
            backup.copy_to(FILES + stored_name, fresh)
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        uploads.flush_directory(path.parent)
