"""kill -9 at each point of a delivery: shown once, mailed at least once, done on the second try.

Every promise has its control: the same crash with the guard switched off breaks an invariant.
"""

from __future__ import annotations

import signal

import pytest

from incidents.actions import remind
from incidents.models import FollowUp, Outbox
from recovery.embedded.children import Child
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, call_due_now, notices_of, pool_of, reminder_of, run_sql, the_cast
from tests.programs import wait_for

LEASE = 3  # seconds, with a send timeout of one
POINTS = ("die-after-claim", "die-after-notice", "die-after-send")


def crash(arena: Arena, *rigs: str, guards: bool = True) -> FollowUp:
    """A loop dies at that point; the call it was about."""
    arena.mail_host()
    call = call_due_now(make.make_cast())
    victim = arena.loop("victim", RIG=",".join(rigs), SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("died") and not victim.is_running(), 30)
    return call


def heir(arena: Arena, rig: str = "quick-retry") -> Child:
    return arena.loop("heir", RIG=rig, SEND_TIMEOUT="1")


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_crash_point(arena: Arena, point: str) -> None:
    call = crash(arena, point)
    heir(arena)
    arena.all_is_well(LEASE + 30)
    message = Outbox.objects.get()
    assert notices_of(call) == 1
    assert arena.mail.ids()[message.pk] == (2 if point == "die-after-send" else 1)
    assert (reminder_of(call).tries, message.tries) == ((1, 2) if point == "die-after-send" else (2, 1))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "breaks"),
    [
        ("die-after-claim", "due_but_not_said"),
        ("die-after-notice", "due_but_not_said"),
        ("die-after-send", "mail_waits_in_vain"),
    ],
)
def test_control_without_takeover_it_stays_with_the_dead(arena: Arena, point: str, breaks: str) -> None:
    crash(arena, point)
    heir(arena, "no-takeover")
    wait_for(lambda: "lease_ran_out" in invariants.broken(), 30)
    later = call_due_now(the_cast())
    wait_for(lambda: notices_of(later) == 1)  # the heir is at work
    assert {breaks, "lease_ran_out"} <= set(invariants.broken())


@pytest.mark.slow
def test_control_without_unique_notice_it_is_shown_twice(arena: Arena) -> None:
    run_sql("ALTER TABLE incidents_notice DROP CONSTRAINT notice_occurrence_once")
    call = crash(arena, "die-after-notice")
    heir(arena)
    wait_for(lambda: notices_of(call) == 2, 30)
    assert "notice_twice" in invariants.broken()


@pytest.mark.slow
def test_control_finished_before_it_is_sent_the_mail_is_lost(arena: Arena) -> None:
    crash(arena, "send-after-finish")
    heir(arena)
    wait_for(invariants.quiet, 30)
    assert set(invariants.broken(mails=arena.mail.ids())) == {"sent_but_never_arrived"}


@pytest.mark.parametrize("acknowledge", ["", pytest.param("early-acknowledge", marks=pytest.mark.slow)])
def test_a_killed_pool_child_loses_nothing(arena: Arena, acknowledge: str) -> None:
    """Also when Celery forgets the task that died with it: the row is the job, not the task."""
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is said
    arena.beat()
    arena.worker(RIG=f"die-after-notice,child-only,{acknowledge}", SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("died"), 40)
    arena.all_is_well(LEASE + 30)
    assert (notices_of(call), reminder_of(call).tries) == (1, 2)


@pytest.mark.slow
def test_control_a_killed_pool_child_takes_the_row_with_it_when_nobody_takes_over(arena: Arena) -> None:
    """Celery runs the task again; without the end of a lease that finds nothing to do."""
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is said
    arena.beat()
    arena.worker(RIG="die-after-claim,child-only,no-takeover", SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("died"), 40)
    later = call_due_now(the_cast())
    wait_for(lambda: notices_of(later) == 1, 40)  # another child is at work
    wait_for(lambda: "lease_ran_out" in invariants.broken(), 30)
    assert "due_but_not_said" in invariants.broken()
    assert notices_of(call) == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_and_its_heir(arena: Arena, point: str) -> None:
    arena.mail_host()
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is said
    arena.beat()
    victim = arena.worker("victim", RIG=point, SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("died") and not victim.is_running(), 40)
    arena.worker("heir", SEND_TIMEOUT="1", RIG="quick-retry")
    arena.all_is_well(LEASE + 40)
    message = Outbox.objects.get()
    assert (notices_of(call), arena.mail.ids()[message.pk]) == (1, 2 if point == "die-after-send" else 1)
    assert (reminder_of(call).tries, message.tries) == ((1, 2) if point == "die-after-send" else (2, 1))


@pytest.mark.parametrize("fence", ["tell-finish", "no-fence"])
def test_a_worker_that_wakes_after_its_lease_finishes_nothing(arena: Arena, fence: str) -> None:
    """Stopped for longer than its lease it comes back to a row that somebody else holds; the control lets it write."""
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is held
    sleeper = arena.loop("sleeper", RIG=f"pause-before-notice,{fence}", SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("claimed"), 30)
    sleeper.process.send_signal(signal.SIGSTOP)
    wait_for(lambda: "lease_ran_out" in invariants.broken(), LEASE + 20)
    # Somebody else takes it over and is still at it when the sleeper wakes.
    now = remind.database_now()
    held = remind.claim(now)
    assert held is not None
    arena.allow("go-on")
    sleeper.process.send_signal(signal.SIGCONT)
    if fence == "no-fence":
        wait_for(lambda: reminder_of(call).state == "done", 20)
        assert not remind.finish(held), "the control: finished behind the back of its holder"
        return
    wait_for(lambda: arena.mark("refused"), 20)
    assert (reminder_of(call).state, reminder_of(call).tries) == ("claimed", 2)
    with_notice = notices_of(call)
    assert remind.finish(held)
    assert with_notice == notices_of(call) == 1
    arena.all_is_well()


def test_pool_children_are_found(arena: Arena) -> None:
    """What the chaos kills: a pool that has nobody to kill would make it tame."""
    worker = arena.worker()
    arena.ready("worker")
    assert pool_of(worker)
