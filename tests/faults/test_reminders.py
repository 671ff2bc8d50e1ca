"""A call that falls due reaches its inbox once: real worker, beat, Valkey and PostgreSQL, killed as life kills them."""

from __future__ import annotations

import datetime as dt
import signal
import sys

import pytest

from incidents.actions import remind
from incidents.models import FollowUp, Heartbeat, Notice, Reminder
from tests import make
from tests.faults.arena import Arena, call_due_now, notices_of, reminder_of, run_sql, still_due
from tests.faults.visitor import Visitor
from tests.programs import REPOSITORY, wait_for

NEVER = str(10**8)  # seconds to send; three of them are a lease of ten years


def test_a_call_that_falls_due_is_in_its_inbox_once_within_15_seconds(arena: Arena) -> None:
    arena.beat(app="recovery")
    arena.worker(app="recovery")
    cast = make.make_cast()
    arena.ready("worker")
    call = call_due_now(cast)
    wait_for(lambda: notices_of(call) > 0, 15)
    notice = Notice.objects.get(kind="follow_up_due", subject_id=call.pk)
    assert notice.recipient == call.assignee == cast.desk
    wait_for(lambda: reminder_of(call).state == "done")
    assert remind.sweep() == 0
    assert notices_of(call) == 1


def killed_in_the_middle(arena: Arena, send_timeout: str) -> Reminder:
    """A worker dies between its claim and the notice; the reminder it held."""
    arena.beat()
    victim = arena.worker("victim", RIG="block", SEND_TIMEOUT=send_timeout)
    call = call_due_now(make.make_cast())
    wait_for(lambda: arena.mark("claimed"), 30)
    victim.kill()
    reminder = reminder_of(call)
    assert (reminder.state, reminder.tries, notices_of(call)) == ("claimed", 1, 0)
    return reminder


def test_a_worker_killed_between_claim_and_notice_loses_nothing(arena: Arena) -> None:
    reminder = killed_in_the_middle(arena, "1")
    arena.worker("heir", SEND_TIMEOUT="1")
    notices = Notice.objects.filter(kind="follow_up_due", subject_id=reminder.subject_id)
    wait_for(notices.exists, 30)
    wait_for(lambda: Reminder.objects.get(pk=reminder.pk).state == "done")
    assert reminder.lease_until is not None
    assert notices.get().at > reminder.lease_until
    assert Reminder.objects.get(pk=reminder.pk).tries == 2
    assert remind.sweep() == 0
    assert notices.count() == 1


def test_control_with_a_lease_that_never_ends_it_is_lost(arena: Arena) -> None:
    reminder = killed_in_the_middle(arena, NEVER)
    a_day_later = remind.database_now() + dt.timedelta(days=1)
    assert remind.sweep(lambda: a_day_later) == 0
    assert Reminder.objects.get(pk=reminder.pk).state == "claimed"
    assert not Notice.objects.filter(kind="follow_up_due", subject_id=reminder.subject_id).exists()


def two_of_everything(arena: Arena, rig: str, calls: int) -> None:
    """Two workers, two beats, and both workers at the claim in the same moment."""
    cast = make.make_cast()
    for _number in range(calls):
        call_due_now(cast)
    for name in ("first", "second"):
        arena.worker(name, RIG=rig)
        arena.beat(f"{name}-beat")
    wait_for(lambda: len(list(arena.directory.glob("here-*"))) == 2, 30)
    wait_for(lambda: not still_due().exists(), 30)


def due_notices() -> int:
    return Notice.objects.filter(kind="follow_up_due").count()


@pytest.mark.slow
def test_two_workers_and_two_beats_send_nothing_twice(arena: Arena) -> None:
    two_of_everything(arena, "together", calls=20)
    assert due_notices() == 20
    assert list(Reminder.objects.filter(state="done").values_list("tries", flat=True)) == [1] * 20


@pytest.mark.slow
def test_the_inbox_itself_refuses_the_second_of_two(arena: Arena) -> None:
    two_of_everything(arena, "no-lock", calls=1)
    assert due_notices() == 1


@pytest.mark.slow
def test_control_without_row_lock_and_unique_notice_it_comes_twice(arena: Arena) -> None:
    run_sql("ALTER TABLE incidents_notice DROP CONSTRAINT notice_occurrence_once")
    two_of_everything(arena, "no-lock", calls=1)
    wait_for(lambda: due_notices() == 2)


def test_the_loop_without_a_broker_sends_too_and_outlives_a_lost_connection(arena: Arena) -> None:
    command = [sys.executable, str(REPOSITORY / "manage.py"), "sweep", "--every", "0.2"]
    loop = arena.programs.start("loop", command, REDIS_URL="redis://127.0.0.1:1")
    wait_for(Heartbeat.objects.exists, 30)
    run_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()"
    )
    call = call_due_now(make.make_cast())
    wait_for(lambda: notices_of(call) == 1)
    loop.process.send_signal(signal.SIGTERM)
    assert loop.process.wait(10) == 0


def all_but_the_web_dead(arena: Arena, rig: str = "") -> tuple[Visitor, FollowUp]:
    """Worker, beat, loop and Valkey ran and are killed. Then a call falls due."""
    cast = make.make_cast()
    site = arena.web(RIG=rig)
    others = [arena.worker(), arena.beat(), arena.loop()]
    wait_for(Heartbeat.objects.exists, 40)
    for child in others:
        child.kill()
    arena.kill_valkey()
    assert not any(child.is_running() for child in [*others, arena.servers["valkey"]])
    call = call_due_now(cast)
    assert reminder_of(call).state == "pending"
    return site.visitor(cast.desk), call


def test_with_everything_else_dead_the_calls_page_is_still_right(arena: Arena) -> None:
    desk, call = all_but_the_web_dead(arena)
    page = desk.get("/calls/").text
    assert call.incident.who in page
    assert call.incident.reference in page


@pytest.mark.slow
def test_control_a_list_of_what_was_said_is_empty(arena: Arena) -> None:
    desk, call = all_but_the_web_dead(arena, "list-what-was-said")
    assert call.incident.reference not in desk.get("/calls/").text


@pytest.mark.parametrize("words", [["--every", "0"], ["--once", "--every", "1"]])
def test_the_loop_refuses_what_it_cannot_do(arena: Arena, words: list[str]) -> None:
    assert arena.programs.manage("sweep", *words)[0] != 0
