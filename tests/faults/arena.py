"""The programs of one fault test and the questions it asks of the database."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from incidents.actions import remind
from incidents.ladder import Rung
from incidents.models import FollowUp, Location, Notice, Reminder, Staff
from incidents.targets import FOLLOW_UPS
from incidents.vocabulary import Severity
from recovery.embedded.children import Child
from recovery.embedded.valkey import Valkey
from tests import make
from tests.faults import invariants
from tests.faults.mail_host import MailHost
from tests.faults.runner import free_port
from tests.faults.visitor import Visitor, visitor_of
from tests.programs import Programs, wait_for

AT_DUE = Rung(dt.timedelta(0))
RIGGED = "tests.faults.rigged"
ETA = "tests.faults.rigged_eta"
RIGGED_SETTINGS = "tests.faults.rigged_settings"
GUNICORN = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket")


@dataclass
class Arena:
    """`ARENA` names the directory where rigged programs leave marks."""

    programs: Programs
    directory: Path
    valkey: Valkey
    mail: MailHost
    servers: dict[str, Child] = field(default_factory=dict)

    # Programs ---------------------------------------------------------------------------------------------------------

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

    def loop(self, name: str = "loop", *, every: float = 0.3, **more: str) -> Child:
        """The clock that needs no broker: it gets the address of none."""
        command = [sys.executable, "-m", "tests.faults.rigged_manage", "sweep", "--every", str(every)]
        return self.programs.start(name, command, **{"REDIS_URL": "redis://127.0.0.1:1"} | more)

    def web(self, name: str = "web", *, app: str = "tests.faults.rigged_web:application", **more: str) -> Site:
        """Two processes, started as run.py does it. Answers when this returns."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *GUNICORN]
        command += ["--log-level", "warning", "--graceful-timeout", "4", "--timeout", "60"]
        site = Site(self.programs.start(name, command, **more), port)
        wait_for(site.answers, 40)
        return site

    def mail_host(self) -> MailHost:
        """Start it, and have every program that is started from now on send its mail there."""
        self.programs.environment |= self.mail.environment
        self.mail.start(self.programs)
        return self.mail

    def ready(self, *names: str) -> None:
        for name in names:
            wait_for(lambda name=name: "ready." in self.said(name), 40)  # type: ignore[misc]

    def said(self, name: str) -> str:
        return self.programs.log(name).read_text(errors="replace")

    # Valkey -----------------------------------------------------------------------------------------------------------

    def start_valkey(self) -> None:
        self.valkey.start(lambda child: self.servers.update(valkey=child), lambda: None)

    def kill_valkey(self) -> None:
        self.servers["valkey"].kill()

    def empty_valkey(self) -> None:
        """FLUSHALL."""
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(3)
            asked.connect(str(self.valkey.socket))
            asked.sendall(b"FLUSHALL\r\n")
            assert asked.recv(16).startswith(b"+OK")

    def freeze_valkey(self) -> None:
        self.servers["valkey"].process.send_signal(signal.SIGSTOP)

    def thaw_valkey(self) -> None:
        self.servers["valkey"].process.send_signal(signal.SIGCONT)

    # Marks ------------------------------------------------------------------------------------------------------------

    def mark(self, name: str) -> bool:
        return (self.directory / name).exists()

    def allow(self, name: str) -> None:
        """Let a program go on that stands still until this mark is there."""
        (self.directory / name).touch()

    def all_is_well(self, seconds: float = 40) -> None:
        """Wait until nothing is due any more, then ask every invariant."""
        wait_for(invariants.quiet, seconds)
        mails = self.mail.ids() if self.mail.child else None
        invariants.check(media=self.media, mails=mails)

    @property
    def media(self) -> Path:
        return self.directory / "media"

    def end(self) -> list[int]:
        """Kill every program with all it started; the numbers of those that would not go."""
        everything = [*self.programs.running, *self.servers.values()]
        for child in everything:
            child.kill()
        return killed({child.process.pid for child in everything})


@dataclass(frozen=True)
class Site:
    """A web server and where it listens."""

    child: Child
    port: int

    def visitor(self, staff: Staff) -> Visitor:
        return visitor_of(staff, self.port)

    def answers(self) -> bool:
        try:
            return Visitor(self.port, patience=2).get("/health/live").status == 200
        except OSError:
            return False


def killed(groups: set[int], seconds: float = 5.0) -> list[int]:
    """Kill what still runs in these process groups; returns what would not go."""
    deadline = time.monotonic() + seconds
    while (left := living(groups)) and time.monotonic() < deadline:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    return left


def living(groups: set[int]) -> list[int]:
    """Processes of these groups that still run (Linux; elsewhere the kill of the group is trusted)."""
    return [pid for pid, (_parent, group) in processes().items() if group in groups]


def pool_of(child: Child) -> list[int]:
    """The processes that this one forked."""
    return [pid for pid, (parent, _group) in processes().items() if parent == child.process.pid]


def processes() -> dict[int, tuple[int, int]]:
    """Parent and group of everything that runs."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            state, parent, group = entry.read_text().rpartition(")")[2].split()[:3]
            if state not in "ZX":
                found[int(entry.parent.name)] = (int(parent), int(group))
    return found


def the_cast() -> make.Cast:
    """The people of make_cast() again, in a world that is there."""
    names = {"desk": "dora", "colleague": "cole", "manager": "mona", "owner": "olga", "outsider": "otto"}
    found = {role: Staff.objects.get(email=f"{name}@example.com") for role, name in names.items()}
    here, elsewhere = Location.objects.order_by("id")
    return make.Cast(here=here, elsewhere=elsewhere, **found)


def call_due_now(cast: make.Cast) -> FollowUp:
    """A recovery put right just so long ago that its call falls due this second."""
    return call_due_in(cast, 0)


def call_due_in(cast: make.Cast, seconds: float) -> FollowUp:
    """The same, due in a while or, below zero, since a while. What was late when it was entered is not said."""
    incident = make.make_incident(cast.desk)
    then = remind.database_now() - FOLLOW_UPS[Severity(incident.severity)][0].length
    make.apologize(incident, cast.desk, now=then)
    make.give(incident, cast.desk, now=then)
    call = make.planned_call(incident)
    if seconds:
        fall_due(call, seconds)
    return call


def many_calls(cast: make.Cast, dues: Sequence[dt.datetime], *, incidents: int = 12) -> list[FollowUp]:
    """A call at each of these moments, of four people in turn. Rows at once: no form makes hundreds in a second.

    Before anything runs that would deliver them.
    """
    people = (cast.desk, cast.colleague, cast.manager, cast.owner)
    firsts = [call_due_now(cast) for _number in range(min(incidents, len(dues)))]
    calls = FollowUp.objects.bulk_create(
        FollowUp(
            incident_id=firsts[n % len(firsts)].incident_id,
            round_id=firsts[n % len(firsts)].round_id,
            assignee=people[n % len(people)],
            due_at=due,
            created_at=firsts[0].created_at,
        )
        for n, due in enumerate(dues)
    )
    Reminder.objects.filter(subject_id__in=[first.pk for first in firsts]).delete()
    FollowUp.objects.filter(pk__in=[first.pk for first in firsts]).delete()  # they only lent their incident
    Reminder.objects.bulk_create(
        Reminder(
            incident_id=call.incident_id,
            kind="follow_up_due",
            subject_id=call.pk,
            occurrence=remind.occurrence_of(call.due_at, AT_DUE),
            target_at=call.due_at,
            due_at=call.due_at,
        )
        for call in calls
    )
    return calls


def fall_due(call: FollowUp, seconds: float) -> None:
    """Move a call and its reminder to so many seconds from now."""
    at = remind.database_now() + dt.timedelta(seconds=seconds)
    FollowUp.objects.filter(pk=call.pk).update(due_at=at)
    for row in Reminder.objects.filter(kind="follow_up_due", subject_id=call.pk):
        Reminder.objects.filter(pk=row.pk).update(
            target_at=at, due_at=at, rung=1, occurrence=remind.occurrence_of(at, AT_DUE), state="pending"
        )


def notices_of(call: FollowUp) -> int:
    return Notice.objects.filter(kind="follow_up_due", subject_id=call.pk).count()


def reminder_of(call: FollowUp) -> Reminder:
    """The first of its ladder; delivering it puts the next one on the table."""
    return Reminder.objects.filter(kind="follow_up_due", subject_id=call.pk).earliest("id")


def still_due() -> QuerySet[Reminder]:
    """What nobody has said yet although its time has come."""
    return Reminder.objects.filter(due_at__lte=remind.database_now(), state__in=["pending", "claimed"])


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
