"""Two people at one call, on real processes: one outcome counts, the other hears that it was made."""

from __future__ import annotations

import json
import sys

from incidents.actions import remind
from incidents.models import Attempt, FollowUp, Incident
from tests import make
from tests.faults.arena import Arena

ROUNDS, UNGUARDED = 50, 12
HEARD = {"dora": "satisfied", "cole": "unhappy"}


def calls_to_make(rounds: int = ROUNDS) -> list[int]:
    """So many recoveries, each of which waits for its one call."""
    cast, now = make.make_cast(), remind.database_now()
    customer = make.make_customer()
    for _number in range(rounds):
        incident = make.make_incident(cast.desk, now=now, customer=customer)
        make.apologize(incident, cast.desk, now=now)
        make.give(incident, cast.desk, now=now)
    return list(FollowUp.objects.planned().order_by("id").values_list("pk", flat=True))


def race(arena: Arena, rig: str = "") -> list[dict[str, str]]:
    """What each of the two was told, call by call; nothing when theirs counted."""
    words = [f"{name}={outcome}" for name, outcome in HEARD.items()]
    program = arena.programs.start("race", [sys.executable, "-m", "tests.faults.rigged_calls", *words], RIG=rig)
    assert program.process.wait(60) == 0, arena.said("race")
    lines = {name: (arena.directory / f"said-{name}").read_text().splitlines() for name in HEARD}
    said = {name: dict(json.loads(line) for line in told) for name, told in lines.items()}
    assert list(said["dora"]) == list(said["cole"])
    return [{name: words[pk] for name, words in said.items()} for pk in said["dora"]]


def test_of_two_outcomes_for_one_call_one_counts(arena: Arena) -> None:
    calls = calls_to_make()
    told = race(arena)
    assert len(calls) == len(told) == ROUNDS
    for pk, words in zip(calls, told, strict=True):
        (winner,) = [name for name, said in words.items() if not said]
        (lost,) = [said for said in words.values() if said]
        assert lost == "Someone has already made this call."
        attempt = Attempt.objects.select_related("follow_up__incident").get(follow_up=pk)
        assert attempt.outcome == attempt.follow_up.outcome == HEARD[winner]
        incident = attempt.follow_up.incident
        is_happy = winner == "dora"
        assert (incident.is_open, incident.round_number) == ((False, 1) if is_happy else (True, 2))
        assert (incident.closures.count(), incident.rounds.count()) == ((1, 1) if is_happy else (0, 2))
        assert incident.events.filter(kind="follow_up_attempted").count() == 1


def test_control_without_the_lock_both_count(arena: Arena) -> None:
    calls = calls_to_make(UNGUARDED)
    told = race(arena, rig="unguarded")
    assert any(not any(words.values()) for words in told)
    assert Attempt.objects.filter(follow_up__in=calls).count() > UNGUARDED
    assert Incident.objects.filter(closures__isnull=False, rounds__number=2).exists()  # recovered and unhappy at once
