"""Starts `run.py` as a person would, in a state directory and on a port of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
READY = "Stop it with Ctrl-C."
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "RECOVERY_ENV", "STATE_DIR", "SECRET_KEY", "BIND", "DEBUG")


def free_port() -> int:
    """A port that nobody used a moment ago."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


class Installation:
    """One state directory, one port, and at most one running `run.py`."""

    def __init__(self, state: Path, port: int | None = None) -> None:
        self.state = state
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = state.parent / f"{state.name}.output"

    @classmethod
    def fresh(cls) -> "Installation":
        """In a directory that PostgreSQL's account can reach, also when root runs the tests."""
        return cls(Path(tempfile.mkdtemp(prefix="recovery-run-")))

    def copy(self) -> "Installation":
        """Another one that begins where this one stands."""
        other = Installation.fresh()
        subprocess.run(["cp", "-a", f"{self.state}/.", str(other.state)], check=True)
        return other

    @property
    def environment(self) -> dict[str, str]:
        """A person's environment, without what pytest put into ours."""
        own = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        return own | {"STATE_DIR": str(self.state), "PORT": str(self.port)}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        command = [sys.executable, str(REPOSITORY / "run.py"), *arguments]
        return subprocess.run(
            command, env=self.environment | more, capture_output=True, text=True, timeout=60, check=False
        )

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start it without waiting for anything."""
        command = [sys.executable, str(REPOSITORY / "run.py"), *(arguments or ("--empty",))]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)
        return self.process

    def start(self, *arguments: str, seconds: float = 240) -> float:
        """Start it and wait for its last line; returns how long the first page took."""
        self.log.unlink(missing_ok=True)
        began, process, served = time.monotonic(), self.begin(*arguments), 0.0
        while READY not in self.output():
            assert process.poll() is None, self.output()
            assert time.monotonic() - began < seconds, self.output()
            if not served and self.answers():
                served = time.monotonic() - began
            time.sleep(0.05)
        return served or time.monotonic() - began

    def output(self) -> str:
        """Everything it wrote since the last start."""
        return self.log.read_text() if self.log.exists() else ""

    def answers(self, path: str = "/health/live") -> bool:
        """Whether a page comes."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send the signal and wait; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def processes(self) -> dict[int, str]:
        """Everything on the machine that works in this state directory."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid() and self._works_here(entry):
                found[int(entry.name)] = _read(entry / "cmdline").replace("\0", " ")
        return found

    def _works_here(self, entry: Path) -> bool:
        try:
            directory = str((entry / "cwd").readlink())
        except OSError:
            directory = ""
        mark = str(self.state)
        return mark in directory or mark in _read(entry / "cmdline") or mark in _read(entry / "environ")

    def pid_of(self, words: str) -> int:
        """The oldest process here whose command line holds the words."""
        return min(pid for pid, command in self.processes().items() if words in command)

    def is_quiet_within(self, seconds: float) -> bool:
        """Whether nothing of it runs any more."""
        deadline = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def remove(self) -> None:
        """End it and delete every trace."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.is_quiet_within(10)
        self.run("reset", "--yes")
        shutil.rmtree(self.state, ignore_errors=True)
        self.log.unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""
