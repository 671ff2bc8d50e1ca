"""The demo: five stories at five steps, bends around them, the same every time, and only into an empty database."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.dateparse import parse_datetime

from incidents.access import Role
from incidents.actions.endings import endings_open_to
from incidents.actions.planning import SILENT_FOR
from incidents.board import manager_home, unanswered
from incidents.models import (
    ApprovalRequest,
    Attachment,
    Category,
    Event,
    FollowUp,
    Incident,
    Location,
    Notice,
    Playbook,
    Remedy,
    RemedyType,
    Reminder,
    Staff,
    playbook_here,
    pre_approval,
)
from incidents.models.allowing import judge
from incidents.models.deciding import decider, to_decide
from incidents.models.money import limit_for
from incidents.models.pulse import read_pulse
from incidents.targets import GO_AHEAD_AFTER
from incidents.vocabulary import CloseReason, Severity, Stage
from tests import make

AS_OF = "2026-03-04"
PRESENT = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def fill(as_of: str | None = AS_OF, incidents: str = "0") -> str:
    """The stories alone, unless told otherwise."""
    said = io.StringIO()
    call_command("demo", "--incidents", incidents, *(["--as-of", as_of] if as_of else []), stdout=said)
    return said.getvalue()


def story(words: str) -> Incident:
    return Incident.objects.get(what_happened__icontains=words)


def test_its_people_wrote_playbooks() -> None:
    fill()
    hotel, room = Location.objects.get(name="Finch House Hotel"), Category.objects.get(key="reservation")
    assert Playbook.objects.count() == 6
    assert "we do not have your room" in playbook_here(room.pk, hotel.pk).get().words
    assert pre_approval(room.pk, hotel.pk, RemedyType.objects.get(key="alternative").pk) == 260
    assert not playbook_here(room.pk, Location.objects.get(name="Alder Office Supply").pk).exists()


def test_the_five_stories_stand_at_five_steps() -> None:
    fill()
    microphone, order, trimmer, room, call = (
        story(w) for w in ("microphone", "Tomas", "paper trimmer", "loyalty card", "calm and kind")
    )
    assert (microphone.stage, microphone.round_number) == (Stage.REMEDY, 2)
    assert microphone.remedies.get().state == "awaiting_receipt"
    assert microphone.remedies.get().estimated_amount is None
    assert (order.stage, order.close_reason) == (Stage.CLOSED, "recovered")
    assert order.apologies.get().travels_with is not None
    assert order.field_values["found_in"] == "Pending folder"
    assert (trimmer.stage, trimmer.told_together.count()) == (Stage.APOLOGIZE, 3)
    assert room.stage == Stage.FOLLOW_UP
    assert room.follow_ups.planned().earliest("due_at").due_at == PRESENT + dt.timedelta(minutes=75)
    assert (call.stage, call.round_number) == (Stage.REMEDY, 2)
    assert call.rounds.get(number=2).reason == "unhappy"


def test_what_is_given_without_asking_is_limited() -> None:
    fill()
    hotel, shop = Location.objects.get(name="Finch House Hotel"), Location.objects.get(name="Alder Office Supply")
    refund, card = RemedyType.objects.get(key="refund"), RemedyType.objects.get(key="gift_card")
    assert [limit_for(Role.FRONT_DESK, refund.pk, place.pk) for place in (hotel, shop)] == [120, 50]
    assert limit_for(Role.FRONT_DESK, card.pk, shop.pk) == 25
    assert limit_for(Role.MANAGER, refund.pk, hotel.pk) == 400
    assert limit_for(Role.ADMINISTRATOR, refund.pk, hotel.pk) is None


def test_one_question_about_money_of_every_kind() -> None:
    """Waiting since some minutes, yes, no, and gone ahead with at night because nobody answered."""
    fill()
    manager = Staff.objects.get(email="manager@example.com")
    (waiting,) = to_decide(manager, PRESENT)
    assert dt.timedelta() < PRESENT - waiting.proposed_at < dt.timedelta(minutes=15)
    assert decider(manager, waiting, waiting.incident, now=PRESENT) is not None
    assert waiting.remedy.state == "proposed"
    answers = Counter(ApprovalRequest.objects.values_list("verdict", flat=True))
    assert answers == {"": 1, "approved": 2, "declined": 1, "went_ahead": 1}
    night = ApprovalRequest.objects.to_review().get()
    assert (night.incident, night.total) == (story("loyalty card"), 318)
    assert night.decided_at is not None
    assert night.decided_at.astimezone(night.incident.location.zone).hour == 23
    assert night.decided_at - night.proposed_at >= GO_AHEAD_AFTER[Severity.CRITICAL]
    no = ApprovalRequest.objects.get(verdict="declined")
    assert no.reason
    assert no.remedy.state == "proposed"


def test_the_bends_of_the_road() -> None:
    fill()
    chairs, lamp, charge, room = story("forty chairs"), story("lamp smokes"), story("fetched himself"), story("in 214")
    refused, better = chairs.remedies.order_by("id")
    assert (refused.state, refused.declined_as, better.replaces) == ("declined", "not_enough", refused)
    sam, wen = Staff.objects.get(email="sam@example.com"), charge.assignee
    assert endings_open_to(lamp, by=sam, now=PRESENT)[CloseReason.UNREACHABLE] is None
    assert endings_open_to(charge, by=wen, now=PRESENT)[CloseReason.NO_CONTACT_WANTED] is None
    assert not charge.follow_ups.planned().exists()
    assert [row.to_staff.name for row in room.handovers.all() if row.is_waiting] == ["Priya Raman"]
    assert room.assignee.name == "Priya Raman"
    again = story("after his train")
    assert (again.reopen_count, again.stage, again.round_number) == (1, Stage.APOLOGIZE, 2)
    moved = story("microphone").promises.get()
    assert (moved.moved_count, moved.is_open) == (1, True)
    room_at_night = story("loyalty card")
    assert room_at_night.reach_at.startswith("Tern Hotel")
    assert room_at_night.reach_until is not None
    assert room_at_night.reach_until > PRESENT


def test_messages_that_nobody_answered_can_be_closed_together() -> None:
    fill()
    for email in ("desk@example.com", "manager@example.com"):
        found = unanswered(Staff.objects.get(email=email), PRESENT - SILENT_FOR)
        assert len(found) == 2
    for incident in found:
        assert endings_open_to(incident, by=incident.assignee, now=PRESENT)[CloseReason.NO_ANSWER] is None


def test_nobody_gave_more_than_they_may_without_a_decision() -> None:
    fill()
    for remedy in Remedy.objects.exclude(state__in=["declined", "withdrawn", "failed"]).select_related("incident"):
        proposer = remedy.proposed_by or remedy.created_by
        judged = judge(remedy, remedy.incident, by=proposer, typical=remedy.type.typical_amount)
        has_answer = remedy.approvals.filter(verdict__in=["approved", "went_ahead"]).exists()
        assert not judged.needs_yes or has_answer or remedy.state == "proposed", remedy.what


def test_the_order_was_placed_on_a_friday_and_reported_on_a_monday() -> None:
    fill()
    order = story("Tomas")
    assert order.occurred_on is not None
    assert order.occurred_on.weekday() == 4
    reported = order.reported_at.astimezone(order.location.zone)
    assert (reported.weekday(), (reported.date() - order.occurred_on).days) == (0, 3)


def test_everyone_has_something_to_do() -> None:
    fill()
    desk = Staff.objects.get(email="desk@example.com")
    calls = FollowUp.objects.planned().filter(assignee=desk)
    assert calls.filter(due_at__lt=PRESENT).count() >= 2
    assert calls.filter(due_at__gte=PRESENT, due_at__lt=PRESENT + make.DAY).count() >= 2
    for person in Staff.objects.filter(email__in=["desk@example.com", "manager@example.com", "admin@example.com"]):
        assert person.check_password("recovery-demo")
        assert Notice.objects.for_inbox_of(person).unread().exists()
        assert Incident.objects.visible_to(person).open().exists()
    assert Location.objects.values("time_zone").distinct().count() == 2


def test_the_lists_look_alive() -> None:
    fill()
    stages = Counter(Incident.objects.values_list("stage", flat=True))
    assert all(stages[stage] >= 3 for stage in Stage)
    assert Incident.objects.overdue(PRESENT).count() >= 3
    assert Incident.objects.values("category").distinct().count() >= 10
    assert Incident.objects.filter(is_restricted=True).count() == 1
    assert set(Incident.objects.values_list("severity", flat=True)) == {1, 2, 3, 4}


def test_nothing_lies_in_the_future_and_no_due_reminder_was_left() -> None:
    fill()
    assert not Event.objects.filter(at__gt=PRESENT).exists()
    assert not Notice.objects.filter(at__gt=PRESENT).exists()
    assert not Reminder.objects.filter(due_at__lte=PRESENT).exclude(state__in=["done", "moot"]).exists()
    times = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    assert not Attachment.objects.exists()


def test_a_second_run_refuses_and_changes_nothing() -> None:
    fill()
    before = Event.objects.count()
    with pytest.raises(CommandError, match=r"^The demo is already here. Nothing was changed.$"):
        fill()
    assert Event.objects.count() == before


def test_it_stays_out_of_somebody_elses_business(cast: make.Cast) -> None:
    with pytest.raises(CommandError, match="belongs to a business"):
        fill()


def test_production_refuses_it(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production refuses it"):
        fill()
    assert not Staff.objects.exists()


@pytest.mark.parametrize("words", ["yesterday", "1999-01-01", "2001-12-31", "2026-13-01"])
def test_a_date_it_does_not_understand(words: str) -> None:
    with pytest.raises(CommandError, match="--as-of"):
        fill(words)


@pytest.mark.parametrize("words", ["many", "-1", "1000001", "2.5"])
def test_a_number_it_does_not_understand(words: str) -> None:
    with pytest.raises(CommandError, match="--incidents"):
        fill(incidents=words)


def portrait() -> list[Any]:
    """Everything a page could show, without ids."""
    incidents = Incident.objects.order_by("reference").values_list(
        "reference", "stage", "assignee__email", "next_due_at", "submit_key", "field_values"
    )
    events = Event.objects.order_by("id").values_list("incident__reference", "kind", "at", "by__email")
    remedies = Remedy.objects.order_by("id").values_list("incident__reference", "state", "submit_key")
    return [*incidents, *events, *remedies]


def test_it_is_the_same_every_time() -> None:
    portraits = []
    for _turn in range(2):
        with transaction.atomic():
            fill()
            portraits.append(portrait())
            transaction.set_rollback(True)
    assert portraits[0] == portraits[1]
    assert len(portraits[0]) > 100


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-08T07:30+00:00",  # the clocks in New York have just gone forward
        "2026-11-01T06:30+00:00",  # and back
        "2026-01-01T04:59+00:00",  # New Year's Eve there, New Year in UTC
        "2028-02-29T00:01+00:00",
        "2026-06-15T05:05+00:00",  # just after midnight at one place, before it at the other
    ],
)
def test_it_can_be_played_at_any_moment(moment: str) -> None:
    fill(moment)
    present = parse_datetime(moment)
    assert not Event.objects.filter(at__gt=present).exists()
    assert Incident.objects.filter(stage=Stage.FOLLOW_UP).count() >= 5


def test_without_a_date_it_is_now() -> None:
    assert "32 incidents at Finch & Alder" in fill(None)


def test_by_default_a_year_comes_before_the_stories() -> None:
    said = io.StringIO()
    call_command("demo", "--as-of", AS_OF, stdout=said)
    assert "332 incidents at Finch & Alder" in said.getvalue()
    newest = Incident.objects.filter(reference__startswith="R-2026-").order_by("-reference")[0]
    assert story("trimmer was promised").created_at <= newest.created_at
    assert Incident.objects.order_by("created_at")[0].created_at < PRESENT - 300 * make.DAY


def test_the_stories_stand_out_from_the_year_before_them() -> None:
    """What a manager sees first is a handful, and the five are in it."""
    call_command("demo", "--as-of", AS_OF, stdout=io.StringIO())
    home = manager_home(Staff.objects.get(email="manager@example.com"), PRESENT)
    shown = {c.incident.pk for c in (*home.late, *home.unhappy, *home.critical)}
    shown |= {r.incident_id for r in home.receipts} | {call.incident_id for call in home.calls}
    for words in ("hand-held microphone", "trimmer was promised", "loyalty card in hand", "calm and kind"):
        assert story(words).pk in shown, words
    assert Incident.objects.overdue(PRESENT).count() <= 20
    assert Incident.objects.open().count() <= 45


def test_a_fresh_demo_raises_no_alarm_before_its_clock_could_start() -> None:
    fill()
    pulse = read_pulse()
    assert pulse is not None
    assert not pulse.is_silent
