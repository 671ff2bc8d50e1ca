"""Two people at one pair of records, on real processes: one merge counts, and nothing hangs on what was dropped."""

from __future__ import annotations

import json
import sys

from incidents.access import Role
from incidents.actions import remind
from incidents.models import Customer, Incident, Merge
from tests import make
from tests.faults.arena import Arena

ROUNDS, UNGUARDED = 40, 15
MERGED_ALREADY = "Somebody has put one of them together with another record already."


def pairs(rounds: int) -> None:
    """So many pairs of records, an open recovery on each."""
    cast, now = make.make_cast(), remind.database_now()
    make.make_staff("Max Manager", cast.here, role=Role.MANAGER)
    for number in range(rounds):
        for name in ("Nora", "N."):
            customer = Customer.objects.create(name=f"{name} Novak {number}", created_at=now)
            make.make_incident(cast.desk, now=now, customer=customer)


def race(arena: Arena, *, rig: str = "", **work: str) -> dict[str, list[str]]:
    """What each was told, pair by pair; nothing when theirs counted."""
    for name, other in ((a, b) for a in work for b in work if a != b):
        more = {"NAME": name, "WORK": work[name], "AGAINST": other, "AGAINST_WORK": work[other], "RIG": rig}
        arena.programs.start(name, [sys.executable, "-m", "tests.faults.rigged_merges"], **more)
    for child in arena.programs.running:
        assert child.process.wait(90) == 0, "".join(arena.said(name) for name in work)
    return {
        name: [json.loads(line) for line in (arena.directory / f"said-{name}").read_text().splitlines()]
        for name in work
    }


def stranded() -> int:
    """Incidents that hang on a record nobody finds."""
    return Incident.objects.filter(customer__merged_into__isnull=False).count()


def circles() -> int:
    """Records that went into one that went into them."""
    return Customer.objects.filter(merged_into__merged_into__isnull=False).count()


def test_of_two_merges_of_one_pair_one_counts(arena: Arena) -> None:
    pairs(ROUNDS)
    told = race(arena, mona="keep-first", max="keep-second")
    for mine, theirs in zip(told["mona"], told["max"], strict=True):
        assert sorted((mine, theirs)) == ["", MERGED_ALREADY]
    assert Merge.objects.count() == ROUNDS
    assert (stranded(), circles()) == (0, 0)


def test_control_without_the_locks_both_count_and_nobody_is_left(arena: Arena) -> None:
    pairs(UNGUARDED)
    race(arena, rig="unguarded", mona="keep-first", max="keep-second")
    assert circles() > 0


def test_nothing_is_logged_for_a_record_that_was_dropped(arena: Arena) -> None:
    pairs(ROUNDS)
    told = race(arena, mona="keep-first", dora="log")
    assert told == {"mona": [""] * ROUNDS, "dora": [""] * ROUNDS}
    assert Incident.objects.count() == 3 * ROUNDS
    assert stranded() == 0


def test_control_who_does_not_ask_logs_for_a_record_nobody_finds(arena: Arena) -> None:
    pairs(UNGUARDED)
    race(arena, rig="unguarded", mona="keep-first", dora="log")
    assert stranded() > 0
