"""Gives every test run servers of its own, before Django reads its settings.

Loaded with `-p` from pyproject.toml. The run's servers live in a private temporary directory and end with it;
several runs may go on at once, also beside a live demo. DATABASE_URL and REDIS_URL are obeyed when set.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from recovery.embedded.children import Child, stop
from recovery.embedded.place import Place
from recovery.embedded.postgres import FOR_TESTS, Postgres
from recovery.embedded.valkey import Valkey

PREFIX = f"recovery-tests-{os.geteuid()}-"
JUST_BORN = 60  # seconds in which another run's new directory may not be marked yet


class Servers:
    """What one test run started; nothing when the environment names servers already."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.place: Place | None = None
        self._lock: int | None = None

    def start(self) -> None:
        """Start what is missing and name it in the environment, which xdist's workers inherit."""
        os.environ["RECOVERY_ENV"] = "test"
        os.environ.pop("RECOVERY_DEMO", None)
        remove_abandoned()
        root = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = hold(root)
        self.place = Place(root)
        self.place.prepare()
        os.environ["STATE_DIR"] = str(root)
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(self.place, settings=FOR_TESTS)
            postgres.start(self.children.append, _go_on)
            postgres.ensure_database("recovery")
            os.environ["DATABASE_URL"] = postgres.url("recovery")
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(self.place, settings={"appendonly": "no", "databases": "64"})
            valkey.start(self.children.append, _go_on)
            os.environ["REDIS_URL"] = valkey.url()

    def stop(self) -> None:
        """End them and remove every trace. May be called again."""
        stop([child for child in self.children if child.is_running()])
        if self.place is not None:
            self.place.wipe()
            shutil.rmtree(self.place.root, ignore_errors=True)
            self.place = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _go_on() -> None:
    """Ctrl-C arrives as KeyboardInterrupt here: there is nothing to ask in between."""


def hold(root: Path) -> int:
    """Mark the directory as in use for as long as this process lives."""
    descriptor = os.open(root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def remove_abandoned() -> None:
    """Remove directories of test runs that were killed."""
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = root.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > JUST_BORN:
                descriptor = hold(root)
                Place(root).wipe()
                shutil.rmtree(root, ignore_errors=True)
                os.close(descriptor)


_servers = Servers()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """A wrapper runs before every plain hook, so before pytest-django loads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        try:
            _servers.start()
        except BaseException:
            _servers.stop()
            raise
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """The last thing a run does."""
    _servers.stop()
