"""The due table: what falls due reaches an inbox, once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from incidents.actions import remind
from incidents.models import Incident, Notice, NoticeKind, Reminder, ReminderKind, ReminderState
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, LEASE, SECOND, clock, of_call, promise, settle, sweep


@pytest.fixture
def settled(cast: Cast) -> Incident:
    """A call is due at DUE."""
    return settle(cast)


class TestSweep:
    def test_nothing_before_it_is_due(self, cast: Cast, settled: Incident) -> None:
        assert sweep(FIRST - SECOND) == 0
        assert not Notice.objects.exists()

    def test_what_is_due_is_in_the_inbox(self, cast: Cast, settled: Incident) -> None:
        assert sweep(DUE) == 1
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.at) == (cast.desk, NoticeKind.FOLLOW_UP_DUE, DUE)
        assert notice.subject_id == make.planned_call(settled).pk

    def test_once_however_often_it_is_swept(self, cast: Cast, settled: Incident) -> None:
        assert [sweep(DUE), sweep(DUE), sweep(DUE + HOUR)] == [1, 0, 0]
        assert Notice.objects.count() == 1

    def test_after_two_days_down_all_of_it_oldest_first(self, cast: Cast) -> None:
        for _turn in range(3):
            settle(cast)
        incident = settle(cast)
        promise(incident, cast.desk, NOW + HOUR)
        assert sweep(NOW + 10 * DAY) == 5
        to_desk = Notice.objects.filter(recipient=cast.desk).order_by("id")
        assert [n.kind for n in to_desk] == ["promise_due", *["follow_up_due"] * 4]

    def test_no_more_than_the_limit_in_one_go(self, cast: Cast) -> None:
        for _turn in range(3):
            settle(cast)
        assert [remind.sweep(clock(DUE), limit=2), remind.sweep(clock(DUE), limit=2)] == [2, 1]

    def test_due_is_judged_by_the_database(self, cast: Cast) -> None:
        here = dt.datetime.now(dt.UTC)
        assert abs(remind.database_now() - here) < dt.timedelta(hours=1)
        settle(cast)  # due in 2026-03, long ago or still to come by the real clock
        assert remind.sweep() == (1 if here >= DUE else 0)


class TestClaim:
    def test_one_holder_at_a_time(self, settled: Incident) -> None:
        held = remind.claim(FIRST)
        assert held is not None
        assert remind.claim(FIRST) is None
        row = of_call(settled)
        assert (row.state, row.tries, row.lease_until) == (ReminderState.CLAIMED, 1, FIRST + LEASE)

    def test_a_lease_that_ran_out_is_taken_over(self, settled: Incident) -> None:
        first = remind.claim(FIRST)
        assert remind.claim(FIRST + LEASE) is None
        second = remind.claim(FIRST + LEASE + SECOND)
        assert first is not None
        assert second is not None
        assert (first.reminder_id, first.tries, second.tries) == (second.reminder_id, 1, 2)

    def test_only_the_holder_of_the_current_try_finishes(self, settled: Incident) -> None:
        first = remind.claim(FIRST)
        second = remind.claim(FIRST + LEASE + SECOND)
        assert first is not None
        assert second is not None
        assert remind.finish(first) is False
        assert of_call(settled).state == ReminderState.CLAIMED
        assert remind.finish(second) is True
        assert remind.finish(second) is False
        assert of_call(settled).state == ReminderState.DONE

    def test_a_holder_that_died_before_the_notice(self, cast: Cast, settled: Incident) -> None:
        remind.claim(FIRST)
        assert sweep(FIRST + LEASE + SECOND) == 1
        assert Notice.objects.count() == 1

    def test_a_holder_that_died_after_the_notice(self, cast: Cast, settled: Incident) -> None:
        held = remind.claim(FIRST)
        assert held is not None
        remind.deliver(Reminder.objects.get(pk=held.reminder_id), now=FIRST)
        assert sweep(FIRST + LEASE + SECOND) == 1
        assert Notice.objects.count() == 1

    def test_without_the_occurrence_it_would_be_shown_twice(self, cast: Cast, settled: Incident) -> None:
        """The control: the unique occurrence is what keeps a second try from a second notice."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE incidents_notice DROP CONSTRAINT notice_occurrence_once")
        held = remind.claim(FIRST)
        assert held is not None
        remind.deliver(Reminder.objects.get(pk=held.reminder_id), now=FIRST)
        sweep(FIRST + LEASE + SECOND)
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
            target_at=NOW,
            due_at=NOW,
        )

    def test_one_does_not_stop_the_others(self, cast: Cast, poison: Reminder) -> None:
        assert sweep(DUE) == 1
        poison.refresh_from_db()
        assert (poison.state, poison.last_error) == (ReminderState.CLAIMED, "DoesNotExist")
        assert Notice.objects.count() == 1

    def test_it_is_tried_five_times_and_then_dead_and_still_there(self, poison: Reminder) -> None:
        moment = FIRST
        for _turn in range(8):
            sweep(moment)
            moment += LEASE + SECOND
        poison.refresh_from_db()
        assert (poison.state, poison.tries) == (ReminderState.DEAD, 5)

    def test_also_when_the_last_holder_crashed(self, settled: Incident) -> None:
        Reminder.objects.filter(state="pending").update(state="claimed", tries=5, lease_until=FIRST + LEASE)
        sweep(FIRST + LEASE)
        assert of_call(settled).state == ReminderState.CLAIMED
        sweep(FIRST + LEASE + SECOND)
        assert of_call(settled).state == ReminderState.DEAD

    def test_also_when_nobody_can_claim_it(self, settled: Incident) -> None:
        """A table that was put right by hand, or given back from a backup: it must not wait for ever unseen."""
        Reminder.objects.filter(kind="follow_up_due").update(state="pending", tries=5)
        sweep(FIRST)
        assert of_call(settled).state == ReminderState.DEAD

    def test_what_works_again_is_sent_by_a_later_sweep(
        self, cast: Cast, settled: Incident, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(remind, "notify", lambda **fields: 1 / 0)
            assert sweep(FIRST) == 0
        assert of_call(settled).last_error == "ZeroDivisionError"
        assert sweep(FIRST + LEASE + SECOND) == 1
        row = Reminder.objects.get(kind="follow_up_due", state=ReminderState.DONE)
        assert row.last_error == ""
