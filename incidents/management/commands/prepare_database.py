"""Brings the tables up to date while people work: no request waits for it longer than a second."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

import psycopg.errors
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from incidents.management.backups import grants
from incidents.management.migrating import thinking_first

BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class Command(BaseCommand):
    help = "Migrate, make the cache's table, and give the role that serves people (DATABASE_APP_ROLE) its rights."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tries", type=int, default=60, help="How often to try when a table is in use (60).")
        parser.add_argument("--pause", type=float, default=2.0, metavar="SECONDS", help="Between two tries (2).")

    def handle(self, *args: Any, tries: int, pause: float, verbosity: int, **options: Any) -> None:
        for attempt in range(1, tries + 1):
            try:
                _prepare(verbosity)
            except OperationalError as problem:
                if not isinstance(problem.__cause__, BUSY):
                    raise
                self.stderr.write(f"A table is in use; nobody waits for us, we wait (try {attempt} of {tries}).")
                time.sleep(pause)
            else:
                return
        raise CommandError("A table stayed in use. Nothing is half done; run it again when less is going on.")


def _prepare(verbosity: int) -> None:
    """Waiting for a table makes everybody behind us wait, too: so we give up after a second and begin again."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    with thinking_first():
        call_command("migrate", interactive=False, verbosity=verbosity)
    call_command("createcachetable", verbosity=verbosity)
    if role := settings.DATABASE_APP_ROLE:
        present = set(connection.introspection.table_names())
        with connection.cursor() as cursor:
            for statement in grants.statements(role, present):
                cursor.execute(statement)
