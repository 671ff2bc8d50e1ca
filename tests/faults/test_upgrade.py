"""Migrations roll over a loaded database: nobody who works on it waits for longer than a second."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from incidents.models import Reminder
from recovery.embedded.children import Child
from tests import make
from tests.databases import address_of, go_to, on_server, working_on
from tests.faults.arena import Arena, call_due_now
from tests.faults.waits import UPGRADE, Watch
from tests.programs import wait_for

A_SECOND = 1.0  # of the upgrade's work, or of standing in the queue: what anybody may wait for
BEFORE = "0005_check_older_rows"  # what the first release had
# What the code of the first release asks all day long.
WORK = (
    "SELECT id, reference, stage FROM incidents_incident WHERE closed_at IS NULL ORDER BY next_due_at, id LIMIT 25",
    "UPDATE incidents_incident SET version = version + 1 WHERE id = (SELECT min(id) FROM incidents_incident)",
    "SELECT id, due_at FROM incidents_reminder WHERE state = 'pending' ORDER BY due_at, id LIMIT 1",
    "UPDATE incidents_reminder SET tries = tries WHERE id = (SELECT min(id) FROM incidents_reminder)",
    "SELECT count(*) FROM incidents_notice WHERE read_at IS NULL",
    "UPDATE incidents_staff SET phone = phone WHERE id = (SELECT min(id) FROM incidents_staff)",
)


@dataclass
class Load:
    """Two clients that work all the time; how long their slowest statement took, and what failed."""

    address: str
    slowest: float = 0.0
    waited_at: str = ""
    done: int = 0
    problems: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        with psycopg.connect(self.address, autocommit=True) as client:
            while not self._over.is_set():
                for statement in WORK:
                    began = time.monotonic()
                    try:
                        client.execute(statement)
                    except psycopg.Error as problem:
                        self.problems.append(str(problem))
                    if time.monotonic() - began > self.slowest:
                        self.slowest, self.waited_at = time.monotonic() - began, statement
                    self.done += 1
                time.sleep(0.005)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        clients = [threading.Thread(target=self.work) for _number in range(2)]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            self._over.set()
            for client in clients:
                client.join()


@pytest.fixture(scope="module")
def template(pattern: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What each arena of this module is a copy of: a database with rows of the first release."""
    name = f"release_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{pattern}"')
    try:
        with working_on(address_of(name), django_db_blocker):
            make_first_release()
        yield name
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def make_first_release() -> None:
    cast = make.make_cast()
    for _number in range(5):
        call_due_now(cast)
    kinds = ("follow_up_due", "promise_due", "receipt_missing")  # the first release knew no others
    Reminder.objects.exclude(kind__in=kinds).delete()
    go_to(BEFORE)
    # Rows by the thousand, so that a rewrite of a table would take its time.
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO incidents_reminder (incident_id, kind, subject_id, occurrence, due_at, state, tries,
                last_error) SELECT min(id), 'promise_due', n, 'x', now() + interval '1 year', 'pending', 0, ''
            FROM incidents_incident, generate_series(1, 10000) n GROUP BY n"""
        )


def address_here() -> str:
    return address_of(str(connection.settings_dict["NAME"]))


@dataclass
class Upgrade:
    """People at work, the upgrade beside them, and who waits for whom."""

    arena: Arena
    words: tuple[str, ...]
    rig: str = ""
    load: Load = field(init=False)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.load, self.watch = Load(address_here()), Watch(address_here())

    def start(self) -> Child:
        command = [sys.executable, "-m", "tests.faults.rigged_manage", *self.words]
        child = self.arena.programs.start("upgrade", command, RIG=self.rig, PGAPPNAME=UPGRADE)
        self.watch.program = child.process.pid
        return child

    def end(self, child: Child) -> None:
        assert child.process.wait(200) == 0, self.arena.said("upgrade")

    @contextmanager
    def beside_people(self) -> Iterator[Child]:
        with self.watch.going_on(), self.load.going_on():
            wait_for(lambda: self.load.done > 50)
            yield self.start()

    def tell(self) -> None:
        longest = self.watch.longest
        print(
            f"{self.load.done} statements, the slowest took {self.load.slowest:.2f} s; {len(self.watch.waits)} waited"
            f" for a lock, at most for {longest.work:.2f} s of work, at {longest.table}"
        )


def upgrade_beside_people(arena: Arena, *words: str, rig: str = "") -> Upgrade:
    upgrade = Upgrade(arena, words, rig)
    with upgrade.beside_people() as child:
        upgrade.end(child)
        done = upgrade.load.done
        wait_for(lambda: upgrade.load.done > done + 50)
    upgrade.tell()
    return upgrade


@pytest.mark.slow
def test_upgrade_while_people_work(arena: Arena) -> None:
    upgrade = upgrade_beside_people(arena, "prepare_database")
    assert upgrade.load.problems == []
    assert upgrade.watch.longest.work < A_SECOND
    arena.loop(SEND_TIMEOUT="1")
    arena.all_is_well()


@pytest.mark.slow
def test_control_a_migration_that_thinks_in_between_keeps_people_waiting(arena: Arena) -> None:
    upgrade = upgrade_beside_people(arena, "prepare_database", rig="thinks-in-between")
    assert upgrade.watch.longest.work > A_SECOND


def somebody_reads(address: str) -> psycopg.Connection[tuple[object, ...]]:
    """Somebody in the middle of something long: a report, a backup."""
    reader = psycopg.connect(address)
    reader.execute("SELECT count(*) FROM incidents_notice")
    return reader


def beside_a_long_reader(arena: Arena, *words: str, until: Callable[[Upgrade], bool]) -> Upgrade:
    """Upgrade while a transaction that has read a table stays open, till the upgrade has met it and then that is so."""
    upgrade = Upgrade(arena, words)
    with upgrade.beside_people() as child, somebody_reads(address_here()) as reader:
        wait_for(lambda: has_met(reader), 120)
        wait_for(lambda: until(upgrade), 30)
        reader.rollback()
        upgrade.end(child)
    upgrade.tell()
    return upgrade


def has_met(reader: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the upgrade stands in the queue behind that reader; nobody else would do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND %s = ANY(pg_blocking_pids(pid))",
            [UPGRADE, reader.info.backend_pid],
        )
        return cursor.fetchone() is not None


def gave_up(upgrade: Upgrade) -> bool:
    return "nobody waits for us, we wait (try 1 of 60)" in upgrade.arena.said("upgrade")


@pytest.mark.slow
def test_a_long_reader_makes_the_upgrade_wait_and_nobody_else(arena: Arena) -> None:
    upgrade = beside_a_long_reader(arena, "prepare_database", "--pause", "0.3", until=gave_up)
    assert upgrade.load.problems == []
    assert upgrade.watch.longest.work < A_SECOND + 0.5, "it asks for a lock for a second"


@pytest.mark.slow
def test_control_without_lock_timeout_everybody_queues_behind(arena: Arena) -> None:
    upgrade = beside_a_long_reader(arena, "migrate", until=lambda now: now.watch.longest.work > 2 * A_SECOND)
    assert upgrade.watch.longest.work > 2 * A_SECOND
