"""An arena with a PostgreSQL of its own, for tests that stop even that."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from recovery.embedded.children import Child
from recovery.embedded.place import Place
from recovery.embedded.postgres import Postgres
from tests.faults.arena import Arena

Found = TypeVar("Found")
DATABASE = "recovery"
# What was committed must outlive an immediate stop, so commits wait for the log; the machine itself never fails here.
SETTINGS = {"fsync": "off", "full_page_writes": "off"}


@dataclass
class Cluster(Arena):
    """Its PostgreSQL is `servers["postgres"]`."""

    postgres: Postgres | None = None

    def start_postgres(self) -> None:
        assert self.postgres is not None
        self.postgres.start(lambda child: self.servers.update(postgres=child), lambda: None)

    def stop_postgres(self) -> None:
        """`immediate`: every conversation is cut, nothing is written, the next start recovers."""
        connection.close()
        stop_at_once(self.servers["postgres"])

    def end(self) -> list[int]:
        if "postgres" in self.servers:
            stop_at_once(self.servers["postgres"])  # its own children have groups of their own: it must end them
        return super().end()


def stop_at_once(postgres: Child) -> None:
    if postgres.is_running():
        postgres.process.send_signal(signal.SIGQUIT)
        postgres.process.wait(20)


def asked(question: Callable[[], Found]) -> Found | None:
    """What the database says, or None while it is away."""
    try:
        return question()
    except (OperationalError, InterfaceError):
        connection.close()
        return None


def data_copied_to(place: Place, address: str) -> Postgres:
    """A server, not started yet, whose data directory holds what that database held."""
    made = _made(address)
    mine = Postgres(place, settings=SETTINGS)
    subprocess.run(["cp", "-a", "--reflink=auto", str(made.data), str(mine.data)], check=True)
    return mine


def _made(address: str) -> Postgres:
    """The pattern in this run's own directory, stopped; the first process of the run that asks makes it."""
    place = Place(Path(os.environ["STATE_DIR"]) / "cluster")
    place.prepare()
    pattern, done = Postgres(place, settings=SETTINGS), place.root / "done"
    with (place.root / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(pattern.data, ignore_errors=True)
            _make(pattern, address)
            done.touch()
    return pattern


def _make(pattern: Postgres, address: str) -> None:
    started: list[Child] = []
    try:
        pattern.start(started.append, lambda: None)
        pattern.ensure_database(DATABASE)
        _pour(address, pattern)
        server = started[-1]
        server.ask_to_stop()
        server.process.wait(30)
    finally:
        for child in started:
            stop_at_once(child)
        shutil.rmtree(pattern.sockets, ignore_errors=True)


def _pour(address: str, into: Postgres) -> None:
    """Copy one database into another server: several times quicker than to migrate once more."""
    programs = into.programs.directory
    dump: list[str | Path] = [programs / "pg_dump", "--no-owner", address]
    read: list[str | Path] = [
        programs / "psql",
        "--quiet",
        "--no-psqlrc",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        into.url(DATABASE),
    ]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
        subprocess.run(read, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
    assert source.returncode == 0
