"""The whole of Recovery on one machine: servers, web, worker, beat."""

import hashlib
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recovery.embedded import children
from recovery.embedded.children import Child
from recovery.embedded.place import REPOSITORY, Place, Trouble
from recovery.embedded.postgres import Postgres, shm_is_small
from recovery.embedded.supervisor import Supervisor, say
from recovery.embedded.valkey import Valkey

LOCALHOST = "127.0.0.1"
DEMO_LOGINS = """\
  Front desk      desk@example.com
  Manager         manager@example.com
  Administrator   admin@example.com
  Password        recovery-demo   (for all three)"""


@dataclass(frozen=True)
class Mode:
    """Whose data: the demo's, or those of a business of one's own. Each has its database, queue and files."""

    name: str
    number: int

    @property
    def database(self) -> str:
        """The database's name in our own cluster."""
        return f"recovery_{self.name}"

    @property
    def is_demo(self) -> bool:
        """Whether everybody knows the passwords."""
        return self.name == "demo"


DEMO, OWN = Mode("demo", 0), Mode("own", 1)


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @classmethod
    def from_environment(cls, mode: Mode) -> "Address":
        """PORT and BIND, else 127.0.0.1:8000. The demo stays on this machine."""
        port = os.environ.get("PORT") or "8000"
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise Trouble(f"PORT is {port!r}: write a number from 1 to 65535.")
        host = os.environ.get("BIND") or LOCALHOST
        if mode.is_demo and host != LOCALHOST:
            raise Trouble("The demo's passwords are public, so it is served on this machine only: unset BIND.")
        return cls(host, int(port))

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        return f"http://{LOCALHOST if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104

    def check_free(self) -> None:
        """Say so when somebody else listens there; gunicorn alone would try for five seconds."""
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((self.host, self.port))
            except OSError as problem:
                raise Trouble(
                    f"Port {self.port} on {self.host} cannot be used ({problem.strerror}). "
                    f"Stop what listens there, or choose another: PORT={self.port + 1} python3 run.py"
                ) from problem


class Servers:
    """PostgreSQL and Valkey of one Place, or those that DATABASE_URL and REDIS_URL name."""

    def __init__(self, place: Place) -> None:
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(place)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(place)

    def start(self, supervisor: Supervisor, mode: Mode) -> None:
        """Start those that are ours and make the mode's database."""
        if self.valkey:
            self.valkey.start(supervisor.keep_server, supervisor.check)
        if self.postgres:
            if not self.postgres.data.exists():
                say("Making the database (first start only)")
            self.postgres.start(supervisor.keep_server, supervisor.check)
            self.postgres.ensure_database(mode.database)

    def environment(self, mode: Mode) -> dict[str, str]:
        """How a program of ours finds them."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(mode.database)
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url(mode.number)
        return found


def environment(place: Place, mode: Mode, servers: Servers, site_url: str) -> dict[str, str]:
    """What every program of ours is started with. A value that the caller's environment sets wins."""
    own: dict[str, str] = {
        "RECOVERY_ENV": "local",
        "SITE_URL": site_url,
        "STATIC_ROOT": str(place.static),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "DJANGO_SETTINGS_MODULE": "recovery.settings",
    }
    if "SECRET_KEY" not in os.environ:
        own["SECRET_KEY_FILE"] = str(place.secret_key_file())
    files = place.root / mode.name
    files.mkdir(mode=0o700, exist_ok=True)
    own["BACKUP_DIR"] = str(place.root / "backups")  # outlives a reset
    fixed = {"STATE_DIR": str(files), "RECOVERY_DEMO": "1" if mode.is_demo else "0"}
    return own | dict(os.environ) | servers.environment(mode) | fixed


def _sources() -> Iterator[Path]:
    yield from (REPOSITORY / "requirements.lock", REPOSITORY / "recovery" / "settings.py")
    for folder, pattern in (("static", "*"), ("incidents", "*.py")):
        yield from sorted((REPOSITORY / folder).rglob(pattern))


def fingerprint() -> str:
    """Changes when tables, shipped rows or static files may have changed: then the next start prepares again."""
    seen = hashlib.sha256()
    for path in _sources():
        if path.is_file() and "__pycache__" not in path.parts:
            found = path.stat()
            seen.update(f"{path}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _stamp(place: Place, mode: Mode) -> Path:
    return place.root / mode.name / "prepared"


def forget_preparations(place: Place, mode: Mode) -> None:
    """Make the next start bring the tables up to date, whatever it finds."""
    _stamp(place, mode).unlink(missing_ok=True)


def prepare(supervisor: Supervisor, place: Place, mode: Mode, servers: Servers, variables: dict[str, str]) -> None:
    """Bring tables, static files and the demo's rows up to date; nothing to do on most starts."""
    stamp = _stamp(place, mode)
    now = fingerprint()
    if servers.postgres and stamp.exists() and stamp.read_text() == now:
        return
    stamp.unlink(missing_ok=True)
    supervisor.run("prepare", [sys.executable, "-m", "recovery.embedded.prepare"], variables, REPOSITORY)
    stamp.write_text(now)


def start_web(supervisor: Supervisor, address: Address, variables: dict[str, str]) -> None:
    """Start the web server."""
    web = [sys.executable, "-m", "gunicorn", "recovery.wsgi:application", "--bind", f"{address.host}:{address.port}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    web += ["--log-level", "warning", "--graceful-timeout", "4", "--timeout", "60"]
    supervisor.start("web", web, variables, REPOSITORY)


CELERY = [sys.executable, "-m", "celery", "--app", "recovery", "--quiet", "--skip-checks"]


def start_worker(supervisor: Supervisor, variables: dict[str, str]) -> None:
    """Start the worker; with threads where forked ones cannot share memory."""
    pool = "threads" if shm_is_small() else "prefork"
    worker = [*CELERY, "worker", "--pool", pool, "--concurrency", "2", "--loglevel", "INFO"]
    supervisor.start("worker", [*worker, "--without-gossip", "--without-mingle"], variables, REPOSITORY)


def start_beat(supervisor: Supervisor, schedule: Path, variables: dict[str, str]) -> None:
    """Start the clock that wakes the worker."""
    schedule.unlink(missing_ok=True)  # a ten-second interval needs no memory, and a kill can leave it broken
    beat = [*CELERY, "beat", "--schedule", str(schedule), "--loglevel", "WARNING", "--pidfile", ""]
    supervisor.start("beat", beat, variables, REPOSITORY)


def answers(address: Address) -> bool:
    """Whether the web server serves requests."""
    try:
        with urllib.request.urlopen(f"{address.url}/health/live", timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except urllib.error.HTTPError as problem:
        raise Trouble(f"The web server answers with error {problem.code}; its last words are above.") from problem
    except OSError:
        return False


def serve(place: Place, mode: Mode) -> int:
    """Run everything until asked to stop. Returns the exit code."""
    address = Address.from_environment(mode)
    with Supervisor(place.children) as supervisor:
        children.end_leftovers(place.children)
        address.check_free()
        servers = Servers(place)
        servers.start(supervisor, mode)
        variables = environment(place, mode, servers, os.environ.get("SITE_URL") or address.url)
        prepare(supervisor, place, mode, servers, variables)
        start_web(supervisor, address, variables)
        start_worker(supervisor, variables)
        if not supervisor.wait_until(lambda: answers(address), 60):
            raise Trouble(_why_not(supervisor.ended()))
        supervisor.wait_until(lambda: "worker" in supervisor.heard, 10)  # so that our last lines stay the last
        start_beat(supervisor, place.root / mode.name / "beat-schedule", variables)  # rings ten seconds from now
        say("\n" + ready_text(address, mode) + "\n")
        ended = supervisor.watch()
        say("Stopping ..." if ended is None else f"{ended.name} ended by itself (code {ended.process.returncode}).")
        return 0 if ended is None else 1


def _why_not(ended: Child | None) -> str:
    if ended is None:
        return "The web server does not answer; its last words are above."
    return f"{ended.name} ended while starting (code {ended.process.returncode}); its last words are above."


def ready_text(address: Address, mode: Mode) -> str:
    """The last lines of a start."""
    lines = [f"Recovery is ready:  {address.url}/"]
    if mode.is_demo:
        lines.append(DEMO_LOGINS)
    else:
        lines.append("  Your own business. On an empty database the first page asks for it.")
    return "\n".join([*lines, "  Stop it with Ctrl-C."])
