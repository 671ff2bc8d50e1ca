"""Two people at one question about money, on real processes: one wins, the other hears who and when."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from uuid import uuid4

import pytest

from incidents.actions import remind
from incidents.models import ApprovalRequest, Event, Limit, Remedy
from tests import make
from tests.faults.arena import Arena

ROUNDS, UNGUARDED = 50, 12
FASTER = re.compile(
    r"^(Mona Manager|Olga Owner|Dora Desk) (said yes|said no|took the question back), \w+ \d+ \w+, \d\d:\d\d\.$"
)


def questions(rounds: int = ROUNDS) -> list[int]:
    """So many gifts of eighty where fifty may be given, each waiting for a yes. Rows at once: forms take longer."""
    cast, now = make.make_cast(), remind.database_now()
    Limit.objects.create(role="front_desk", amount=50)
    incident = make.make_incident(cast.desk, now=now)
    own = {"incident": incident, "proposed_by": cast.desk, "currency": "USD"}
    gifts = Remedy.objects.bulk_create(
        Remedy(
            round=incident.rounds.get(),
            type=make.remedy_type("gift_card"),
            state="proposed",
            estimated_amount=Decimal(80),
            assignee=cast.desk,
            created_by=cast.desk,
            created_at=now,
            submit_key=uuid4(),
            **own,
        )
        for _number in range(rounds)
    )
    asked = ApprovalRequest.objects.bulk_create(
        ApprovalRequest(remedy=gift, amount=80, total=80 * rounds, limit=50, proposed_at=now, **own) for gift in gifts
    )
    return [request.pk for request in asked]


def race(arena: Arena, *racers: tuple[str, str], rig: str = "") -> list[dict[str, str]]:
    """What each of the two was told, question by question; nothing when they won."""
    words = [f"{name}={act}" for name, act in racers]
    program = arena.programs.start("race", [sys.executable, "-m", "tests.faults.rigged_money", *words], RIG=rig)
    assert program.process.wait(120) == 0, arena.said("race")
    said = {}
    for name, _act in racers:
        lines = (arena.directory / f"said-{name}").read_text().splitlines()
        said[name] = dict(json.loads(line) for line in lines)
    first, second = said.values()
    assert list(first) == list(second)
    return [{name: words[pk] for name, words in said.items()} for pk in first]


def both_won(told: list[dict[str, str]]) -> int:
    return sum(not any(words.values()) for words in told)


RACES = {
    "approve/approve": (("mona", "approve"), ("olga", "approve")),
    "approve/reject": (("mona", "approve"), ("olga", "reject")),
    "approve/change": (("mona", "approve"), ("dora", "change")),
}


@pytest.mark.parametrize("name", RACES)
def test_one_wins_and_the_other_hears_who_and_when(arena: Arena, name: str) -> None:
    asked = questions()
    told = race(arena, *RACES[name])
    assert len(told) == ROUNDS
    for pk, words in zip(asked, told, strict=True):
        (lost,) = [said for said in words.values() if said]
        assert FASTER.match(lost), lost
        request = ApprovalRequest.objects.select_related("remedy", "decided_by").get(pk=pk)
        (winner,) = [who for who, said in words.items() if not said]
        events = Event.objects.filter(subject_id=pk, kind__in=["approval_decided", "approval_voided"])
        assert [event.by.email.partition("@")[0] for event in events if event.by] == [winner]
        if dict(RACES[name])[winner] == "change":
            assert (request.verdict, request.allows, request.remedy.state) == ("", False, "proposed")
            assert request.remedy.approvals.waiting().get().amount == request.remedy.amount == 90
        else:
            assert request.decided_by is not None
            assert request.decided_by.email.startswith(winner)
            is_out = request.verdict == "approved"
            assert request.remedy.state == ("offered" if is_out else "proposed")
            assert request.remedy.amount == 80


@pytest.mark.parametrize(
    "name",
    ["approve/approve", *(pytest.param(name, marks=pytest.mark.slow) for name in RACES if name != "approve/approve")],
)
def test_control_without_lock_and_conditional_update_both_win(arena: Arena, name: str) -> None:
    asked = questions(UNGUARDED)
    told = race(arena, *RACES[name], rig="unguarded")
    assert both_won(told)
    decided = Event.objects.filter(kind__in=["approval_decided", "approval_voided"], subject_id__in=asked)
    assert decided.count() > UNGUARDED  # more answers than questions
