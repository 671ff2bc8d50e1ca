"""How the pages fare while something else goes wrong, or much has to be done at once."""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.arena import Arena, settle
from bench.measure import Site
from bench.pages import CREATE, PAGES

CHOSEN = ("open list, page 1", "one incident", "calls due, mine", "first page, manager")
MOST = 2.0  # times its quiet median that a page may take
PATIENCE = 300.0


@dataclass(frozen=True)
class Strain:
    """`slower` says how many times its quiet median each page took."""

    name: str
    note: str
    quiet: dict[str, float]
    slower: dict[str, float]

    @property
    def is_fine(self) -> bool:
        return all(times < MOST for times in self.slower.values())


def strain(arena: Arena, site: Site, database: str, *, rounds: int, reminders: int) -> list[Strain]:
    """With worker and beat: quiet, with a frozen broker, and while so many reminders go out."""
    arena.start_clock(database)
    settle(12)  # the first sweep, of what fell due while nobody rang
    _drained(arena, database, site)
    quiet = _medians(site, rounds, lambda: True)
    broker = arena.broker.process
    broker.send_signal(signal.SIGSTOP)
    try:
        settle(5)  # so that worker and beat notice
        frozen = _medians(site, rounds, lambda: True)
    finally:
        broker.send_signal(signal.SIGCONT)
    settle(12)
    again = _medians(site, rounds, lambda: True)
    arena.run(database, "bench.inside", "due", str(reminders))
    began = time.monotonic()
    busy = _medians(site, 10_000, lambda: _waiting(arena, database) > 0 and time.monotonic() - began < PATIENCE)
    left, took = _waiting(arena, database), time.monotonic() - began
    drained = f"{reminders - left} of {reminders} reminders went out in {took:.0f} s meanwhile"
    return [
        Strain("Valkey frozen (SIGSTOP)", "worker and beat running, the broker silent", quiet, _times(frozen, quiet)),
        Strain(f"{reminders} reminders due at once", drained, again, _times(busy, again)),
    ]


def _times(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {name: one[name] / other[name] for name in one}


def _medians(site: Site, rounds: int, goes_on: Callable[[], bool]) -> dict[str, float]:
    pages = [page for page in PAGES if page.name in CHOSEN]
    found: dict[str, list[float]] = {name: [] for name in (*CHOSEN, CREATE)}
    for _ in range(rounds):
        for page in pages:
            found[page.name].append(site.ask(page).seconds)
        found[CREATE].append(site.log_one().seconds)
        if not goes_on():
            break
    return {name: statistics.median(times) for name, times in found.items()}


def _waiting(arena: Arena, database: str) -> int:
    import psycopg

    with psycopg.connect(arena.postgres.url(database)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM incidents_reminder WHERE state IN ('pending', 'claimed') AND due_at <= now()"
        ).fetchone()
    return int(row[0]) if row else 0


def _drained(arena: Arena, database: str, site: Site) -> None:
    """Wait until nothing is due, or patience ends; the pages are asked now and then so that connections live."""
    until = time.monotonic() + PATIENCE
    while _waiting(arena, database) and time.monotonic() < until:
        settle(2)
        site.log_one()
