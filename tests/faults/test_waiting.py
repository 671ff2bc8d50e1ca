"""Somebody waits for the customer while somebody else delivers, on real processes: whoever is first, it adds up."""

from __future__ import annotations

import sys

from django.db import transaction

from incidents.actions import clocks, remind
from incidents.models import Incident
from incidents.models.hours import pauses_of
from tests import make
from tests.faults.arena import Arena

ROUNDS, UNGUARDED = 40, 8


def offered(rounds: int) -> None:
    """So many recoveries, each with one thing on its way."""
    cast, now = make.make_cast(), remind.database_now()
    customer = make.make_customer()
    for _number in range(rounds):
        incident = make.make_incident(cast.desk, now=now, customer=customer)
        make.apologize(incident, cast.desk, now=now)
        make.give(incident, cast.desk, now=now, is_delivered=False)


def race(arena: Arena, rig: str = "") -> list[str]:
    """What went wrong, in either process."""
    program = arena.programs.start("race", [sys.executable, "-m", "tests.faults.rigged_waiting"], RIG=rig)
    assert program.process.wait(60) == 0, arena.said("race")
    return [line for name in ("dora", "cole") for line in (arena.directory / f"said-{name}").read_text().splitlines()]


def is_whole(incident: Incident) -> bool:
    """What is stored is what its rows and its events make of it, and both acts are there."""
    deadlines = incident.deadlines.filter(round__number=1)
    stored = dict(deadlines.values_list("clock", "due_at"))
    with transaction.atomic():
        times = clocks.refresh(incident, incident.current_round())
        reckoned = dict(deadlines.values_list("clock", "due_at"))
        transaction.set_rollback(True)
    kinds = set(incident.events.values_list("kind", flat=True))
    waits = [(pause.began, pause.ended) for pause in pauses_of(incident)]
    return (
        stored == reckoned
        and times.next_due_at == incident.next_due_at == incident.waiting_until
        and waits == [(incident.waiting_since, incident.waiting_until)]
        and {"waiting_began", "remedy_delivered"} <= kinds
        and incident.stage == "follow_up"
    )


def all_of_them() -> list[Incident]:
    return list(Incident.objects.select_related("location", "customer", "category", "assignee").order_by("pk"))


def test_whoever_is_first_it_adds_up(arena: Arena) -> None:
    offered(ROUNDS)
    assert set(race(arena)) == {""}
    assert [incident.reference for incident in all_of_them() if not is_whole(incident)] == []


def test_control_without_the_lock_it_does_not(arena: Arena) -> None:
    offered(UNGUARDED)
    told = race(arena, rig="unguarded")
    assert any(told) or not all(map(is_whole, all_of_them()))
