"""Python programs that start in a tenth of the time: each is forked from one process that has read the app's code.

Reading Django, Celery and the app takes a second of a processor; tests on real processes start hundreds of programs.
What is born here is a process as any other: session, environment, settings, directory and output of its own, and a
child of the test run. Its settings are read anew from its own environment, and nobody is connected to anything before.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

from recovery.embedded.children import PR_SET_PDEATHSIG, spawn

REPOSITORY = Path(__file__).resolve().parents[1]
PR_SET_CHILD_SUBREAPER = 36
BENT_BEFORE_ANYTHING = "an-hour"  # rigs.CLOCKS: whoever reads a clock must find it bent already
MODULES = (
    "billiard.popen_fork",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "django.core.management.commands.check",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "incidents.actions",
    "incidents.tasks",
    "kombu.transport.redis",
)
ADDRESSES = "incidents.urls"  # and with them every view and form


class Born:
    """A process that another one forked for us; what `subprocess.Popen` offers of it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._collect(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int:
        """Errors: subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while deadline is not None and self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        code = self._collect(0)
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _collect(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def begin(
    words: Sequence[str], *, environment: Mapping[str, str], output: Path, directory: Path = REPOSITORY
) -> subprocess.Popen[bytes]:
    """Start `python words`, `-m module …` or `file …`; its output goes to the end of a file, which is there at once."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.open("ab").close()
    if sys.platform == "linux" and BENT_BEFORE_ANYTHING not in environment.get("RIG", ""):
        process = _born(words, environment=environment, output=output, directory=directory)
        return cast("subprocess.Popen[bytes]", process)
    with output.open("ab") as file:
        command = [sys.executable, *words]
        return spawn(words[-1], command, environment=environment, output=file, directory=directory).process


def _born(words: Sequence[str], *, environment: Mapping[str, str], output: Path, directory: Path) -> Born:
    asked = {"words": list(words), "environment": dict(environment), "output": str(output), "directory": str(directory)}
    line = _mother()
    line.sendall(json.dumps(asked).encode() + b"\n")
    answer = line.recv(32)
    assert answer, "the process that starts programs has ended"
    return Born(int(answer))


@cache
def _mother() -> socket.socket:
    """One for each process that tests; it ends with us."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # what it leaves an orphan becomes a child of ours
    ours, hers = socket.socketpair()
    command = [sys.executable, "-m", "tests.nursery", str(hers.fileno())]
    mother = subprocess.Popen(command, cwd=REPOSITORY, pass_fds=[hers.fileno()], start_new_session=True)
    hers.close()

    def end() -> None:
        ours.close()
        mother.wait(10)

    atexit.register(end)
    return ours


# In the process itself ------------------------------------------------------------------------------------------------


def serve(line: socket.socket) -> dict[str, Any] | None:
    """Fork for everybody who asks. Returns in each new program, with what it shall be, or None at the end."""
    with line, line.makefile("rb") as wishes:
        for wish in wishes:
            assert threading.active_count() == 1, "a fork would lose the other threads"
            told, tell = os.pipe()
            between = os.fork()
            if between == 0:
                parent = os.getpid()
                if os.fork():
                    os._exit(0)
                os.setsid()
                _wait_for_other_parent(parent)
                os.write(tell, str(os.getpid()).encode())
                for end in (told, tell):
                    os.close(end)
                return dict(json.loads(wish))
            os.waitpid(between, 0)  # from now on the program is a child of whoever asked
            line.sendall(os.read(told, 32))
            for end in (told, tell):
                os.close(end)
    return None


def _wait_for_other_parent(first: int) -> None:
    while os.getppid() == first:
        time.sleep(0.001)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def become(wish: dict[str, Any]) -> None:
    """All that makes a process one of its own, before it runs."""
    os.umask(0o077)
    os.chdir(wish["directory"])
    with Path(wish["output"]).open("ab") as output, Path(os.devnull).open("rb") as nothing:
        for mine, theirs in ((0, nothing), (1, output), (2, output)):
            os.dup2(theirs.fileno(), mine)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(wish["environment"])
    if "PYTHONWARNINGS" in os.environ:
        warnings.simplefilter(os.environ["PYTHONWARNINGS"])  # type: ignore[arg-type]
    forget_settings()


def forget_settings() -> None:
    """They are read again, from the environment that is there now, by whoever asks next."""
    from django.conf import settings
    from django.core.cache import caches
    from django.core.files.storage import storages
    from django.db import connections
    from django.utils.functional import empty

    settings._wrapped = empty
    for name in [name for name in sys.modules if name.split(".")[0] == "recovery"]:
        del sys.modules[name]
    for handler in (connections, caches):
        handler.__init__()  # type: ignore[misc]
        handler.__dict__.pop("settings", None)
    storages.__init__()  # type: ignore[misc]
    storages.__dict__.pop("backends", None)


def load() -> None:
    """The app with all it needs; neither the worker's own module, which reads addresses, nor a connection."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
    django.setup()
    for name in (*MODULES, ADDRESSES):
        __import__(name)


def main() -> None:
    load()
    gc.collect()
    gc.freeze()  # what is shared stays shared
    wish = serve(socket.socket(fileno=int(sys.argv[1])))
    if wish is None:
        return
    become(wish)
    first, *more = wish["words"]
    if first == "-m":
        sys.argv, sys.path[0] = more, wish["directory"]
        runpy.run_module(more[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = [first, *more], str(Path(first).parent)
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
