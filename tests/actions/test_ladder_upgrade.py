"""Reminders from before there were editable ladders: they name the number of a rung. Nobody hears that one again."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import remind
from incidents.ladder import Kind
from incidents.models import Notice, Reminder
from tests import make
from tests.actions.test_ladder_edited import MINUTE, edit, heard, rung, time_stands
from tests.make import HOUR, Cast
from tests.reminding import DUE, FIRST, settle, sweep

NUMBERS = {"-30": 0, "+0": 1, "+120": 2}
__all__ = ["time_stands"]


@pytest.fixture
def older(cast: Cast) -> None:
    """A call that was warned of and is due, as an older Recovery wrote it down."""
    settle(cast)
    sweep(FIRST)
    sweep(DUE)
    for model in (Reminder, Notice):
        for row in model._default_manager.filter(kind=Kind.FOLLOW_UP_DUE):
            target, _slash, minutes = row.occurrence.partition("/")
            row.occurrence = f"{target}/{NUMBERS[minutes.partition(':')[0]]}"
            row.save(update_fields=["occurrence"])


@pytest.mark.usefixtures("older")
def test_an_edited_ladder_says_nothing_again(cast: Cast) -> None:
    edit(cast, [rung(0), rung(60)], at=DUE + MINUTE)
    sweep(DUE + MINUTE)
    assert heard() == [("Dora", "0"), ("Dora", "1")]
    sweep(DUE + HOUR)
    assert heard()[2:] == [("Dora", "+60")]


@pytest.mark.usefixtures("older")
def test_what_was_taken_off_and_put_back_says_nothing_again(cast: Cast) -> None:
    incident = Reminder.objects.filter(kind=Kind.FOLLOW_UP_DUE).latest("pk").incident
    assert incident
    call = make.planned_call(incident)
    said: dict[str, Any] = {
        "incident": call.incident,
        "kind": Kind.FOLLOW_UP_DUE,
        "subject_id": call.pk,
        "now": DUE + MINUTE,
    }
    remind.withdraw_reminders(**said)
    remind.schedule(**said, target_at=DUE)
    sweep(DUE + MINUTE)
    assert heard() == [("Dora", "0"), ("Dora", "1")]
    sweep(DUE + 2 * HOUR)
    assert heard()[2:] == [("Dora", "+120")]


def test_a_call_that_was_moved_away_and_back_goes_by_the_new_ladder(cast: Cast) -> None:
    """The row of the other time is the newer one; it is done with."""
    call = make.planned_call(settle(cast))
    said: dict[str, Any] = {"incident": call.incident, "kind": Kind.FOLLOW_UP_DUE, "subject_id": call.pk}
    sooner = DUE - 3 * HOUR
    for target, at in ((sooner, FIRST - 5 * HOUR), (DUE, sooner)):
        type(call).objects.filter(pk=call.pk).update(due_at=target)
        remind.schedule(**said, target_at=target, now=at)
        sweep(at)
        if target == sooner:
            sweep(sooner - 30 * MINUTE)
    edit(cast, [rung(-90), rung(0)], at=sooner + MINUTE)
    waiting = Reminder.objects.filter(kind=Kind.FOLLOW_UP_DUE, state="pending")
    assert [row.due_at - DUE for row in waiting] == [-90 * MINUTE]
