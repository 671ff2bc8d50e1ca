"""A ladder edited while its reminders are delivered: what waits goes by the new one, and nothing is said twice."""

from __future__ import annotations

import datetime as dt
import sys

import pytest

from incidents.models import FollowUp, Notice, Reminder
from tests import make
from tests.faults.arena import Arena, fall_due
from tests.programs import wait_for

RIGGED = "tests.faults.rigged_ladders"
ROUNDS = 20
NAMES = ("sweeper", "manager")


def edited_while_sweeping(arena: Arena, rig: str = "") -> tuple[set[str], list[int]]:
    """What each hand was told; and of how many calls something else than the next word of the new ladder waits."""
    cast = make.make_cast()
    for number in range(ROUNDS):
        place = make.make_location(f"Place {number:02}")
        incident = make.make_incident(cast.owner, location=place, customer=None, customer_hint="Somebody")
        make.apologize(incident, cast.owner)
        make.give(incident, cast.owner)
        fall_due(make.planned_call(incident), 86_400)  # until its round
    for name in NAMES:
        arena.programs.start(name, [sys.executable, "-m", RIGGED], NAME=name, RIG=rig, ROUNDS=str(ROUNDS))
    files = [arena.directory / f"{name}.told" for name in NAMES]
    wait_for(lambda: all(file.exists() and file.read_text().count("\n") == ROUNDS - 1 for file in files), 120)
    told = {answer for file in files for answer in file.read_text().split("\n")}
    return told, [call.pk for call in FollowUp.objects.all() if not goes_by_the_new_ladder(call)]


def goes_by_the_new_ladder(call: FollowUp) -> bool:
    waiting = Reminder.objects.filter(kind="follow_up_due", subject_id=call.pk, state="pending")
    return [row.due_at - call.due_at for row in waiting] == [dt.timedelta(hours=1)]


def test_what_waits_goes_by_the_new_ladder_and_is_said_once(arena: Arena) -> None:
    told, wrong = edited_while_sweeping(arena)
    assert told == {"done"}
    assert wrong == []
    said = Notice.objects.filter(kind="follow_up_due").values_list("subject_id", flat=True)
    assert sorted(said) == sorted(FollowUp.objects.values_list("pk", flat=True))


@pytest.mark.slow
def test_control_without_the_lock_the_old_ladder_goes_on(arena: Arena) -> None:
    _told, wrong = edited_while_sweeping(arena, "no-lock")
    assert wrong
