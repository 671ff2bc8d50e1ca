"""Starting processes that never outlive us, and finding those that did."""

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from recovery.embedded.place import Servant

PR_SET_PDEATHSIG = 1
HAS_PROC = Path("/proc/self/stat").exists()
_libc = ctypes.CDLL(None) if HAS_PROC else None


@dataclass
class Child:
    """A process of ours, the leader of its own session and process group."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    born: str = field(default="")

    def is_running(self) -> bool:
        """Whether it has not ended yet; also collects it when it has."""
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the signal on which this program ends tidily."""
        if self.is_running():
            self.process.send_signal(self.stop_signal)

    def kill(self) -> None:
        """End it and whatever it started in its group, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What a new process does first: ask the kernel for this signal when the process that started it dies."""
    parent = os.getpid()

    def promise() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before the promise was made
            os._exit(1)

    return promise


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    output: int | IO[bytes],
    stop_signal: signal.Signals = signal.SIGTERM,
    servant: Servant | None = None,
    directory: str | Path = "/",
) -> Child:
    """Start a program in its own session. When we die, however we die, the kernel sends it `stop_signal`.

    Call it from the main thread: that promise is bound to the thread that starts the program.
    """
    process = subprocess.Popen(
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        cwd=directory,
        start_new_session=True,
        umask=0o077,
        preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509  no threads run in this process
        user=servant.uid if servant else None,
        group=servant.gid if servant else None,
        extra_groups=[] if servant else None,
    )
    return Child(name, process, stop_signal, birth(process.pid))


def birth(pid: int) -> str:
    """When the process with this number began, in the system's own words; empty when it has ended."""
    if HAS_PROC:
        try:
            state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            return ""
        return "" if state == "Z" else fields[18]
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return asked.stdout.strip()


def wait_until(is_so: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Ask again and again; False when it is still not so after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def stop(children: Sequence[Child], seconds: float = 10.0) -> None:
    """Ask all of them to stop, wait, then kill what is left with everything it started."""
    for child in children:
        child.ask_to_stop()
    wait_until(lambda: not any(child.is_running() for child in children), seconds)
    for child in children:
        child.kill()


def remember(children: Sequence[Child], path: Path) -> None:
    """Write down who runs, for the next start after we were killed."""
    told = [[child.name, child.process.pid, child.born, int(child.stop_signal)] for child in children]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told))
    fresh.rename(path)


def end_leftovers(path: Path, seconds: float = 8.0) -> int:
    """Stop what an earlier run of ours left behind; returns how many. A number that was reused is left alone."""
    try:
        told = [(int(pid), str(born), int(number)) for _, pid, born, number in json.loads(path.read_text())]
    except (OSError, ValueError):
        return 0
    alive = [(pid, born, number) for pid, born, number in told if born and birth(pid) == born]
    for pid, _, number in alive:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    wait_until(lambda: not any(birth(pid) == born for pid, born, _ in alive), seconds)
    for pid, born, _ in alive:
        if birth(pid) == born:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
    path.unlink(missing_ok=True)
    return len(alive)
