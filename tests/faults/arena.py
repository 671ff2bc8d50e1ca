"""The programs of one fault test and the questions it asks of the database."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from incidents.actions import remind
from incidents.models import FollowUp, Notice, Reminder
from incidents.targets import FOLLOW_UPS
from incidents.workflow import Severity
from recovery.embedded.children import Child
from tests import make
from tests.programs import Programs, wait_for

RIGGED = "tests.faults.rigged"


@dataclass
class Arena:
    """`ARENA` names the directory where rigged workers leave marks."""

    programs: Programs
    directory: Path

    def celery(self, app: str, *words: str, name: str, **more: str) -> Child:
        command = [sys.executable, "-m", "celery", "--app", app, "--quiet", "--skip-checks", *words]
        return self.programs.start(name, command, **more)

    def worker(self, name: str = "worker", *, app: str = RIGGED, **more: str) -> Child:
        """One process that sweeps, with its pool; ready() says when it takes work."""
        words = ("worker", "-n", f"{name}@%h", "--concurrency", "1", "--without-gossip", "--without-mingle")
        return self.celery(app, *words, "-l", "INFO", name=name, **more)

    def beat(self, name: str = "beat", *, app: str = RIGGED) -> Child:
        schedule = str(self.directory / f"{name}-schedule")
        return self.celery(app, "beat", "--schedule", schedule, "--pidfile", "", name=name)

    def ready(self, *names: str) -> None:
        for name in names:
            wait_for(lambda name=name: "ready." in self.said(name), 30)  # type: ignore[misc]

    def said(self, name: str) -> str:
        return self.programs.log(name).read_text(errors="replace")

    def mark(self, name: str) -> bool:
        return (self.directory / name).exists()

    def end(self) -> list[int]:
        """Kill every program with all it started; the numbers of those that would not go."""
        groups = {child.process.pid for child in self.programs.running}
        for child in self.programs.running:
            child.kill()
        deadline = time.monotonic() + 5
        while (left := living(groups)) and time.monotonic() < deadline:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        return left


def living(groups: set[int]) -> list[int]:
    """Processes of these groups that still run (Linux; elsewhere the kill of the group is trusted)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            state, _parent, group = entry.read_text().rpartition(")")[2].split()[:3]
            if int(group) in groups and state not in "ZX":
                found.append(int(entry.parent.name))
    return found


def call_due_now(cast: make.Cast) -> FollowUp:
    """A recovery put right just so long ago that its call falls due this second."""
    incident = make.make_incident(cast.desk)
    then = remind.database_now() - FOLLOW_UPS[Severity(incident.severity)][0]
    make.apologize(incident, cast.desk, now=then)
    make.give(incident, cast.desk, now=then)
    return make.planned_call(incident)


def notices_of(call: FollowUp) -> int:
    return Notice.objects.filter(kind="follow_up_due", subject_id=call.pk).count()


def reminder_of(call: FollowUp) -> Reminder:
    return Reminder.objects.get(kind="follow_up_due", subject_id=call.pk)


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
