"""A mail leaves twice only when whoever sent it died: neither two senders nor a slow host are a reason."""

from __future__ import annotations

import pytest

from incidents.models import Outbox
from tests import make
from tests.faults.arena import Arena, call_due_now
from tests.programs import wait_for


def two_at_one_mail(arena: Arena, rig: str) -> None:
    """Two programs stand before the same mail."""
    arena.mail_host()
    call_due_now(make.make_cast())
    for name in ("first", "second"):
        arena.loop(name, RIG=rig, SEND_TIMEOUT="10")
    wait_for(lambda: len(list(arena.directory.glob("here-*"))) == 2, 40)


def arrived(arena: Arena) -> int:
    """How often."""
    return arena.mail.ids()[Outbox.objects.get().pk]


def test_two_programs_at_one_mail_send_it_once(arena: Arena) -> None:
    two_at_one_mail(arena, "together-at-mail")
    arena.all_is_well()
    assert arrived(arena) == 1


@pytest.mark.slow
def test_control_without_row_lock_it_arrives_again(arena: Arena) -> None:
    two_at_one_mail(arena, "no-mail-lock")
    wait_for(lambda: arrived(arena) > 1, 20)
    assert all(child.is_running() for child in arena.programs.running), "nobody died"


def while_the_host_takes_its_time(arena: Arena, rig: str) -> Outbox:
    """One is in the middle of a send, another one rings all the while."""
    arena.mail_host()
    arena.mail.behave("wait")
    call_due_now(make.make_cast())
    for name in ("first", "second"):
        arena.loop(name, RIG=f"tell-ring,{rig}", SEND_TIMEOUT="20")
    wait_for(lambda: Outbox.objects.filter(state="claimed").exists(), 40)
    return Outbox.objects.get()


def test_a_send_that_takes_long_is_nobody_else_s(arena: Arena) -> None:
    message = while_the_host_takes_its_time(arena, "")
    for _time in range(3):  # the other one, again and again: the first has not come to the end of its ring
        (arena.directory / "rang").unlink(missing_ok=True)
        wait_for(lambda: arena.mark("rang"), 20)
    arena.mail.behave("ok")
    arena.all_is_well()
    message.refresh_from_db()
    assert (message.state, message.tries, arena.mail.ids()[message.pk]) == ("sent", 1, 1)


@pytest.mark.slow
def test_control_with_a_lease_shorter_than_the_send_it_goes_out_twice(arena: Arena) -> None:
    while_the_host_takes_its_time(arena, "short-lease")
    wait_for(lambda: Outbox.objects.get().tries > 1, 20)
    arena.mail.behave("ok")
    wait_for(lambda: arrived(arena) > 1, 20)
    assert all(child.is_running() for child in arena.programs.running), "nobody died"
