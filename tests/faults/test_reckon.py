"""Deadlines worked out anew while people work: nothing they did is lost, and nothing is left by the old hours."""

from __future__ import annotations

import sys

import pytest

from incidents.models import Incident, Reminder, ReminderState
from incidents.models.hours import clock_of
from incidents.vocabulary import Clock, Severity, Stage
from tests import make
from tests.faults.arena import Arena
from tests.office import keep_office_hours, local
from tests.programs import wait_for

RIGGED = "tests.faults.rigged_reckon"
ROUNDS, UNLOCKED = 40, 12
SATURDAY = "2026-03-07T11:00"


def race(arena: Arena, *names: str, rounds: int, rig: str) -> list[str]:
    """What each hand was told, all rounds together."""
    for name in names:
        arena.programs.start(name, [sys.executable, "-m", RIGGED], NAME=name, RIG=rig, ROUNDS=str(rounds))
    files = [arena.directory / f"{name}.told" for name in names]
    wait_for(lambda: all(file.exists() and file.read_text().count("\n") == rounds - 1 for file in files), 90)
    return [answer for file in files for answer in file.read_text().split("\n")]


def apologies_while_reckoning(arena: Arena, rounds: int, rig: str = "") -> tuple[list[str], int]:
    """What they were told, and how many incidents do not show the apology everywhere."""
    cast = make.make_cast()
    customer = make.make_customer()
    now = local(cast.here, SATURDAY)
    made = [make.make_incident(cast.desk, customer=customer, now=now) for _number in range(rounds)]
    keep_office_hours(cast.here)
    told = race(arena, "clerk", "job", rounds=rounds, rig=rig)
    return told, sum(not shows_the_apology(incident.pk, incident.version) for incident in made)


def shows_the_apology(pk: int, version: int) -> bool:
    incident = Incident.objects.select_related("location").get(pk=pk)
    deadlines = {row.clock: row for row in incident.deadlines.all()}
    clock = clock_of(incident.location)
    by_new_hours = clock.calendar.due(incident.reported_at, clock.targets.of(Severity.MODERATE, Clock.OFFER))
    return (
        incident.stage == Stage.REMEDY
        and incident.version == version + 1  # the clerk's, and none of the job's
        and deadlines["apologize"].met_at is not None
        and deadlines["offer"].due_at == by_new_hours == incident.next_due_at
        and not Reminder.objects.filter(incident=pk, kind="apology_due", state=ReminderState.PENDING).exists()
    )


def test_an_apology_made_meanwhile_stays(arena: Arena) -> None:
    told, wrong = apologies_while_reckoning(arena, ROUNDS)
    assert told == ["done"] * 2 * ROUNDS
    assert wrong == 0


@pytest.mark.slow
def test_control_without_the_lock_it_is_lost(arena: Arena) -> None:
    told, wrong = apologies_while_reckoning(arena, UNLOCKED, "no-lock")
    assert wrong or "deadlock" in told


def logging_while_hours_change(arena: Arena, rounds: int, rig: str = "") -> int:
    """How many incidents go by hours that no longer count once the job is done."""
    make.make_cast()
    for number in range(rounds):
        make.make_location(f"Place {number:02}")
    assert set(race(arena, "logger", "setter", rounds=rounds, rig=rig)) == {"done"}
    wrong = 0
    for incident in Incident.objects.select_related("location"):
        clock = clock_of(incident.location)
        due = clock.calendar.due(incident.reported_at, clock.targets.of(incident.severity, Clock.APOLOGIZE))
        wrong += incident.deadlines.get(clock="apologize").due_at != due
    assert Incident.objects.count() == rounds
    return wrong


def test_what_is_logged_meanwhile_goes_by_the_new_hours(arena: Arena) -> None:
    assert logging_while_hours_change(arena, ROUNDS) == 0


@pytest.mark.slow
def test_control_without_waiting_some_go_by_the_old(arena: Arena) -> None:
    assert logging_while_hours_change(arena, ROUNDS, "at-once")
