"""Valkey killed, emptied, frozen: nothing that matters lives in it, and no page ever waits for it."""

from __future__ import annotations

import statistics
import sys

import pytest

from incidents.models import Incident, Notice
from tests import make
from tests.faults import invariants
from tests.faults.arena import ETA, RIGGED_SETTINGS, Arena, call_due_now, notices_of, still_due, the_cast
from tests.faults.visitor import Visitor, logging_form
from tests.programs import wait_for

SLOWEST = 5.0  # seconds a page may take while the broker is frozen
WITHOUT = 1.0  # and while it is away
PAGES = ("/", "/incidents/", "/calls/", "/notices/", "/incidents/new/")


def ask_all(visitor: Visitor) -> list[float]:
    """Seconds that each page took."""
    answers = [visitor.get(page) for page in PAGES]
    assert [answer.status for answer in answers] == [200] * len(PAGES)
    return [answer.seconds for answer in answers]


def quickest(visitor: Visitor) -> float:
    """Seconds of the slowest page, each at its best: one that asks the broker waits for it every time."""
    rounds = [ask_all(visitor) for _round in range(3)]
    best: list[float] = [min(seconds) for seconds in zip(*rounds, strict=True)]
    return max(best)


def sign_in(port: int, email: str) -> int:
    fields = {"login": email, "password": make.PASSWORD}
    return Visitor(port).post("/accounts/login/", fields).status


def test_killed_emptied_and_started_empty(arena: Arena) -> None:
    cast = make.make_cast()
    site = arena.web()
    visitor = site.visitor(cast.desk)
    arena.beat()
    arena.worker(SEND_TIMEOUT="1")
    arena.ready("worker")
    first = call_due_now(cast)
    wait_for(lambda: notices_of(first) == 1, 20)

    arena.empty_valkey()
    second = call_due_now(cast)
    wait_for(lambda: notices_of(second) == 1, 20)  # the next ring is a new one

    arena.kill_valkey()
    third = call_due_now(cast)
    assert quickest(visitor) < WITHOUT
    assert sign_in(site.port, cast.desk.email) == 302
    answer = visitor.post("/incidents/new/", logging_form("Logged without a broker."))
    assert answer.status == 302
    assert third.incident.who in visitor.get("/calls/").text

    arena.start_valkey()  # empty: it keeps nothing on disk here
    wait_for(lambda: notices_of(third) == 1, 40)
    assert quickest(visitor) < WITHOUT  # still signed in
    arena.all_is_well()


@pytest.mark.slow
def test_control_sessions_in_valkey_are_gone_with_it(arena: Arena) -> None:
    address = f"unix://{arena.valkey.socket}?db=3"
    site = arena.web(DJANGO_SETTINGS_MODULE=RIGGED_SETTINGS, SETTINGS_RIG="sessions-in-redis", SESSIONS_AT=address)
    desk = make.make_cast().desk
    visitor = Visitor(site.port)
    assert visitor.post("/accounts/login/", {"login": desk.email, "password": make.PASSWORD}).status == 302
    assert visitor.get("/calls/").status == 200
    arena.empty_valkey()
    assert visitor.get("/calls/").status == 302
    arena.kill_valkey()
    assert sign_in(site.port, desk.email) == 500


def test_frozen_pages_answer_and_what_is_saved_goes_out_later(arena: Arena) -> None:
    cast = make.make_cast()
    visitor = arena.web().visitor(cast.desk)
    arena.beat()
    arena.worker(SEND_TIMEOUT="1")
    arena.ready("worker")
    ask_all(visitor)
    slower = []  # than a moment before, page by page: a busy machine is busy with both
    for _round in range(7):
        before = ask_all(visitor)
        arena.freeze_valkey()
        frozen = ask_all(visitor)
        arena.thaw_valkey()
        assert max(frozen) < SLOWEST
        slower += [while_frozen / quiet for while_frozen, quiet in zip(frozen, before, strict=True)]
    assert statistics.median(slower) < 2
    arena.freeze_valkey()
    call = call_due_now(cast)
    answer = visitor.post("/incidents/new/", logging_form("Logged while the broker was frozen."))
    assert (answer.status, answer.seconds < SLOWEST) == (302, True)
    assert Incident.objects.filter(what_happened__contains="frozen").count() == 1
    arena.thaw_valkey()
    wait_for(lambda: notices_of(call) == 1, 60)
    arena.all_is_well()


def hangs_or_fails(visitor: Visitor, story: str) -> bool:
    """Whether nobody would wait for the answer to this form."""
    try:
        answer = visitor.post("/incidents/new/", logging_form(story))
    except TimeoutError:  # longer than half a minute
        return True
    return answer.status == 500 or answer.seconds > SLOWEST


@pytest.mark.slow
def test_control_a_page_that_speaks_to_the_broker_hangs_and_fails_after_saving(arena: Arena) -> None:
    visitor = arena.web(RIG="web-speaks-to-broker").visitor(make.make_cast().desk)
    assert visitor.post("/incidents/new/", logging_form("Before.")).status == 302
    arena.freeze_valkey()
    page = visitor.get("/")
    assert page.status == 200, "it is no page that hangs, but what speaks to the broker"
    assert hangs_or_fails(visitor, "Saved, and then an error.")
    assert Incident.objects.filter(what_happened="Saved, and then an error.").exists(), "a resubmit would be a second"


def test_the_loop_and_several_beats_and_workers_at_once(arena: Arena) -> None:
    """Two workers, five beats and the loop: none twice, and more than one of them was at it."""
    arena.mail_host()
    cast = make.make_cast()
    calls = [call_due_now(cast) for _number in range(8)]
    for name in ("first", "second"):
        arena.worker(name, RIG="together", SEND_TIMEOUT="1")
    for number in range(5):
        arena.beat(f"beat-{number}")
    arena.loop(RIG="together", SEND_TIMEOUT="1")
    wait_for(lambda: not still_due().exists(), 60)
    assert len(list(arena.directory.glob("here-*"))) > 1
    arena.ready("first", "second")
    calls += [call_due_now(the_cast()) for _number in range(8)]
    arena.all_is_well()
    assert [notices_of(call) for call in calls] == [1] * 16
    assert Notice.objects.filter(kind="follow_up_due").count() == 16
    assert set(arena.mail.ids().values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["emptied", "nothing"])
def test_control_a_reminder_that_waits_in_valkey_goes_with_it(arena: Arena, fault: str) -> None:
    """One task with its hour for a call; a worker starts when that has come."""
    call = call_due_now(make.make_cast())
    assert arena.programs.start("schedule", [sys.executable, "-m", ETA]).process.wait(60) == 0
    if fault == "emptied":
        arena.empty_valkey()
    arena.worker(app=ETA)
    if fault == "nothing":  # the control of the control
        wait_for(lambda: notices_of(call) == 1, 40)
        return
    arena.ready("worker")
    program = arena.programs.start("again", [sys.executable, "-m", ETA, "nothing"])
    assert program.process.wait(60) == 0, arena.said("again")
    wait_for(lambda: arena.mark("came-through"), 40)  # what is sent now does come
    assert notices_of(call) == 0
    assert set(invariants.broken()) == {"due_but_not_said"}
