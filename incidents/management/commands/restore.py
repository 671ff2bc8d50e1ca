"""`manage.py restore FILE`: put a backup in the place of what is here, and send nothing until somebody says so."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from incidents.management.backups import giving_back
from incidents.management.backups.archive import Damaged, Manifest, Reader
from incidents.management.backups.programs import Trouble
from incidents.management.backups.taking import take
from incidents.models import Business

UNCHANGED = "Nothing was changed."


class Command(BaseCommand):
    help = "Replace the database and all files by those of a backup. Stop web, worker and beat before."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Replace the business that is here; asks once more.")
        parser.add_argument("--yes", action="store_true", help="With --replace: do not ask.")
        parser.add_argument("--without-copy", action="store_true", help="With --replace: keep no backup of what was.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with file.open("rb") as source:
                self._restore(Reader(source), **options)
        except Damaged as problem:
            raise CommandError(f"{file} is damaged or no backup: {problem}. {UNCHANGED}") from problem
        except OSError as problem:
            raise CommandError(f"{file} cannot be read ({problem.strerror}). {UNCHANGED}") from problem
        except Trouble as problem:
            raise CommandError(f"{problem} The data are as they were.") from problem
        except DatabaseError as problem:
            raise CommandError(f"The database refused: {problem}") from problem

    def _restore(self, backup: Reader, *, replace: bool, yes: bool, without_copy: bool, **options: Any) -> None:
        manifest, now = backup.manifest, timezone.now()
        if name := giving_back.why_newer(manifest):
            raise CommandError(f"This backup comes from a newer Recovery (it knows {name}). {UNCHANGED}")
        if manifest.is_demo != settings.DEMO:
            raise CommandError(
                f"This backup holds the demo, whose passwords everybody knows. {UNCHANGED}"
                if manifest.is_demo
                else f"This backup holds a business and this is the demo: python3 run.py --empty restore … {UNCHANGED}"
            )
        if (room := giving_back.room_for_locks()) < giving_back.LOCKS:
            raise CommandError(
                f"PostgreSQL has room for {room} locks and a restore needs up to {giving_back.LOCKS}. "
                f"Set max_locks_per_transaction = 256, restart PostgreSQL, then restore. {UNCHANGED}"
            )
        if others := giving_back.connections_of_others():
            raise CommandError(
                f"Recovery or another program is at work on this database ({others} connections). "
                f"Stop web, worker and beat, then restore. {UNCHANGED}"
            )
        if giving_back.clock_runs():
            raise CommandError(f"The clock process still runs. Stop web, worker and beat, then restore. {UNCHANGED}")
        here = _business_here()
        if here is not None:
            self._ask(here, manifest, replace=replace, yes=yes)
            if not without_copy:
                copy = Path(settings.BACKUP_DIR) / f"before-restore-{now:%Y-%m-%dT%H-%M-%S.%fZ}.tar"
                take(copy, now=now)
                self.stdout.write(f"What was here until now is kept in {copy}")
        giving_back.give_back(backup, Path(settings.BACKUP_DIR), now=now)
        for stored_name in manifest.missing:
            self.stderr.write(f"Was missing when the backup was made: {stored_name}")
        self.stdout.write(
            f"Restored as of {manifest.made_at}: {manifest.counts.get('incidents_incident', 0)} incidents, "
            f"{len(manifest.stored_names)} files. Everybody signs in anew.\n"
            "No message leaves the house: the outbox is on hold until an administrator releases it on the Reminders "
            "page."
        )

    def _ask(self, here: str, manifest: Manifest, *, replace: bool, yes: bool) -> None:
        if not replace:
            raise CommandError(f"This database belongs to {here}. Say --replace to replace it. {UNCHANGED}")
        if yes:
            return
        if not sys.stdin.isatty():
            raise CommandError(f"Nobody can be asked here: say --replace --yes. {UNCHANGED}")
        self.stdout.write(f"This replaces everything of {here} by the state of {manifest.made_at}.")
        if input("Type the name of the business to go on: ").strip() != here:
            raise CommandError(UNCHANGED)


def _business_here() -> str | None:
    """The business whose data would go, or None on an empty database."""
    if "incidents_business" not in connection.introspection.table_names():
        return None
    return Business.objects.values_list("name", flat=True).first()
