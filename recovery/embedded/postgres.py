"""A PostgreSQL of our own: on a private socket, no port, data in the state directory."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from recovery.embedded.binaries import find_postgres
from recovery.embedded.children import Child, spawn
from recovery.embedded.place import Place, Trouble

if TYPE_CHECKING:
    import psycopg

SMALL_SHM = 128 * 1024 * 1024
WORTH_A_RETRY = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
# Nothing has to outlive the run, nobody copies the log, and no table lives long enough to be swept.
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def shm_is_small() -> bool:
    """Whether /dev/shm is missing or as small as a container's default: shared memory must live in files then."""
    if sys.platform != "linux":
        return False
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108  only asked for its size
    except OSError:
        return True
    return found.f_blocks * found.f_frsize < SMALL_SHM


class Postgres:
    """The server of one Place. `start()` makes the data directory when there is none."""

    def __init__(self, place: Place, *, settings: dict[str, str] | None = None) -> None:
        self.place = place
        self.programs = find_postgres(place)
        self.data = place.postgres / f"data-{self.programs.major}"
        self.sockets = place.socket_directory(place.postgres)
        self.log = place.logs / "postgres.log"
        self.settings = self._defaults() | (settings or {})
        self.environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def _defaults(self) -> dict[str, str]:
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": "32MB",
            "max_connections": "60",
            "max_locks_per_transaction": "256",  # a restore replaces everything in one transaction
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.programs.major >= 18:
            chosen["io_method"] = "sync"
        if shm_is_small():
            chosen |= {"dynamic_shared_memory_type": "mmap", "max_parallel_workers_per_gather": "0"}
        return chosen

    def url(self, database: str) -> str:
        """DATABASE_URL for one of its databases."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='/')}"

    def start(self, keep: Callable[[Child], None], check: Callable[[], None], seconds: float = 30.0) -> None:
        """Start it and return once it answers. `keep` gets each process, `check` may raise to break off."""
        self.place.make_socket_directory(self.sockets, for_servant=True)
        if not self.data.exists():
            self._make_data(keep, check)
        self._end_stale_server()
        deadline = time.monotonic() + seconds
        while True:
            child = self._spawn()
            keep(child)
            while child.is_running() and not self.is_answering():
                check()
                if time.monotonic() > deadline:
                    raise Trouble(f"PostgreSQL does not answer after {seconds:.0f} s. Its log: {self.log}")
                time.sleep(0.02)
            if child.is_running():
                return
            said = self._last_words()
            if time.monotonic() > deadline or not any(words in said for words in WORTH_A_RETRY):
                raise Trouble(f"PostgreSQL did not start. The end of {self.log}:\n{said}")
            time.sleep(0.3)

    def ensure_database(self, name: str) -> bool:
        """Create the database when it is missing; True when it was."""
        with self._connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(f'CREATE DATABASE "{name}"')
            return True

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        import psycopg  # slow to import, so only while the server boots

        return psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=2)

    def is_answering(self) -> bool:
        """Whether it accepts connections."""
        import psycopg

        if not any(self.sockets.glob(".s.PGSQL.*")):
            return False
        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def _spawn(self) -> Child:
        command: list[str | Path] = [self.programs.directory / "postgres", "-D", self.data]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with self.place.open_log(self.log) as log:
            # SIGINT is PostgreSQL's fast shutdown; on SIGTERM it would wait for every connection to close.
            return spawn(
                "postgres",
                command,
                environment=self.environment,
                output=log,
                stop_signal=signal.SIGINT,
                servant=self.place.servant,
            )

    def _make_data(self, keep: Callable[[Child], None], check: Callable[[], None]) -> None:
        """initdb beside the final name, so that a half-made directory is never taken for a whole one."""
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        command: list[str | Path] = [self.programs.directory / "initdb", "-D", fresh, "-U", "postgres"]
        command += ["--auth=trust", "--no-instructions", "-E", "UTF8", "--no-locale"]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        if self.programs.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if shm_is_small() and self.programs.major >= 16:
            command += ["-c", "dynamic_shared_memory_type=mmap"]
        with self.place.open_log(self.log) as log:
            child = spawn("initdb", command, environment=self.environment, output=log, servant=self.place.servant)
        keep(child)
        while child.is_running():
            check()
            time.sleep(0.02)
        if child.process.returncode:
            raise Trouble(f"PostgreSQL could not make its data directory:\n{self._last_words()}")
        fresh.rename(self.data)

    def _end_stale_server(self) -> None:
        """Deal with the pid file that a killed server left: stop it if it lives, drop the file if it does not."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
            running = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return  # no file, or nobody has that number: PostgreSQL copes by itself
        if os.fsencode(self.data) in running:
            command: list[str | Path] = [
                self.programs.directory / "pg_ctl",
                "stop",
                "-D",
                self.data,
                "-m",
                "fast",
                "-w",
                "-t",
                "20",
            ]
            servant = self.place.servant
            subprocess.run(
                command,
                capture_output=True,
                cwd="/",
                env=self.environment,
                user=servant.uid if servant else None,
                group=servant.gid if servant else None,
                extra_groups=[] if servant else None,
            )
        else:
            with suppress(FileNotFoundError):
                pid_file.unlink()

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return ""
