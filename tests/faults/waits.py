"""Who waited for a lock, and for how much of an upgrade's own work: a machine that is busy makes that no longer."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

UPGRADE = "upgrade"  # what its connection calls itself: PGAPPNAME
EVERY = 0.01  # seconds between two looks
TICKS = os.sysconf("SC_CLK_TCK")
_LOOK = """
    SELECT a.pid, a.application_name = %s, l.waitstart, l.relation::regclass::text
    FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted AND l.waitstart IS NOT NULL
    WHERE a.datname = current_database()
"""


@dataclass
class Wait:
    """`work`: seconds in which the upgrade used a processor, or stood in the queue itself, meanwhile."""

    table: str | None
    since: float
    work: float = 0.0


@dataclass
class Watch:
    """Looks at one database all the time, at the locks of everybody and the work of the upgrade."""

    address: str
    program: int = 0  # its process; the other half of it is the server's
    waits: dict[tuple[int, dt.datetime], Wait] = field(default_factory=dict)
    _done: float = 0.0
    _worked: dict[int, float] = field(default_factory=dict)
    _queued: float | None = None
    _problems: list[BaseException] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def longest(self) -> Wait:
        return max(self.waits.values(), key=lambda wait: wait.work, default=Wait("nothing", 0))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        eyes = threading.Thread(target=self._look)
        eyes.start()
        try:
            yield
        finally:
            self._over.set()
            eyes.join()
        for problem in self._problems:
            raise problem

    def _look(self) -> None:
        try:
            with psycopg.connect(self.address, autocommit=True) as client:
                while not self._over.wait(EVERY):
                    self._note(client.execute(_LOOK, [UPGRADE]).fetchall())
        except BaseException as problem:
            self._problems.append(problem)

    def _note(self, sessions: list[tuple[Any, ...]]) -> None:
        before = self._done
        ours = [pid for pid, is_ours, _since, _table in sessions if is_ours]
        is_queued = any(since for _pid, is_ours, since, _table in sessions if is_ours)
        self._add_work([*ours, self.program], is_queued=is_queued)
        for pid, is_ours, since, table in sessions:
            if since and not is_ours:
                wait = self.waits.setdefault((pid, since), Wait(table, before))
                wait.work = self._done - wait.since

    def _add_work(self, pids: list[int], *, is_queued: bool) -> None:
        now = time.monotonic()
        worked = {pid: processor_time(pid) for pid in pids}
        if is_queued and self._queued is not None:
            self._done += now - self._queued
        else:
            self._done += sum(max(0.0, spent - self._worked.get(pid, spent)) for pid, spent in worked.items())
        self._worked, self._queued = worked, now if is_queued else None


def processor_time(pid: int) -> float:
    """Seconds; none of what has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
