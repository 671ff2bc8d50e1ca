"""Fixtures for tests on real processes: a worker, a beat, a web server that use this test's database."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection

from recovery.embedded.children import Child, birth, spawn
from tests import nursery

REPOSITORY = Path(__file__).resolve().parents[1]
CELERY = [sys.executable, "-m", "celery", "--app", "recovery", "--quiet", "--skip-checks"]


def wait_for(what: Callable[[], bool], seconds: float = 15.0, every: float = 0.05) -> None:
    """Return as soon as it is so; fail the test when it never is."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(every)


@contextmanager
def made_once(what: str) -> Iterator[bool]:
    """Whether we are the first process of the run that needs it, and make it in here; the others wait for that."""
    run = Path(os.environ["STATE_DIR"])
    done = run / f"{what}-made"
    with (run / f"making-{what}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


@dataclass
class Programs:
    """Starts programs whose database and queue are this test's own; what still runs at the end is killed."""

    environment: dict[str, str]
    directory: Path
    running: list[Child] = field(default_factory=list)

    def start(self, name: str, command: list[str], **more: str) -> Child:
        """Start one; its output goes to `log(name)`."""
        environment, log = self.environment | more, self.log(name)
        if command[0] == sys.executable:
            process = nursery.begin(command[1:], environment=environment, output=log)
            child = Child(name, process, signal.SIGTERM, birth(process.pid))
        else:
            with log.open("ab") as output:
                child = spawn(name, command, environment=environment, output=output, directory=REPOSITORY)
        self.running.append(child)
        return child

    def log(self, name: str) -> Path:
        """The file with what the program wrote."""
        return self.directory / f"{name}.log"

    def worker(self, name: str = "worker", *, seconds: float = 30.0, **more: str) -> Child:
        """A Celery worker that is ready for work."""
        child = self.start(name, [*CELERY, "worker", "-n", f"{name}@%h", "--concurrency", "2", "-l", "INFO"], **more)
        wait_for(lambda: "ready." in self.log(name).read_text(), seconds)
        return child

    def beat(self, name: str = "beat", **more: str) -> Child:
        """A Celery beat."""
        schedule = str(self.directory / f"{name}-schedule")
        return self.start(name, [*CELERY, "beat", "--schedule", schedule, "--pidfile", "", "-l", "INFO"], **more)

    def manage(self, *arguments: str) -> tuple[int, str]:
        """Run a management command to its end; its code and all it said."""
        log = self.log(f"manage-{uuid4().hex[:8]}")
        process = nursery.begin([str(REPOSITORY / "manage.py"), *arguments], environment=self.environment, output=log)
        return process.wait(60), log.read_text()

    def kill(self, child: Child) -> None:
        """kill -9 of the process alone: its children learn of it as they would in life."""
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()


@pytest.fixture
def programs(committed: None, tmp_path: Path) -> Iterator[Programs]:
    """Programs beside this test. Rows must be committed to be seen by them, hence `committed`."""
    number = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "0"))) or 0) + 1
    environment = dict(os.environ)
    address = urlsplit(environment["DATABASE_URL"])
    database = connection.settings_dict["NAME"]
    environment["DATABASE_URL"] = address._replace(path=f"/{database}").geturl()
    environment["REDIS_URL"] = urlsplit(environment["REDIS_URL"])._replace(query=f"db={number}").geturl()
    environment["PYTHONWARNINGS"] = "ignore"
    environment["PYTHONUNBUFFERED"] = "1"
    environment["STATE_DIR"] = str(tmp_path)
    _empty_queue(environment["REDIS_URL"])
    started = Programs(environment, tmp_path)
    yield started
    for child in started.running:
        child.kill()
    _empty_queue(environment["REDIS_URL"])


def _empty_queue(url: str) -> None:
    import redis

    with redis.Redis.from_url(url) as client:
        client.flushdb()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The installation that the processes of a run share lies outside of its directory."""
    if not hasattr(config, "workerinput") and (where := shared_installation()).exists():
        from tests.faults.runner import Installation

        Installation(Path(where.read_text())).remove()


def shared_installation() -> Path:
    """The file that names its directory."""
    return Path(os.environ["STATE_DIR"]) / "installation"
