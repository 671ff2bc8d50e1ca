"""The demo as it stands when it was filled: five stories at five steps, and bends around them."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from pytest_django.plugin import DjangoDbBlocker

from incidents.access import Role
from incidents.actions.endings import endings_open_to
from incidents.actions.planning import SILENT_FOR
from incidents.board import unanswered
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
from incidents.targets import GO_AHEAD_AFTER
from incidents.vocabulary import CloseReason, Severity, Stage
from tests import make
from tests.databases import rows_for_many

AS_OF = "2026-03-04"
PRESENT = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The stories alone, once for all of these tests: what one of them writes is taken back after it."""
    with rows_for_many(django_db_blocker):
        call_command("demo", "--incidents", "0", "--as-of", AS_OF, stdout=io.StringIO())
        yield


def story(words: str) -> Incident:
    return Incident.objects.get(what_happened__icontains=words)


def test_its_people_wrote_playbooks() -> None:
    hotel, room = Location.objects.get(name="Finch House Hotel"), Category.objects.get(key="reservation")
    assert Playbook.objects.count() == 6
    assert "we do not have your room" in playbook_here(room.pk, hotel.pk).get().words
    assert pre_approval(room.pk, hotel.pk, RemedyType.objects.get(key="alternative").pk) == 260
    assert not playbook_here(room.pk, Location.objects.get(name="Alder Office Supply").pk).exists()


def test_the_five_stories_stand_at_five_steps() -> None:
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
    hotel, shop = Location.objects.get(name="Finch House Hotel"), Location.objects.get(name="Alder Office Supply")
    refund, card = RemedyType.objects.get(key="refund"), RemedyType.objects.get(key="gift_card")
    assert [limit_for(Role.FRONT_DESK, refund.pk, place.pk) for place in (hotel, shop)] == [120, 50]
    assert limit_for(Role.FRONT_DESK, card.pk, shop.pk) == 25
    assert limit_for(Role.MANAGER, refund.pk, hotel.pk) == 400
    assert limit_for(Role.ADMINISTRATOR, refund.pk, hotel.pk) is None


def test_one_question_about_money_of_every_kind() -> None:
    """Waiting since some minutes, yes, no, and gone ahead with at night because nobody answered."""
    manager = Staff.objects.get(email="manager@example.com")
    (waiting,) = to_decide(manager, PRESENT)
    assert dt.timedelta() < PRESENT - waiting.proposed_at < dt.timedelta(minutes=15)
    assert decider(manager, waiting, waiting.incident, now=PRESENT) is not None
    assert waiting.remedy.state == "proposed"
    answers = Counter(ApprovalRequest.objects.values_list("verdict", flat=True))
    assert answers == {"": 1, "approved": 2, "declined": 1, "went_ahead": 2}
    night = ApprovalRequest.objects.to_review().earliest("decided_at")
    assert (night.incident, night.total) == (story("loyalty card"), 318)
    assert night.decided_at is not None
    assert night.decided_at.astimezone(night.incident.location.zone).hour == 23
    assert night.decided_at - night.proposed_at >= GO_AHEAD_AFTER[Severity.CRITICAL]
    no = ApprovalRequest.objects.get(verdict="declined")
    assert no.reason
    assert no.remedy.state == "proposed"


def test_the_bends_of_the_road() -> None:
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
    for email in ("desk@example.com", "manager@example.com"):
        found = unanswered(Staff.objects.get(email=email), PRESENT - SILENT_FOR)
        assert len(found) == 2
    for incident in found:
        assert endings_open_to(incident, by=incident.assignee, now=PRESENT)[CloseReason.NO_ANSWER] is None


def test_nobody_gave_more_than_they_may_without_a_decision() -> None:
    for remedy in Remedy.objects.exclude(state__in=["declined", "withdrawn", "failed"]).select_related("incident"):
        proposer = remedy.proposed_by or remedy.created_by
        judged = judge(remedy, remedy.incident, by=proposer, typical=remedy.type.typical_amount)
        has_answer = remedy.approvals.filter(verdict__in=["approved", "went_ahead"]).exists()
        assert not judged.needs_yes or has_answer or remedy.state == "proposed", remedy.what


def test_the_order_was_placed_on_a_friday_and_reported_on_a_monday() -> None:
    order = story("Tomas")
    assert order.occurred_on is not None
    assert order.occurred_on.weekday() == 4
    reported = order.reported_at.astimezone(order.location.zone)
    assert (reported.weekday(), (reported.date() - order.occurred_on).days) == (0, 3)


def test_everyone_has_something_to_do() -> None:
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
    stages = Counter(Incident.objects.values_list("stage", flat=True))
    assert all(stages[stage] >= 3 for stage in Stage)
    assert Incident.objects.overdue(PRESENT).count() >= 3
    assert Incident.objects.values("category").distinct().count() >= 10
    assert Incident.objects.filter(is_restricted=True).count() == 2
    assert set(Incident.objects.values_list("severity", flat=True)) == {1, 2, 3, 4}


def test_nothing_lies_in_the_future_and_no_due_reminder_was_left() -> None:
    assert not Event.objects.filter(at__gt=PRESENT).exists()
    assert not Notice.objects.filter(at__gt=PRESENT).exists()
    assert not Reminder.objects.filter(due_at__lte=PRESENT).exclude(state__in=["done", "moot", "dead"]).exists()
    times = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    assert not Attachment.objects.exists()


def test_a_second_run_refuses_and_changes_nothing() -> None:
    before = Event.objects.count()
    with pytest.raises(CommandError, match=r"^The demo is already here. Nothing was changed.$"):
        call_command("demo", "--incidents", "0", "--as-of", AS_OF)
    assert Event.objects.count() == before
