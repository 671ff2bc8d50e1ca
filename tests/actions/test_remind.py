"""The due table: what falls due reaches an inbox, once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from incidents.actions import manage, recover, remind
from incidents.models import (
    Concern,
    FollowUp,
    Heartbeat,
    Incident,
    Notice,
    NoticeKind,
    PromiseMade,
    Reminder,
    ReminderKind,
    ReminderState,
    Staff,
)
from incidents.workflow import Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

DUE = NOW + 2 * DAY
SECOND = dt.timedelta(seconds=1)
LEASE = 30 * SECOND  # three send timeouts of ten seconds


def clock(moment: dt.datetime) -> Callable[[], dt.datetime]:
    return lambda: moment


def sweep(moment: dt.datetime) -> int:
    return remind.sweep(clock(moment))


def settle(cast: Cast, **over: Any) -> Incident:
    incident = make.make_incident(cast.desk, **over)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    incident.refresh_from_db()
    return incident


@pytest.fixture
def settled(cast: Cast) -> Incident:
    """A call is due at DUE."""
    return settle(cast)


def promise(incident: Incident, by: Staff, due_at: dt.datetime) -> PromiseMade:
    return recover.make_promise(
        incident_id=incident.pk, by=by, now=NOW, what="Write", due_at=due_at, submit_key=uuid4()
    )


class TestSweep:
    def test_nothing_before_it_is_due(self, cast: Cast, settled: Incident) -> None:
        assert sweep(DUE - SECOND) == 0
        assert not Notice.objects.exists()

    def test_what_is_due_is_in_the_inbox(self, cast: Cast, settled: Incident) -> None:
        assert sweep(DUE) == 1
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.at) == (cast.desk, NoticeKind.FOLLOW_UP_DUE, DUE)
        assert notice.subject_id == make.planned_call(settled).pk

    def test_once_however_often_it_is_swept(self, cast: Cast, settled: Incident) -> None:
        assert [sweep(DUE), sweep(DUE), sweep(DUE + DAY)] == [1, 0, 0]
        assert Notice.objects.count() == 1

    def test_after_two_days_down_all_of_it_oldest_first(self, cast: Cast) -> None:
        for _turn in range(3):
            settle(cast)
        incident = settle(cast)
        promise(incident, cast.desk, NOW + HOUR)
        assert sweep(NOW + 10 * DAY) == 5
        assert [n.kind for n in Notice.objects.order_by("id")] == ["promise_due", *["follow_up_due"] * 4]

    def test_no_more_than_the_limit_in_one_go(self, cast: Cast) -> None:
        for _turn in range(3):
            settle(cast)
        assert [remind.sweep(clock(DUE), limit=2), remind.sweep(clock(DUE), limit=2)] == [2, 1]

    def test_it_says_when_it_last_ran(self, db: None) -> None:
        sweep(NOW)
        sweep(NOW + HOUR)
        assert Heartbeat.objects.get(name=remind.SWEEP).at == NOW + HOUR

    def test_due_is_judged_by_the_database(self, cast: Cast) -> None:
        here = dt.datetime.now(dt.UTC)
        assert abs(remind.database_now() - here) < dt.timedelta(hours=1)
        settle(cast)  # due in 2026-03, long ago or still to come by the real clock
        assert remind.sweep() == (1 if here >= DUE else 0)


class TestClaim:
    def test_one_holder_at_a_time(self, settled: Incident) -> None:
        held = remind.claim(DUE)
        assert held is not None
        assert remind.claim(DUE) is None
        row = Reminder.objects.get()
        assert (row.state, row.tries, row.lease_until) == (ReminderState.CLAIMED, 1, DUE + LEASE)

    def test_a_lease_that_ran_out_is_taken_over(self, settled: Incident) -> None:
        first = remind.claim(DUE)
        assert remind.claim(DUE + LEASE) is None
        second = remind.claim(DUE + LEASE + SECOND)
        assert first is not None
        assert second is not None
        assert (first.reminder_id, first.tries, second.tries) == (second.reminder_id, 1, 2)

    def test_only_the_holder_of_the_current_try_finishes(self, settled: Incident) -> None:
        first = remind.claim(DUE)
        second = remind.claim(DUE + LEASE + SECOND)
        assert first is not None
        assert second is not None
        assert remind.finish(first) is False
        assert Reminder.objects.get().state == ReminderState.CLAIMED
        assert remind.finish(second) is True
        assert remind.finish(second) is False
        assert Reminder.objects.get().state == ReminderState.DONE

    def test_a_holder_that_died_before_the_notice(self, cast: Cast, settled: Incident) -> None:
        remind.claim(DUE)
        assert sweep(DUE + LEASE + SECOND) == 1
        assert Notice.objects.count() == 1

    def test_a_holder_that_died_after_the_notice(self, cast: Cast, settled: Incident) -> None:
        held = remind.claim(DUE)
        assert held is not None
        remind.deliver(Reminder.objects.get(pk=held.reminder_id), now=DUE)
        assert sweep(DUE + LEASE + SECOND) == 1
        assert Notice.objects.count() == 1

    def test_without_the_occurrence_it_would_be_shown_twice(self, cast: Cast, settled: Incident) -> None:
        """The control: the unique occurrence is what keeps a second try from a second notice."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE incidents_notice DROP CONSTRAINT notice_occurrence_once")
        held = remind.claim(DUE)
        assert held is not None
        remind.deliver(Reminder.objects.get(pk=held.reminder_id), now=DUE)
        sweep(DUE + LEASE + SECOND)
        assert Notice.objects.count() == 2

    def test_ten_sweeps_at_once(self, together: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
        cast = make.make_cast()
        for _turn in range(12):
            settle(cast)
        sent = together(lambda n: sweep(DUE), 10)
        assert sum(sent) == 12
        assert Notice.objects.count() == 12


class TestBadRows:
    @pytest.fixture
    def poison(self, cast: Cast) -> Reminder:
        """A reminder of a call that is not there; older than all others."""
        incident = settle(cast)
        return Reminder.objects.create(
            incident=incident,
            kind=ReminderKind.FOLLOW_UP_DUE,
            subject_id=999_999,
            occurrence="broken",
            due_at=NOW,
        )

    def test_one_does_not_stop_the_others(self, cast: Cast, poison: Reminder) -> None:
        assert sweep(DUE) == 1
        poison.refresh_from_db()
        assert (poison.state, poison.last_error) == (ReminderState.CLAIMED, "DoesNotExist")
        assert Notice.objects.count() == 1

    def test_it_is_tried_five_times_and_then_dead_and_still_there(self, poison: Reminder) -> None:
        moment = DUE
        for _turn in range(8):
            sweep(moment)
            moment += LEASE + SECOND
        poison.refresh_from_db()
        assert (poison.state, poison.tries) == (ReminderState.DEAD, 5)

    def test_also_when_the_last_holder_crashed(self, settled: Incident) -> None:
        Reminder.objects.update(state="claimed", tries=5, lease_until=DUE + LEASE)
        sweep(DUE + LEASE)
        assert Reminder.objects.get().state == ReminderState.CLAIMED
        sweep(DUE + LEASE + SECOND)
        assert Reminder.objects.get().state == ReminderState.DEAD

    def test_what_works_again_is_sent_by_a_later_sweep(
        self, cast: Cast, settled: Incident, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(remind, "notify", lambda **fields: 1 / 0)
            assert sweep(DUE) == 0
        assert Reminder.objects.get().last_error == "ZeroDivisionError"
        assert sweep(DUE + LEASE + SECOND) == 1
        row = Reminder.objects.get()
        assert (row.state, row.last_error) == (ReminderState.DONE, "")


class TestStillStands:
    def test_a_call_that_was_moved_says_nothing_at_its_old_time(self, cast: Cast, settled: Incident) -> None:
        FollowUp.objects.update(due_at=DUE + DAY)
        assert sweep(DUE) == 1
        assert not Notice.objects.exists()

    def test_moved_by_the_customer_it_speaks_at_the_new_time_only(self, cast: Cast, settled: Incident) -> None:
        make.call(settled, cast.desk, "call_back", now=NOW + HOUR, call_back_at=DUE + DAY)
        assert [sweep(DUE), sweep(DUE + DAY)] == [0, 1]
        assert Notice.objects.get().occurrence == (DUE + DAY).isoformat()

    def test_moved_away_and_back_again_it_still_speaks(self, cast: Cast, settled: Incident) -> None:
        for hour, moment in ((1, DUE + DAY), (2, DUE + 2 * DAY), (3, DUE + DAY)):
            make.call(settled, cast.desk, "call_back", now=NOW + hour * HOUR, call_back_at=moment)
        sweep(DUE + DAY)
        assert Notice.objects.count() == 1

    def test_the_second_occurrence_is_not_swallowed(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        make.call(settled, cast.desk, "no_answer", now=DUE + HOUR)
        sweep(DUE + 5 * HOUR)
        assert Notice.objects.filter(recipient=cast.desk).count() == 2

    def test_the_call_of_the_second_round_is_not_swallowed(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        make.call(settled, cast.desk, "unhappy", now=DUE + HOUR)
        make.give(settled, cast.desk, now=DUE + HOUR)
        sweep(DUE + HOUR + 2 * DAY)
        assert Notice.objects.filter(recipient=cast.desk, kind=NoticeKind.FOLLOW_UP_DUE).count() == 2

    def test_a_call_that_was_made_says_nothing(self, cast: Cast, settled: Incident) -> None:
        make.call(settled, cast.desk, "satisfied")
        sweep(DUE)
        assert not Notice.objects.exists()

    def test_a_closed_recovery_says_nothing(self, cast: Cast, settled: Incident) -> None:
        manage.close_incident(incident_id=settled.pk, reason="withdrawn", by=cast.desk, now=NOW, note="Said so.")
        sweep(DUE)
        assert not Notice.objects.exists()

    def test_a_promise_is_due_even_when_all_is_closed(self, cast: Cast, settled: Incident) -> None:
        promise(settled, cast.desk, DUE)
        make.call(settled, cast.desk, "satisfied")
        assert settled.stage == Stage.CLOSED
        sweep(DUE)
        assert Notice.objects.get().kind == NoticeKind.PROMISE_DUE

    def test_a_promise_that_was_kept_says_nothing(self, cast: Cast, settled: Incident) -> None:
        made = promise(settled, cast.desk, NOW + HOUR)
        recover.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=True)
        sweep(NOW + HOUR)
        assert not Notice.objects.exists()

    def test_a_missing_receipt_is_asked_for_once(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.give(incident, cast.desk, "reimburse", assignee=cast.colleague)
        Notice.objects.all().delete()
        for days in range(1, 8):
            sweep(NOW + days * DAY)
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.at) == (
            cast.colleague,
            NoticeKind.RECEIPT_MISSING,
            NOW + 3 * DAY,
        )

    def test_a_typed_name_has_no_inbox_so_the_assignee_is_asked(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.give(incident, cast.manager, "reimburse", done_by_name="Colin, sales")
        sweep(NOW + 3 * DAY)
        assert Notice.objects.get().recipient == cast.desk


class TestRecipient:
    def test_handed_over_it_reaches_the_new_one(self, cast: Cast, settled: Incident) -> None:
        manage.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.colleague, now=NOW)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.colleague

    def test_somebody_who_left_is_stood_in_for(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.manager

    def test_somebody_who_works_elsewhere_now_is_stood_in_for(self, cast: Cast, settled: Incident) -> None:
        cast.desk.memberships.all().delete()
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.manager

    def test_without_a_fallback_the_managers_of_the_place(self, cast: Cast, settled: Incident) -> None:
        second = make.make_staff("Max Manager", cast.here, role="manager")  # type: ignore[arg-type]
        make.make_staff("Mia Manager", cast.elsewhere, role="manager")  # type: ignore[arg-type]
        cast.here.fallback_assignee = None
        cast.here.save(update_fields=["fallback_assignee"])
        Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
        sweep(DUE)
        assert {n.recipient for n in Notice.objects.all()} == {cast.manager, second}

    def test_without_managers_the_administrators(self, cast: Cast, settled: Incident) -> None:
        Staff.objects.exclude(pk__in=[cast.owner.pk]).update(is_active=False)
        sweep(DUE)
        assert Notice.objects.get().recipient == cast.owner

    def test_never_somebody_whom_it_is_about(self, cast: Cast) -> None:
        incident = settle(cast, category="safety")
        Concern.objects.create(incident=incident, staff=cast.manager)
        Notice.objects.all().delete()
        sweep(NOW + DAY)
        assert {n.recipient for n in Notice.objects.all()} == {cast.owner}

    def test_a_restricted_one_about_a_manager_is_not_for_the_other_managers(self, cast: Cast) -> None:
        make.make_staff("Max Manager", cast.here, role="manager")  # type: ignore[arg-type]
        incident = make.make_incident(cast.owner, category="safety")
        Concern.objects.create(incident=incident, staff=cast.manager)
        assert remind.managers_of(incident) == [cast.owner]
