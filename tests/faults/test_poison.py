"""Reminders that cannot be said, or that were settled while somebody held them: seen, and in nobody's way."""

from __future__ import annotations

import pytest

from incidents.actions import remind
from incidents.models import FollowUp, Reminder, Staff
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, call_due_now, notices_of, reminder_of
from tests.faults.test_crashes import LEASE
from tests.programs import wait_for


def poison(cast: make.Cast, tries: int) -> Reminder:
    """A reminder that cannot be delivered: what it speaks of is not there. It is the oldest."""
    call = call_due_now(cast)
    row = reminder_of(call)
    Reminder.objects.filter(pk=row.pk).update(subject_id=987654, tries=tries, due_at=row.due_at - make.HOUR)
    return row


def test_a_poison_row_is_dead_and_seen_and_the_others_go(arena: Arena) -> None:
    cast = make.make_cast()
    bad = poison(cast, tries=remind.MAX_TRIES - 1)
    good = call_due_now(cast)
    arena.loop(SEND_TIMEOUT="1")
    wait_for(lambda: notices_of(good) == 1, 30)
    wait_for(lambda: Reminder.objects.get(pk=bad.pk).state == "dead", LEASE + 20)
    bad.refresh_from_db()
    assert (bad.tries, bad.last_error) == (remind.MAX_TRIES, "DoesNotExist")
    wait_for(invariants.quiet)
    invariants.check()


@pytest.mark.slow
def test_control_in_one_transaction_a_poison_row_holds_up_all(arena: Arena) -> None:
    cast = make.make_cast()
    poison(cast, tries=0)
    good = call_due_now(cast)
    arena.beat()
    arena.worker(RIG="one-bad-row-stops-all", SEND_TIMEOUT="1")
    wait_for(lambda: arena.said("worker").count("DoesNotExist") > 5, 40)
    assert notices_of(good) == 0
    assert "due_but_not_said" in invariants.broken()


@pytest.mark.slow
def test_control_without_an_end_of_tries_it_is_never_seen(arena: Arena) -> None:
    bad = poison(make.make_cast(), tries=remind.MAX_TRIES)
    arena.loop(SEND_TIMEOUT="1", RIG="no-end-of-tries")
    wait_for(lambda: Reminder.objects.get(pk=bad.pk).tries > remind.MAX_TRIES, LEASE + 30)
    assert Reminder.objects.get(pk=bad.pk).state != "dead"
    assert "due_but_not_said" in invariants.broken()


def dies_over_the_last_try(arena: Arena, heir: str) -> tuple[make.Cast, FollowUp]:
    """The last of its tries crashed as all before; somebody else rings on."""
    cast = make.make_cast()
    call = call_due_now(cast)
    Reminder.objects.filter(pk=reminder_of(call).pk).update(tries=remind.MAX_TRIES - 1)
    victim = arena.loop("victim", RIG="die-after-claim", SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("died") and not victim.is_running(), 30)
    arena.loop("heir", RIG=f"tell-ring,{heir}", SEND_TIMEOUT="1")
    return cast, call


def stuck_reminders(arena: Arena, manager: Staff) -> str:
    return arena.web().visitor(manager).get("/reminders/?what=reminders&state=dead").text


def test_whose_last_try_crashed_is_dead_and_seen(arena: Arena) -> None:
    cast, call = dies_over_the_last_try(arena, "")
    wait_for(lambda: reminder_of(call).state == "dead", LEASE + 20)
    assert f"/reminders/{reminder_of(call).pk}/retry/" in stuck_reminders(arena, cast.manager)
    wait_for(invariants.quiet)
    invariants.check()


@pytest.mark.slow
def test_control_without_burial_nobody_ever_hears_of_it(arena: Arena) -> None:
    cast, call = dies_over_the_last_try(arena, "no-burial")
    wait_for(lambda: "lease_ran_out" in invariants.broken(), LEASE + 20)
    for _time in range(3):
        (arena.directory / "rang").unlink(missing_ok=True)
        wait_for(lambda: arena.mark("rang"), 20)
    assert (reminder_of(call).state, notices_of(call)) == ("claimed", 0)
    assert "due_but_not_said" in invariants.broken()
    assert f"/reminders/{reminder_of(call).pk}/retry/" not in stuck_reminders(arena, cast.manager)


def called_while_somebody_holds_it(arena: Arena, rig: str) -> FollowUp:
    """The call is made between the claim of its reminder and the notice."""
    cast = make.make_cast()
    call = call_due_now(cast)  # before anybody rings: nothing else is held
    arena.loop(RIG=f"pause-before-notice,tell-finish,{rig}", SEND_TIMEOUT="20")
    wait_for(lambda: arena.mark("claimed"), 30)
    make.call(call.incident, cast.desk, now=remind.database_now())
    arena.allow("go-on")
    wait_for(lambda: arena.mark("finished") or arena.mark("refused"), 20)
    return call


def test_what_is_done_meanwhile_is_not_said(arena: Arena) -> None:
    call = called_while_somebody_holds_it(arena, "")
    assert (reminder_of(call).state, notices_of(call)) == ("moot", 0)
    arena.all_is_well()


@pytest.mark.slow
def test_control_without_a_second_look_somebody_is_told_to_make_a_call_that_was_made(arena: Arena) -> None:
    assert notices_of(called_while_somebody_holds_it(arena, "no-second-look")) == 1
