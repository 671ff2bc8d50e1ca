"""The state directory: what lies where, who may read it, and who is using it."""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_DIRECTORY = 80  # the kernel allows 107 bytes, the file's name included
LONGEST_LOG = 1_000_000
ROOTS_HOME = Path("/var/lib/recovery")


class Trouble(Exception):
    """A problem that one sentence explains to whoever started us."""


@dataclass(frozen=True)
class Servant:
    """The account PostgreSQL runs under when root starts us: it refuses to run as root."""

    uid: int
    gid: int


def find_servant() -> Servant | None:
    """`nobody` when we are root, else None."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Servant(entry.pw_uid, entry.pw_gid)


def others_can_reach(path: Path) -> bool:
    """Whether an account that owns nothing here may pass through every directory down to and including `path`."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in [path, *path.parents])


class Place:
    """One state directory. Making the object makes nothing on disk; `prepare()` does."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.servant = find_servant()
        self.logs = self.root / "logs"
        self.static = self.root / "static"
        self.valkey = self.root / "valkey"
        self.children = self.root / "children.json"
        self._lock = self.root / "lock"
        self._users = self.root / "users.lock"
        self._held: int | None = None

    @classmethod
    def from_environment(cls) -> "Place":
        """The directory that STATE_DIR names, else `.var` in the repository."""
        return cls(Path(os.environ.get("STATE_DIR") or REPOSITORY / ".var"))

    @property
    def digest(self) -> str:
        """A short name for this directory, for the places outside it."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @property
    def postgres(self) -> Path:
        """Where PostgreSQL keeps its data: inside, unless root's servant cannot come here, or once could not."""
        inside, outside = self.root / "postgres", ROOTS_HOME / self.digest
        if self.servant is None:
            return inside
        return outside if outside.exists() or not others_can_reach(self.root.parent) else inside

    def prepare(self) -> None:
        """Make the directories, closed to other accounts."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._refuse_data_of_others()
            self._make_directories()
        except OSError as problem:
            raise Trouble(
                f"{problem.filename} cannot be used ({problem.strerror}). Set STATE_DIR to another."
            ) from problem

    def _refuse_data_of_others(self) -> None:
        """Starting anew beside data that are there would look as if they were lost."""
        inside = self.root / "postgres"
        if self.postgres != inside and any(inside.glob("data-*")):
            raise Trouble(f"The database lies in {inside}, but the account PostgreSQL runs under cannot enter there.")
        owner = self.servant.uid if self.servant else os.geteuid()
        if self.postgres.exists() and self.postgres.stat().st_uid != owner and any(self.postgres.iterdir()):
            raise Trouble(f"{self.postgres} was made under another account. Start it from there, or set STATE_DIR.")

    def _make_directories(self) -> None:
        self.root.chmod(0o711 if self.servant else 0o700)
        for inner in (self.logs, self.static, self.valkey):
            inner.mkdir(mode=0o700, exist_ok=True)
        if self.postgres.is_relative_to(ROOTS_HOME):
            ROOTS_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.give_to_servant(self.postgres)

    def give_to_servant(self, directory: Path) -> None:
        """Make `directory`, 0700, owned by the account PostgreSQL runs under."""
        directory.mkdir(mode=0o700, exist_ok=True)
        if self.servant:
            os.chown(directory, self.servant.uid, self.servant.gid)
        directory.chmod(0o700)

    def socket_directory(self, parent: Path) -> Path:
        """`parent`/run, or a short private directory elsewhere when that path is too long for a socket."""
        wanted = parent / "run"
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIRECTORY:
            return wanted
        name = f"recovery-{os.geteuid()}-{self.digest}-{parent.name[:8]}"
        short = Path(tempfile.gettempdir()) / name
        if len(os.fsencode(short)) > LONGEST_SOCKET_DIRECTORY:
            short = Path("/tmp") / name  # noqa: S108  made private and checked for its owner before use
        return short

    def make_socket_directory(self, directory: Path, *, for_servant: bool) -> None:
        """Make it private, and refuse one that somebody else put there."""
        directory.mkdir(mode=0o700, exist_ok=True)
        allowed = {os.geteuid()} | ({self.servant.uid} if self.servant else set())
        if directory.is_symlink() or directory.stat().st_uid not in allowed:
            raise Trouble(f"{directory} belongs to somebody else. Remove it, or set STATE_DIR to a shorter path.")
        if for_servant:
            self.give_to_servant(directory)
        directory.chmod(0o700)

    # One user at a time -------------------------------------------------------------------------------------------

    def take(self, what: str, address: str = "") -> dict[str, Any] | None:
        """Become the one who runs the servers here; None on success, else what the present holder wrote."""
        held = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read_json(os.pread(held, 4096, 0))
            os.close(held)
            return {"pid": 0, "what": "", "address": "", **holder}
        os.ftruncate(held, 0)
        os.pwrite(held, json.dumps({"pid": os.getpid(), "what": what, "address": address}).encode(), 0)
        self._held = held
        return None

    def release(self) -> None:
        """Let the next one take it. The kernel does the same when we are killed."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def share(self) -> None:
        """Note that this process, and what it turns into by exec, uses servers that another one runs."""
        shared = os.open(self._users, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(shared, fcntl.LOCK_SH)
        os.set_inheritable(shared, True)

    def is_shared(self) -> bool:
        """Whether somebody who called share() still lives."""
        asked = os.open(self._users, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(asked)
        return False

    def secret_key_file(self) -> Path:
        """A file with this installation's own secret key, made once."""
        path = self.root / "secret_key"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50))
            fresh.rename(path)
        return path

    def open_log(self, path: Path) -> IO[bytes]:
        """The log, to be written on; what grew beyond a megabyte is put aside once."""
        with suppress(FileNotFoundError):
            if path.stat().st_size > LONGEST_LOG:
                path.rename(path.with_suffix(".log.old"))
        return path.open("ab")

    def wipe(self) -> list[Path]:
        """Delete what we made, here and outside; returns the paths. Nothing that is not ours is touched."""
        sockets = [self.socket_directory(parent) for parent in (self.postgres, self.valkey)]
        ours = [self.postgres, self.valkey, self.logs, self.static, self.children, *sockets]
        ours += [self.root / name for name in ("demo", "own", "secret_key", "users.lock", "lock")]
        gone = [path for path in ours if path.exists()]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if self.root.is_dir() and not any(self.root.iterdir()):
            self.root.rmdir()
        return gone


def _read_json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
