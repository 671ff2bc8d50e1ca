"""Sends what is due without Celery, Valkey or beat: a loop that needs the database only."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection

from incidents.actions import (
    attach,
    clock,
    exports,
    fold,
    jobs,
    practice,
    prevention,
    remind,
    view_news,
    wanted,
    watch,
    words,
)

log = structlog.get_logger(__name__)
TIDY_EVERY = dt.timedelta(hours=1)
JOB_SLICE = dt.timedelta(seconds=5)  # here one process does both: reminders do not wait for longer than that


class Command(BaseCommand):
    help = "Send reminders that are due, again and again. May run beside Celery and beside itself."
    requires_system_checks = ()  # reminders go out even while a page is broken

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="One sweep, then end.")
        how.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="Pause between sweeps (10).")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        if not 0.1 <= every <= 3600:
            raise CommandError("--every takes 0.1 to 3600 seconds.")
        if once:
            attach.remove_orphans(now=remind.database_now())
            self.stdout.write(f"{clock.ring()} sent")
            jobs.work()
            view_news.tell_of_views()
            exports.remove_expired(now=remind.database_now())
            words.keep_words()
            watch.keep_watch()
            prevention.keep_checking()
            wanted.keep_meetings()
            practice.keep_mixing()
            fold.fold(budget=None)
            return
        asked_to_end = threading.Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_received: asked_to_end.set())
        self._loop(asked_to_end, every)

    def _loop(self, asked_to_end: threading.Event, every: float) -> None:
        tidied: dt.datetime | None = None
        while not asked_to_end.is_set():
            try:
                clock.ring()
                jobs.work(budget=JOB_SLICE)
                view_news.tell_of_views()
                wanted.keep_meetings()
                practice.keep_mixing()
                now = remind.database_now()
                if tidied is None or now - tidied >= TIDY_EVERY:
                    attach.remove_orphans(now=now)
                    exports.remove_expired(now=now)
                    words.keep_words()
                    watch.keep_watch()
                    prevention.keep_checking()
                    tidied = now
                fold.fold()
            except Error as problem:
                # The database restarts: what is due stays due, and the next sweep has a new connection.
                log.warning("sweep_failed", error=type(problem).__name__)
                connection.close()
            except Exception:
                # A fault of ours in one part must not end what rings for all of them.
                log.exception("sweep_failed")
            close_old_connections()
            asked_to_end.wait(every)
