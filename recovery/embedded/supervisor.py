"""Runs several programs as one: their output side by side, one stop for all, none left behind."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from recovery.embedded import children
from recovery.embedded.children import Child
from recovery.embedded.place import Trouble

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 6.0  # seconds the programs get to end by themselves


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


def say(line: str) -> None:
    """Print a line; a terminal that was closed meanwhile is no reason to fail."""
    try:
        print(line, flush=True)
    except (OSError, ValueError):
        silence = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError, ValueError):
            os.dup2(silence, 1)
            os.dup2(silence, 2)


class Supervisor:
    """Use it as a context: leaving it, by whatever way, ends every program in the reverse order of their start.

    Everything happens in the main thread, as the promise behind `children.spawn` demands.
    """

    def __init__(self, memory: Path) -> None:
        self.memory = memory
        self.servers: list[Child] = []  # stopped last: the programs need them to end tidily
        self.programs: list[Child] = []
        self.asked_to_stop = 0
        self.last_signal = 0
        self.heard: set[str] = set()  # the names of those that wrote something
        self._selector = selectors.DefaultSelector()
        self._unfinished: dict[int, bytes] = {}
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Supervisor":
        for number in SIGNALS:
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1
        self.last_signal = number

    def check(self) -> None:
        """Raise Stopped when we were asked to."""
        if self.asked_to_stop:
            raise Stopped

    def keep_server(self, child: Child) -> None:
        """Take charge of a server process; one that ended before, such as initdb, is done with."""
        self.servers = [server for server in self.servers if server.is_running()]
        self.servers.append(child)
        self._remember()

    def _remember(self) -> None:
        alive = [child for child in [*self.servers, *self.programs] if child.is_running()]
        children.remember(alive, self.memory)

    def start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], directory: Path) -> Child:
        """Start a program whose output appears here, each line after its name."""
        read, write = os.pipe()
        child = children.spawn(name, command, environment=environment, output=write, directory=directory)
        os.close(write)
        os.set_blocking(read, False)
        self._selector.register(read, selectors.EVENT_READ, name)
        self.programs.append(child)
        self._remember()
        return child

    def run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], directory: Path) -> None:
        """Run a program to its end; Trouble when it fails, Stopped when we are asked to stop meanwhile."""
        child = self.start(name, command, environment, directory)
        while child.is_running():
            self.check()
            self.show_output(0.05)
        self.show_output(0)
        self.programs.remove(child)
        if child.process.returncode:
            raise Trouble(f"{name} failed; its last words are above.")

    def wait_until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Show output until it is so; False when time is up or a program ended."""
        deadline = time.monotonic() + seconds
        while not is_so():
            self.check()
            if time.monotonic() > deadline or self.ended() is not None:
                return False
            self.show_output(0.05)
        return True

    def ended(self) -> Child | None:
        """A program or server that ended although nobody asked it to."""
        return next((child for child in [*self.servers, *self.programs] if not child.is_running()), None)

    def watch(self) -> Child | None:
        """Show output until we are asked to stop (None) or something ends by itself (that one)."""
        while not self.asked_to_stop:
            self.show_output(0.2)
            if not self.asked_to_stop and (child := self.ended()):
                self.show_output(0)
                return child
        return None

    def show_output(self, seconds: float) -> None:
        """Pass on what the programs wrote, waiting at most so long for it."""
        for key, _ in self._selector.select(seconds):
            self._pass_on(key.fd, key.data)

    def _pass_on(self, pipe: int, name: str) -> None:
        try:
            content = os.read(pipe, 65536)
        except BlockingIOError:
            return
        lines = (self._unfinished.pop(pipe, b"") + content).split(b"\n")
        rest = lines.pop()
        if content:
            self._unfinished[pipe] = rest
        else:
            lines += [rest] if rest else []
            self._selector.unregister(pipe)
            os.close(pipe)
        if lines:
            self.heard.add(name)
        for line in lines:
            say(f"{name:8}| {line.decode(errors='replace')}")

    def stop_all(self) -> None:
        """End the programs, then the servers. A second signal cuts the waiting short."""
        began_with = self.asked_to_stop
        for group in (self.programs, self.servers):
            for child in group:
                child.ask_to_stop()
            deadline = time.monotonic() + PATIENCE
            while any(child.is_running() for child in group) and time.monotonic() < deadline:
                if self.asked_to_stop > max(1, began_with):
                    break
                self._show_quietly()
            for child in group:
                child.kill()
        self._show_quietly()
        self.memory.unlink(missing_ok=True)

    def _show_quietly(self) -> None:
        if self._selector.get_map():
            self.show_output(0.03)
        else:
            time.sleep(0.03)
