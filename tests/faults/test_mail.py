"""The mail host refuses, hangs, drips, drops: tried again by its class, seen when it is for good, in nobody's way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import FollowUp, Notice, Outbox, Staff
from incidents.models.outbox import WAIT
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, call_due_now
from tests.programs import wait_for

BACK_OFF = "quick-retry"


def one_call_due(arena: Arena, mode: str, rig: str = BACK_OFF, send_timeout: str = "1") -> Outbox:
    """A mail that meets the host in this mode; returns its row after the first try."""
    arena.mail_host()
    arena.mail.behave(mode)
    if mode == "refuse":
        arena.mail.stop()
    call_due_now(make.make_cast())
    arena.loop(SEND_TIMEOUT=send_timeout, RIG=rig)
    wait_for(lambda: Outbox.objects.filter(tries__gte=1).exclude(state="claimed").exists(), 40)
    return Outbox.objects.get()


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("refuse", "unreachable"),
        ("drip", "timed out"),
        ("drop", "disconnected"),
        pytest.param("451", "smtp 451", marks=pytest.mark.slow),
        pytest.param("hang", "timed out", marks=pytest.mark.slow),
        pytest.param("hang-data", "timed out", marks=pytest.mark.slow),
        pytest.param("421", "smtp 421", marks=pytest.mark.slow),
    ],
)
def test_what_may_pass_is_tried_again(arena: Arena, mode: str, words: str) -> None:
    message = one_call_due(arena, mode)
    wait_for(lambda: Outbox.objects.get().last_error != "", 20)
    assert Outbox.objects.get().last_error in {words, "disconnected"}, "the host's last word may be lost"
    assert Outbox.objects.get().state in {"pending", "claimed"}
    if mode == "refuse":
        arena.mail.start(arena.programs)
    arena.mail.behave("ok")
    wait_for(lambda: Outbox.objects.get().state == "sent", 40)
    arena.all_is_well()
    message.refresh_from_db()
    assert message.tries >= 2
    assert arena.mail.ids()[message.pk] >= 1
    assert Notice.objects.filter(kind="follow_up_due").count() == 1


@pytest.mark.parametrize("mode", ["550", pytest.param("554", marks=pytest.mark.slow)])
def test_a_refusal_for_good_is_final_and_seen(arena: Arena, mode: str) -> None:
    message = one_call_due(arena, mode, send_timeout="10")  # a host that answers is in time, however busy the machine
    assert (message.state, message.last_error, message.tries) == ("failed", f"smtp {mode}", 1)
    assert arena.mail.ids()[message.pk] == 0
    assert Notice.objects.filter(recipient=message.recipient, kind="follow_up_due").exists(), "the inbox carries it"
    arena.all_is_well()
    client = Client()
    client.force_login(Staff.objects.get(email="mona@example.com"))
    page = client.get(reverse("delivery-list"), {"what": "mails", "state": "failed"}).content.decode()
    assert reverse("delivery-retry-mail", args=[message.pk]) in page


@pytest.mark.slow
def test_control_without_classes_a_refusal_is_asked_again_and_again(arena: Arena) -> None:
    one_call_due(arena, "550", f"{BACK_OFF},5xx-again")
    wait_for(lambda: Outbox.objects.get().tries >= 3, 30)
    assert Outbox.objects.get().state != "failed"


@pytest.mark.slow
def test_control_without_a_limit_from_outside_a_dripping_host_holds_a_sender(arena: Arena) -> None:
    """The socket's own timeout counts each read by itself: something came every fifth of a second."""
    arena.mail_host()
    arena.mail.behave("drip")
    call_due_now(make.make_cast())
    arena.loop(SEND_TIMEOUT="1", RIG=f"{BACK_OFF},no-send-timeout,one-sender")
    wait_for(lambda: "lease_ran_out" in invariants.broken(), 40)
    assert Outbox.objects.get().last_error == ""


def hang_for_one(arena: Arena, rig: str) -> tuple[Outbox, list[Outbox]]:
    """The oldest mail meets a host that hangs; that row, tried once, and those of three other people, sent."""
    arena.mail_host()
    cast = make.make_cast()
    arena.mail.behave("hang-data", only=cast.desk.email)
    people = (cast.desk, cast.colleague, cast.manager, cast.owner)
    for person in people:
        FollowUp.objects.filter(pk=call_due_now(cast).pk).update(assignee=person)
    arena.loop(SEND_TIMEOUT="4", RIG=rig)
    others = Outbox.objects.exclude(recipient=cast.desk)
    wait_for(lambda: others.filter(state="sent").count() == len(people) - 1, 40)
    slow = Outbox.objects.filter(recipient=cast.desk)
    wait_for(lambda: slow.filter(state="pending", tries=1).exists(), 20)
    return slow.get(), list(others)


def first_try_ended(message: Outbox) -> dt.datetime:
    return message.next_try_at - dt.timedelta(seconds=WAIT[0])


def test_one_hanging_host_holds_up_nobody_else(arena: Arena) -> None:
    slow, others = hang_for_one(arena, "")
    ended = first_try_ended(slow)
    assert all(mail.sent_at and mail.sent_at < ended for mail in others), "they left while it still hung"
    assert ended - slow.created_at < dt.timedelta(seconds=4 + 6), "cut off at the send timeout"


@pytest.mark.slow
def test_control_one_sender_makes_all_wait(arena: Arena) -> None:
    slow, others = hang_for_one(arena, "one-sender")
    assert all(mail.sent_at and mail.sent_at > first_try_ended(slow) for mail in others)


@pytest.mark.slow
def test_control_without_a_second_try_a_hiccup_loses_the_mail(arena: Arena) -> None:
    message = one_call_due(arena, "451", f"{BACK_OFF},no-second-try", "10")
    arena.mail.behave("ok")
    assert message.state == "failed"
    wait_for(invariants.quiet, 20)
    assert arena.mail.ids()[message.pk] == 0
