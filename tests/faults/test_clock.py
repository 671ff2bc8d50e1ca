"""Clocks that are wrong, clocks that stop, and what has piled up meanwhile."""

from __future__ import annotations

import datetime as dt
import statistics
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from incidents.actions import people, remind
from incidents.models import Apology, ClockGap, FollowUp, Heartbeat, Incident, Notice, Outbox, Reminder
from incidents.models.reminder import SWEEP
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, call_due_in, call_due_now, many_calls, notices_of, run_sql, still_due
from tests.faults.cluster import asked
from tests.faults.visitor import logging_form
from tests.programs import wait_for

HALF_AN_HOUR = 1800.0


def early_and_due(arena: Arena, rig: str) -> tuple[FollowUp, FollowUp]:
    """A call due in half an hour and one due now, with a process whose clock is an hour off."""
    cast = make.make_cast()
    later, now = call_due_in(cast, HALF_AN_HOUR), call_due_now(cast)
    arena.loop(RIG=rig, SEND_TIMEOUT="1")
    wait_for(Heartbeat.objects.exists, 30)
    return later, now


@pytest.mark.parametrize("wrong", ["an-hour-ahead", "an-hour-behind"])
def test_a_wrong_clock_on_one_process_changes_nothing(arena: Arena, wrong: str) -> None:
    later, now = early_and_due(arena, wrong)
    wait_for(lambda: notices_of(now) == 1, 20)
    arena.all_is_well()
    assert notices_of(later) == 0


@pytest.mark.slow
def test_a_worker_whose_clock_is_behind_beat_still_sweeps(arena: Arena) -> None:
    """Measured once: `expires` on the schedule, and it discards every sweep in silence."""
    arena.beat()
    arena.worker(RIG="an-hour-ahead", SEND_TIMEOUT="1")
    call = call_due_now(make.make_cast())
    wait_for(lambda: notices_of(call) == 1, 40)
    arena.all_is_well()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "breaks"), [("an-hour-ahead", "said_too_early"), ("an-hour-behind", "due_but_not_said")]
)
def test_control_by_its_own_clock_it_is_early_or_late(arena: Arena, wrong: str, breaks: str) -> None:
    later, now = early_and_due(arena, f"{wrong},own-clock")
    if wrong == "an-hour-ahead":
        wait_for(lambda: notices_of(later) == 1, 20)
    else:
        beat = Heartbeat.objects.get().at
        wait_for(lambda: Heartbeat.objects.get().at > beat + dt.timedelta(seconds=2), 20)
        assert notices_of(now) == 0
    assert breaks in invariants.broken()


@pytest.mark.parametrize("wrong", ["an-hour-ahead", "an-hour-behind"])
def test_a_web_server_with_a_wrong_clock_loses_nothing(arena: Arena, wrong: str) -> None:
    """What it plans is an hour late, or said at once; people who come to a right one go on with it."""
    cast = make.make_cast()
    visitor = arena.web("wrong", RIG=wrong).visitor(cast.desk)
    logged = visitor.post("/incidents/new/", logging_form("The clock on the wall.", severity="1"))
    assert logged.status == 302, logged.text[:2000]
    incident = Incident.objects.get()
    off = (incident.created_at - remind.database_now()).total_seconds()
    assert abs(abs(off) - 3600) < 300
    apology = Reminder.objects.filter(kind="apology_due").latest("due_at")
    assert apology.target_at is not None
    assert apology.target_at > incident.created_at

    arena.loop(SEND_TIMEOUT="1")
    if wrong == "an-hour-behind":
        wait_for(lambda: Notice.objects.filter(kind="apology_due").exists(), 30)
    arena.all_is_well()
    right = arena.web("right").visitor(cast.desk)
    sorry = {"submit_key": str(uuid4()), "channel": "phone"}
    assert right.get(logged.location).status == 200
    assert right.post(f"{logged.location}apologize/", sorry).status == 302
    assert Apology.objects.count() == 1
    arena.all_is_well()
    waiting = Reminder.objects.filter(kind="apology_due", state__in=["pending", "claimed"])
    assert not waiting.exists(), "what is done is no longer waited for"


def test_a_place_that_changes_its_zone_moves_no_instant(arena: Arena) -> None:
    """What was promised was a moment; the same moment reads as another hour."""
    cast = make.make_cast()
    call = call_due_in(cast, 5)
    before = FollowUp.objects.get(pk=call.pk).due_at
    arena.loop(SEND_TIMEOUT="1")
    place = cast.here
    people.save_location(
        location_id=place.pk,
        expected_version=place.version,
        by=cast.owner,
        now=remind.database_now(),
        name=place.name,
        time_zone="Pacific/Auckland",
        currency=place.currency,
        country=place.country,
        fallback_assignee=place.fallback_assignee,
    )
    wait_for(lambda: notices_of(call) == 1, 30)
    arena.all_is_well()
    due = FollowUp.objects.get(pk=call.pk).due_at
    assert due == before
    assert due.astimezone(ZoneInfo("Pacific/Auckland")).hour != before.astimezone(ZoneInfo("America/Chicago")).hour


@pytest.mark.slow
def test_control_kept_as_the_time_on_the_wall_it_would_move(arena: Arena) -> None:
    """The same change, had we kept "09:00" instead of the instant: in Auckland that hour is long past."""
    call = call_due_in(make.make_cast(), 5)
    run_sql(
        "UPDATE incidents_followup SET due_at = due_at AT TIME ZONE 'America/Chicago' AT TIME ZONE 'Pacific/Auckland'"
    )
    arena.loop(SEND_TIMEOUT="1")
    wait_for(Heartbeat.objects.exists, 30)
    wait_for(invariants.quiet, 30)
    assert notices_of(call) == 0, "its reminder speaks of a moment that is no longer the call's"


def two_days_down(number: int) -> make.Cast:
    """That many calls fell due, one every five seconds, while everything stood still."""
    cast = make.make_cast()
    then = remind.database_now() - dt.timedelta(days=2)
    many_calls(cast, [then + n * dt.timedelta(seconds=5) for n in range(number)])
    Heartbeat.objects.create(name=SWEEP, at=then)
    return cast


def targets_in_order_of_notices() -> list[dt.datetime]:
    """When each call was due, in the order in which they were spoken of first."""
    told = Notice.objects.filter(kind="follow_up_due").order_by("id").values_list("subject_id", "target_at")
    first: dict[int, dt.datetime] = {}
    for subject, target in told:
        if target:
            first.setdefault(subject, target)
    return list(first.values())


@pytest.mark.parametrize("number", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_after_two_days_down_one_digest_each_oldest_first(arena: Arena, number: int) -> None:
    arena.mail_host()
    cast = two_days_down(number)
    pages = arena.web().visitor(cast.desk) if number > 1000 else None
    quiet = statistics.median(pages.get("/calls/").seconds for _number in range(20)) if pages else 0.0
    arena.loop(SEND_TIMEOUT="4")
    busy: list[float] = []
    while not asked(lambda: not still_due().exists()):
        if pages:
            busy.append(pages.get("/calls/").seconds)
    arena.all_is_well(90)
    told = targets_in_order_of_notices()
    assert len(told) == number
    assert told == sorted(told)
    assert Reminder.objects.filter(state="done", due_at__lte=remind.database_now()).count() == number
    mails = arena.mail.people()
    assert {cast.desk.email, cast.colleague.email, cast.manager.email, cast.owner.email} == set(mails)
    assert set(mails.values()) == {1}
    assert ClockGap.objects.count() == 1
    if pages:
        print(f"a page took {quiet * 1000:.0f} ms before, {statistics.median(busy) * 1000:.0f} ms while draining")
        assert statistics.median(busy) < 2 * quiet + 0.02


@pytest.mark.slow
def test_control_without_digest_there_is_a_mail_for_each(arena: Arena) -> None:
    arena.mail_host()
    two_days_down(60)
    arena.loop(SEND_TIMEOUT="1", RIG="mail-each")
    wait_for(invariants.quiet, 60)
    assert Outbox.objects.count() >= 60, "the mail rule of each only spreads them over the days that come"


@pytest.mark.slow
def test_control_newest_first_the_oldest_waits_for_all(arena: Arena) -> None:
    two_days_down(60)
    arena.loop(SEND_TIMEOUT="4", RIG="newest-first")
    wait_for(invariants.quiet, 60)
    told = targets_in_order_of_notices()
    assert told == sorted(told, reverse=True) != sorted(told)
