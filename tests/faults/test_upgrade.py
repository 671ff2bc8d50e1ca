"""Migrations roll over a loaded database: nobody who works on it waits for longer than a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import connection

from incidents.models import Reminder
from tests import make
from tests.databases import address_of, go_to
from tests.faults.arena import Arena, call_due_now
from tests.programs import wait_for

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


def first_release(arena: Arena) -> str:
    """The database with rows of the first release; its address."""
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
    connection.close()
    return address_of(str(connection.settings_dict["NAME"]))


def upgrade(arena: Arena, *words: str) -> None:
    code, said = arena.programs.manage(*words)
    assert code == 0, said


@pytest.mark.slow
def test_upgrade_while_people_work(arena: Arena) -> None:
    load = Load(first_release(arena))
    with load.going_on():
        wait_for(lambda: load.done > 50)
        upgrade(arena, "prepare_database")
        wait_for(lambda: load.done > 100)
    print(f"{load.done} statements beside the migrations, the slowest took {load.slowest:.2f} s: {load.waited_at}")
    assert load.problems == []
    assert load.slowest < 2, "on a machine that does nothing else it stays below half a second"
    arena.loop(SEND_TIMEOUT="1")
    arena.all_is_well()


def held(address: str) -> psycopg.Connection[tuple[object, ...]]:
    """Somebody in the middle of something long: a report, a backup."""
    holder = psycopg.connect(address)
    holder.execute("SELECT count(*) FROM incidents_notice")
    return holder


def beside_a_long_reader(arena: Arena, *words: str) -> Load:
    """Upgrade while a transaction that has read the tables stays open, for some seconds after the upgrade met it."""
    address = first_release(arena)
    load = Load(address)
    upgrading = threading.Thread(target=upgrade, args=(arena, *words))
    with load.going_on():
        with held(address):
            upgrading.start()
            wait_for(somebody_waits_for_a_lock, 60)
            met = load.done
            time.sleep(3)
        wait_for(lambda: load.done > met + 50, 20)
    upgrading.join()
    return load


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND wait_event = 'relation'"
        )
        return cursor.fetchone() is not None


@pytest.mark.slow
def test_a_long_reader_makes_the_upgrade_wait_and_nobody_else(arena: Arena) -> None:
    load = beside_a_long_reader(arena, "prepare_database", "--pause", "0.3")
    assert (load.problems, load.slowest < 1.5) == ([], True), f"{load.slowest} s: {load.waited_at}"


@pytest.mark.slow
def test_control_without_lock_timeout_everybody_queues_behind(arena: Arena) -> None:
    load = beside_a_long_reader(arena, "migrate")
    assert load.slowest > 1.5
