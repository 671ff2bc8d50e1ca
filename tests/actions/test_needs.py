"""What a manager does with what needs them now: quiet for everybody, until its time or another danger comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.access import Role
from incidents.actions import handovers, needs
from incidents.actions.mail import compose
from incidents.actions.refusals import Refused, Stale
from incidents.board.needs.danger import dangers
from incidents.models import (
    Handled,
    HandledHow,
    Incident,
    NeedKind,
    Notice,
    NoticeKind,
    OpenHours,
    Outbox,
    Reminder,
    ReminderKind,
    ReminderState,
    Staff,
)
from incidents.models.need import stage_now
from tests import dangers as making
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)
LATER = NOW + 2 * DAY


@pytest.fixture
def other(cast: Cast) -> Staff:
    return make.make_staff("Olaf Other", cast.here, role=Role.MANAGER)


@pytest.fixture
def late(cast: Cast) -> Incident:
    """Nobody has apologized for two days."""
    return make.make_incident(cast.desk)


def shown(staff: Staff, now: dt.datetime) -> dict[str, list[int]]:
    return {kind.value: [row.incident_id for row in rows] for kind, rows in dangers(staff, now).items() if rows}


def test_a_nudge_tells_whoever_has_it_and_is_quiet_for_two_hours(cast: Cast, late: Incident, other: Staff) -> None:
    assert shown(cast.manager, LATER) == {"apology_late": [late.pk]}
    handled = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
    assert handled.until == LATER + 2 * HOUR
    notice = Notice.objects.get(kind=NoticeKind.NUDGED)
    assert (notice.recipient, notice.incident, notice.read_at) == (cast.desk, late, None)
    for manager in (cast.manager, other, cast.owner):
        assert shown(manager, LATER + HOUR) == {}
    assert shown(cast.manager, LATER + 2 * HOUR) == {"apology_late": [late.pk]}
    assert late.events.filter(kind="nudged", by=cast.manager).count() == 1


def test_a_critical_one_comes_back_after_half_an_hour(cast: Cast) -> None:
    hurt = make.make_incident(cast.desk, severity=1)
    make.apologize(hurt, cast.desk)
    handled = needs.nudge(incident_id=hurt.pk, kind=NeedKind.CRITICAL, by=cast.manager, now=NOW)
    assert handled.until == NOW + 30 * MINUTE


def test_a_second_click_reminds_nobody_twice(cast: Cast, late: Incident) -> None:
    first = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
    second = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER + MINUTE)
    assert first == second
    assert Notice.objects.filter(kind=NoticeKind.NUDGED).count() == 1


def test_whoever_reminded_them_may_still_take_it(cast: Cast, late: Incident) -> None:
    """From a page they had open before: nobody is told "You have it now" who has it not."""
    of: dict[str, Any] = {"incident_id": late.pk, "kind": NeedKind.APOLOGY_LATE, "by": cast.manager}
    needs.nudge(**of, now=LATER)
    looked = needs.look_at(**of, now=LATER + MINUTE)
    assert looked.how == HandledHow.LOOKED_AT
    assert needs.look_at(**of, now=LATER + 2 * MINUTE) == looked
    assert make.fresh(late).assignee == cast.desk
    taken = needs.take(**of, now=LATER + 3 * MINUTE)
    assert make.fresh(late).assignee == cast.manager
    assert needs.take(**of, now=LATER + 4 * MINUTE) == taken
    assert late.handovers.count() == 1


def test_the_second_manager_hears_who_was_faster(cast: Cast, late: Incident, other: Staff) -> None:
    needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=other, now=LATER)
    for act in (needs.nudge, needs.look_at, needs.take):
        with pytest.raises(Refused, match=r"Olaf Other reminded them at 09:00 already\."):
            act(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER + MINUTE)
    assert make.fresh(late).assignee == cast.desk


def test_what_has_moved_on_is_not_dealt_with(cast: Cast, late: Incident) -> None:
    seen = stage_now(late)
    make.apologize(late, cast.desk, now=NOW + DAY)
    with pytest.raises(Refused, match="moved on"):
        needs.look_at(
            incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, occurrence=seen, by=cast.manager, now=NOW + 2 * DAY
        )
    assert not Handled.objects.exists()


def test_nobody_reminds_themselves(cast: Cast) -> None:
    mine = make.make_incident(cast.manager)
    with pytest.raises(Refused, match="You have it yourself"):
        needs.nudge(incident_id=mine.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)


def test_the_next_step_is_another_danger(cast: Cast, late: Incident) -> None:
    needs.look_at(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
    assert shown(cast.manager, LATER) == {}
    make.apologize(late, cast.desk, now=LATER)
    assert shown(cast.manager, LATER + MINUTE) == {"step_late": [late.pk]}


def test_one_look_sees_all_of_the_incident(cast: Cast) -> None:
    hurt = make.make_incident(cast.desk, severity=1, category="safety")
    found = dangers(cast.manager, LATER)[NeedKind.CRITICAL][0]
    assert set(found.also) == {NeedKind.APOLOGY_LATE, NeedKind.RESTRICTED}
    needs.look_at(
        incident_id=hurt.pk,
        kind=found.kind,
        occurrence=found.occurrence,
        also=found.also,
        by=cast.manager,
        now=LATER,
    )
    assert shown(cast.manager, LATER + MINUTE) == {}


class TestUntilMorning:
    """The place is in Chicago; NOW is Wednesday 9:00 there."""

    def look(self, cast: Cast, incident: Incident, now: dt.datetime) -> dt.datetime:
        handled = needs.look_at(incident_id=incident.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=now)
        return handled.until

    def test_nine_the_next_day(self, cast: Cast, late: Incident) -> None:
        assert self.look(cast, late, NOW + HOUR) == NOW + DAY

    def test_just_before_nine_it_is_still_the_next_day(self, cast: Cast, late: Incident) -> None:
        assert self.look(cast, late, NOW + DAY - 30 * MINUTE) == NOW + 2 * DAY

    def test_in_the_night_it_is_the_same_day(self, cast: Cast, late: Incident) -> None:
        assert self.look(cast, late, NOW + DAY - 8 * HOUR) == NOW + DAY

    def test_not_while_the_place_is_closed(self, cast: Cast, late: Incident) -> None:
        for weekday in range(5):
            OpenHours.objects.create(location=cast.here, weekday=weekday, opens=dt.time(10), closes=dt.time(18))
        friday = NOW + 2 * DAY
        monday = dt.datetime(2026, 3, 9, 10, tzinfo=cast.here.zone)  # the clocks went forward on Sunday
        assert self.look(cast, late, friday + HOUR) == monday


def test_later_says_when(cast: Cast, late: Incident) -> None:
    until = LATER + 4 * HOUR
    needs.later(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, until=until, by=cast.manager, now=LATER)
    assert shown(cast.manager, until - MINUTE) == {}
    assert shown(cast.manager, until) == {"apology_late": [late.pk]}
    for wrong in (LATER, LATER + 15 * DAY):
        with pytest.raises(Refused, match="within two weeks"):
            needs.later(incident_id=late.pk, kind=NeedKind.CRITICAL, until=wrong, by=cast.manager, now=LATER)


def test_taking_it_hands_it_over_and_is_quiet(cast: Cast, late: Incident) -> None:
    needs.take(
        incident_id=late.pk,
        kind=NeedKind.APOLOGY_LATE,
        by=cast.manager,
        now=LATER,
        expected_assignee=cast.desk.pk,
    )
    assert make.fresh(late).assignee == cast.manager
    assert shown(cast.manager, LATER + MINUTE) == {}


def test_what_somebody_else_has_meanwhile_is_not_taken(cast: Cast, late: Incident) -> None:
    handovers.hand_over(incident_id=late.pk, to=cast.colleague, by=cast.desk, now=LATER)
    with pytest.raises(Stale):
        needs.take(
            incident_id=late.pk,
            kind=NeedKind.APOLOGY_LATE,
            by=cast.manager,
            now=LATER,
            expected_assignee=cast.desk.pk,
        )
    assert make.fresh(late).assignee == cast.colleague
    assert not Handled.objects.exists()


class TestUndo:
    def test_a_nudge_is_no_longer_new(self, cast: Cast, late: Incident) -> None:
        handled = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
        needs.undo_handled(handled_id=handled.pk, by=cast.manager, now=LATER + MINUTE / 2)
        assert Notice.objects.get(kind=NoticeKind.NUDGED).read_at is not None
        assert shown(cast.manager, LATER + MINUTE) == {"apology_late": [late.pk]}

    def test_a_mail_that_has_not_left_says_nothing_of_it(self, cast: Cast, late: Incident) -> None:
        Outbox.objects.all().delete()
        handled = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
        message = Outbox.objects.get()
        assert compose(message.pk)
        needs.undo_handled(handled_id=handled.pk, by=cast.manager, now=LATER + MINUTE / 2)
        assert compose(message.pk) is None

    def test_what_was_taken_goes_back(self, cast: Cast, late: Incident) -> None:
        handled = needs.take(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
        needs.undo_handled(handled_id=handled.pk, by=cast.manager, now=LATER + MINUTE / 2)
        assert make.fresh(late).assignee == cast.desk
        assert shown(cast.manager, LATER + MINUTE) == {"apology_late": [late.pk]}

    def test_what_was_handed_on_waits_again_for_whoever_had_it(self, cast: Cast) -> None:
        """They had not said "I have it" when somebody took it: to take that back asks them, and shows it, again."""
        waiting = making.one_of(NeedKind.NEEDS_ASSIGNEE, cast, LATER)
        (row,) = dangers(cast.manager, LATER)[NeedKind.NEEDS_ASSIGNEE]
        which: Any = {"incident_id": waiting.pk, "kind": row.kind, "occurrence": row.occurrence}
        handled = needs.take(**which, by=cast.manager, now=LATER)
        assert shown(cast.manager, LATER) == {}
        needs.undo_handled(handled_id=handled.pk, by=cast.manager, now=LATER + MINUTE / 2)
        assert shown(cast.manager, LATER + MINUTE) == {"needs_assignee": [waiting.pk]}
        rings = Reminder.objects.filter(kind=ReminderKind.HANDOVER_OPEN, state=ReminderState.PENDING)
        assert rings.get().subject_id == waiting.handovers.latest("pk").pk
        handovers.accept_handover(incident_id=waiting.pk, by=cast.colleague, now=LATER + 2 * MINUTE)
        assert shown(cast.manager, LATER + 2 * MINUTE) == {}
        assert make.fresh(waiting).assignee == cast.colleague

    def test_after_a_minute_it_only_comes_back(self, cast: Cast, late: Incident) -> None:
        handled = needs.take(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
        needs.undo_handled(handled_id=handled.pk, by=cast.manager, now=LATER + 2 * MINUTE)
        assert make.fresh(late).assignee == cast.manager
        assert shown(cast.manager, LATER + 2 * MINUTE) == {"apology_late": [late.pk]}

    def test_somebody_else_brings_it_back(self, cast: Cast, late: Incident, other: Staff) -> None:
        handled = needs.nudge(incident_id=late.pk, kind=NeedKind.APOLOGY_LATE, by=cast.manager, now=LATER)
        needs.undo_handled(handled_id=handled.pk, by=other, now=LATER + MINUTE / 2)
        assert Notice.objects.get(kind=NoticeKind.NUDGED).read_at is None
        with pytest.raises(Refused, match="back already"):
            needs.undo_handled(handled_id=handled.pk, by=other, now=LATER + MINUTE / 2)


def test_whoever_is_away_is_not_asked_alone(cast: Cast, late: Incident) -> None:
    """Somebody who works here no more hears nothing: whoever stands in does."""
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
    needs.nudge(
        incident_id=late.pk, kind=NeedKind.NEEDS_ASSIGNEE, occurrence=f"staff/{cast.desk.pk}", by=cast.owner, now=LATER
    )
    assert [notice.recipient for notice in Notice.objects.filter(kind=NoticeKind.NUDGED)] == [cast.manager]


def test_a_receipt_is_asked_of_whoever_gives_it(cast: Cast, late: Incident) -> None:
    make.apologize(late, cast.desk)
    remedy = make.give(late, cast.desk, "reimburse", is_delivered=False, assignee=cast.colleague, what="Taxi")
    seen = f"remedy/{remedy.pk}"
    needs.nudge(incident_id=late.pk, kind=NeedKind.RECEIPT_STUCK, occurrence=seen, by=cast.manager, now=LATER)
    assert Notice.objects.get(kind=NoticeKind.NUDGED).recipient == cast.colleague


def test_late_because_of_a_receipt_it_is_quiet_as_both(cast: Cast, late: Incident) -> None:
    make.apologize(late, cast.desk)
    remedy = make.give(late, cast.desk, "reimburse", is_delivered=False, assignee=cast.colleague, what="Taxi")
    soon = LATER + 9 * make.DAY
    assert shown(cast.manager, soon) == {"receipt_stuck": [late.pk]}
    (danger,) = dangers(cast.manager, soon)[NeedKind.RECEIPT_STUCK]
    assert (danger.occurrence, danger.also) == (f"remedy/{remedy.pk}", [NeedKind.STEP_LATE])
    needs.nudge(
        incident_id=late.pk, kind=danger.kind, occurrence=danger.occurrence, also=danger.also, by=cast.manager, now=soon
    )
    assert shown(cast.manager, soon + MINUTE) == {}


@pytest.mark.parametrize("name", ["approval", "handover"])
def test_what_was_answered_or_taken_meanwhile_is_not_put_off(late: Incident, cast: Cast, name: str) -> None:
    """Nor what there never was: else it would stay quiet for everybody."""
    handovers.hand_over(incident_id=late.pk, to=cast.colleague, by=cast.manager, now=LATER)
    asked = make.ask_for(late, cast.desk, now=LATER)
    waits = {"handover": late.handovers.get().pk, "approval": asked.pk}
    kind = NeedKind.APPROVAL if name == "approval" else NeedKind.NEEDS_ASSIGNEE
    of: dict[str, Any] = {"incident_id": late.pk, "kind": kind, "by": cast.manager, "now": LATER}
    needs.look_at(occurrence=f"{name}/{waits[name]}", **of)
    Handled.objects.all().delete()
    with pytest.raises(Refused):
        needs.look_at(occurrence=f"{name}/999999", **of)
    handovers.accept_handover(incident_id=late.pk, by=cast.colleague, now=LATER)
    late.approvals.update(voided_at=LATER)
    with pytest.raises(Refused):
        needs.look_at(occurrence=f"{name}/{waits[name]}", **of)
