"""Servers and processes of the bench's own, set up as a production installation is; gone when it ends."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from recovery.embedded import children
from recovery.embedded.children import Child
from recovery.embedded.place import REPOSITORY, Place, Trouble
from recovery.embedded.postgres import Postgres
from recovery.embedded.stack import CELERY
from recovery.embedded.valkey import Valkey

HOST = "bench.example.org"
WORKERS, THREADS = 2, 4
# What a PostgreSQL that nobody tuned has; the embedded one is told to take less.
STOCK = {"shared_buffers": "128MB"}


@dataclass
class Arena:
    """One PostgreSQL with a database per size, one Valkey, and whatever was started beside them."""

    root: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="recovery-bench-")))
    running: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.place = Place(self.root)
        self.place.prepare()
        self.secret = secrets.token_urlsafe(60)
        self.postgres = Postgres(self.place, settings=STOCK)
        self.valkey = Valkey(self.place)
        try:
            self.postgres.start(self.running.append, _go_on)
            self.valkey.start(self.running.append, _go_on)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def end(self) -> None:
        """Stop everything, the newest first, and leave nothing behind."""
        alive = [child for child in reversed(self.running) if child.is_running()]
        for child in alive:
            child.process.send_signal(signal.SIGCONT)
        children.stop(alive)
        self.place.wipe()
        shutil.rmtree(self.root, ignore_errors=True)

    def environment(self, database: str, kind: str = "production") -> dict[str, str]:
        """How a program finds `database`. Only what is named here decides how Recovery runs."""
        files = self.root / database
        files.mkdir(mode=0o700, exist_ok=True)
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return inherited | {
            "RECOVERY_ENV": kind,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": self.postgres.url(database),
            "REDIS_URL": self.valkey.url(),
            "SECRET_KEY": self.secret,
            "SITE_URL": f"https://{HOST}",
            "TRUST_X_FORWARDED_PROTO": "1",
            "STATE_DIR": str(files),
            "STATIC_ROOT": str(self.place.static),
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, database: str, *words: str, kind: str = "production") -> str:
        """Run a module of Python to its end; what it printed. Trouble when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=REPOSITORY,
            env=self.environment(database, kind),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Trouble(f"{' '.join(words)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def start(self, name: str, database: str, command: Sequence[str | Path]) -> Child:
        """Start a program that runs until it is stopped; it writes into a log."""
        with (self.place.logs / f"{name}.log").open("ab") as log:
            found = self.environment(database)
            child = children.spawn(name, command, environment=found, output=log, directory=REPOSITORY)
        self.running.append(child)
        return child

    def start_web(self, database: str) -> tuple[Child, int]:
        """gunicorn as the Dockerfile starts it; the child and its port."""
        port = _free_port()
        command = [sys.executable, "-m", "gunicorn", "recovery.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS), "--preload"]
        child = self.start(f"web-{database}", database, [*command, "--no-control-socket", "--log-level", "warning"])
        if not children.wait_until(lambda: _listens(port) or not child.is_running(), 60, every=0.1):
            raise Trouble("gunicorn does not answer.")
        if not child.is_running():
            raise Trouble((self.place.logs / f"web-{database}.log").read_text()[-3000:])
        return child, port

    def start_clock(self, database: str) -> list[Child]:
        """The worker and beat, as production runs them."""
        worker = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
        beat = [*CELERY, "beat", "--schedule", str(self.root / "beat"), "--loglevel", "WARNING", "--pidfile", ""]
        return [
            self.start("worker", database, [*worker, "--without-gossip", "--without-mingle"]),
            self.start("beat", database, beat),
        ]

    @property
    def broker(self) -> Child:
        return next(child for child in self.running if child.name == "valkey")


def _go_on() -> None:
    """Ctrl-C arrives as KeyboardInterrupt: there is nothing to ask in between."""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def memory_of(pid: int) -> dict[str, float]:
    """Proportional memory in MB, of the process and of all that it started; empty where /proc does not tell."""
    family, found = [pid], 0.0
    try:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                family.append(int(stat.parent.name))
        for member in family:
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    found += int(line.split()[1]) / 1024
    except OSError:
        return {}
    return {"processes": float(len(family)), "megabytes": found}


def settle(seconds: float = 1.0) -> None:
    """Let what was just started come to rest."""
    time.sleep(seconds)
