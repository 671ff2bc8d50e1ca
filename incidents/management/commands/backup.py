"""`manage.py backup [FILE]`: everything in one file, while Recovery runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from incidents.management.backups.programs import Trouble
from incidents.management.backups.taking import default_name, take


class Command(BaseCommand):
    help = "Write the database and all files into one file. Recovery may go on running."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: a file named by the time, in BACKUP_DIR")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        now = timezone.now()
        target = (file or default_name(now)).absolute()
        try:
            manifest = take(target, now=now)
        except (Trouble, DatabaseError) as problem:
            raise CommandError(f"No backup was made. {problem}") from problem
        for stored_name in manifest.missing:
            self.stderr.write(f"Missing on the disk, so not in the backup: {stored_name}")
        size = target.stat().st_size / 1_000_000
        incidents = manifest.counts.get("incidents_incident", 0)
        self.stdout.write(
            f"Backup written: {target}\n"
            f"  {incidents} incidents, {len(manifest.stored_names)} files, {size:.1f} MB. "
            "It holds personal data and is not encrypted."
        )
