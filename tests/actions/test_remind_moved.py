"""What was moved, settled or taken back still rings, whoever else is at it in that moment."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from incidents.actions import customers, handovers, promises, remedies, remind, undo
from incidents.models import Incident, Notice, PromiseMade, Reminder, ReminderState
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, SECOND, promise, settle, sweep

MINUTE = dt.timedelta(minutes=1)
PROMISED = NOW + 2 * HOUR
WARNED = PROMISED - 30 * MINUTE


def said(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


class TestDueNow:
    """Nobody was late with what is planned for this very moment."""

    def test_a_guest_who_is_just_leaving(self, cast: Cast) -> None:
        incident = settle(cast, reach_until=NOW + 20 * MINUTE)
        assert make.planned_call(incident).due_at == NOW
        sweep(NOW)
        assert Notice.objects.get(kind="follow_up_due").recipient == cast.desk
        sweep(NOW + DAY)
        assert Notice.objects.filter(kind="follow_up_due", recipient=cast.manager).exists(), "it climbs too"

    def test_a_call_that_may_be_made_again_after_its_time(self, cast: Cast) -> None:
        incident, later = settle(cast), DUE + DAY
        assert incident.customer is not None
        for is_wanted, now in ((False, NOW), (True, later)):
            customers.wish_for_contact(customer_id=incident.customer.pk, is_wanted=is_wanted, by=cast.desk, now=now)
        assert make.planned_call(incident).due_at == later
        sweep(later)
        assert said("follow_up_due") == 1

    def test_what_was_given_long_ago_and_settled_only_now(self, cast: Cast) -> None:
        incident, later = make.make_incident(cast.desk), NOW + 5 * DAY
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk, is_delivered=True)
        other = make.give(incident, cast.desk, is_delivered=False)
        assert incident.follow_ups.count() == 1, "planned when the first was given"
        incident.follow_ups.update(cancelled_at=NOW)
        remedies.end_remedy(remedy_id=other.pk, state="withdrawn", by=cast.desk, now=later)
        assert make.planned_call(incident).due_at == later
        sweep(later)
        assert said("follow_up_due") == 1


class TestTakenBack:
    @pytest.fixture
    def moved_about(self, cast: Cast, incident: Incident) -> PromiseMade:
        """Due at DUE, moved away and back again."""
        made = promise(incident, cast.desk, DUE)
        for before, after in ((DUE, DUE + DAY), (DUE + DAY, DUE)):
            promises.move_promise(promise_id=made.pk, due_at=after, by=cast.desk, now=NOW, expected_due_at=before)
        return made

    def test_a_promise_that_was_moved_away_and_back(self, cast: Cast, moved_about: PromiseMade) -> None:
        promises.settle_promise(promise_id=moved_about.pk, by=cast.desk, now=NOW + HOUR, is_kept=True)
        undo.undo_last(incident_id=moved_about.incident_id, by=cast.desk, now=NOW + HOUR + SECOND)
        sweep(DUE)
        assert said("promise_due") == 1

    def test_the_closing_of_one_whose_call_was_moved_away_and_back(self, cast: Cast, settled: Incident) -> None:
        for day in (1, 2, 1):
            make.call(settled, cast.desk, "call_back", now=NOW + HOUR, call_back_at=DUE + day * DAY)
        make.close(settled, cast.desk, "withdrawn", now=NOW + 2 * HOUR)
        undo.undo_last(incident_id=settled.pk, by=cast.desk, now=NOW + 2 * HOUR + SECOND)
        sweep(DUE + DAY)
        assert said("follow_up_due") == 1

    def test_only_what_was_dropped_goes_on(self, cast: Cast, settled: Incident) -> None:
        made = promise(settled, cast.desk, NOW + 9 * DAY)
        for moment in (FIRST, DUE, DUE + 2 * HOUR, DUE + DAY, DUE + 3 * DAY):
            sweep(moment)
        before = Notice.objects.count()
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=DUE + 3 * DAY, is_kept=True)
        undo.undo_last(incident_id=settled.pk, by=cast.desk, now=DUE + 3 * DAY + SECOND)
        assert list(Reminder.objects.filter(state=ReminderState.PENDING).values_list("kind")) == [("promise_due",)]
        sweep(DUE + 4 * DAY)
        assert Notice.objects.count() == before

    def test_with_its_tries(self, cast: Cast, incident: Incident) -> None:
        """It was read as kept in its last try: nobody could claim it a sixth time."""
        made = promise(incident, cast.desk, DUE)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=True)
        Reminder.objects.filter(kind="promise_due").update(tries=remind.MAX_TRIES)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + SECOND)
        sweep(DUE)
        assert said("promise_due") == 1

    def test_nobody_is_asked_again_of_what_was_handed_on(self, cast: Cast, incident: Incident) -> None:
        """Once more with the one who had not taken it the first time; they have taken it since."""
        made = promise(incident, cast.manager, NOW + 9 * DAY)
        people = [cast.desk, cast.colleague, cast.manager, cast.colleague]
        for number, (by, to) in enumerate(pairwise(people)):
            handovers.hand_over(incident_id=incident.pk, to=to, by=by, now=NOW + number * MINUTE)
        handovers.accept_handover(incident_id=incident.pk, by=cast.colleague, now=NOW + 4 * MINUTE)
        promises.settle_promise(promise_id=made.pk, by=cast.colleague, now=NOW + HOUR, is_kept=True)
        undo.undo_last(incident_id=incident.pk, by=cast.colleague, now=NOW + HOUR + SECOND)
        sweep(NOW + DAY)
        assert not said("handover_open")

    def test_nobody_is_told_to_put_right_what_only_lacks_its_receipt(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        offered = make.give(incident, cast.desk, is_delivered=False)
        make.give(incident, cast.desk, "reimburse")
        remedies.end_remedy(remedy_id=offered.pk, state="withdrawn", by=cast.desk, now=NOW + HOUR)
        made = promise(incident, cast.desk, NOW + 9 * DAY)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW + 2 * HOUR, is_kept=True)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + 2 * HOUR + SECOND)
        assert not Reminder.objects.filter(kind="remedy_due", state=ReminderState.PENDING).exists()


class TestHeldMeanwhile:
    """Somebody has claimed it, and reads it between two acts of whoever works on the incident."""

    @pytest.fixture
    def made(self, cast: Cast) -> PromiseMade:
        """Its warning rings at WARNED."""
        return promise(settle(cast), cast.desk, PROMISED)

    def read(self, moment: dt.datetime) -> remind.Claim:
        """Claimed, and found not to stand; what follows from it is not yet written."""
        row = Reminder.objects.get(kind="promise_due", state=ReminderState.CLAIMED)
        assert row.lease_until is not None
        assert not remind.deliver(row, now=moment)
        return remind.Claim(row.pk, row.tries, row.lease_until)

    def test_kept_and_not_kept_after_all(self, cast: Cast, made: PromiseMade) -> None:
        remind.claim(WARNED)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=WARNED, is_kept=True)
        held = self.read(WARNED)
        undo.undo_last(incident_id=made.incident_id, by=cast.desk, now=WARNED + SECOND)
        remind.finish(held, ReminderState.MOOT)
        sweep(WARNED + 2 * SECOND)
        assert said("promise_due") == 1

    @pytest.mark.parametrize("is_back_first", [True, False])
    def test_moved_away_and_back(self, cast: Cast, made: PromiseMade, is_back_first: bool) -> None:
        remind.claim(WARNED)
        move: dict[str, Any] = {"promise_id": made.pk, "by": cast.desk, "now": WARNED}
        promises.move_promise(due_at=DUE, expected_due_at=PROMISED, **move)
        held = self.read(WARNED)
        if not is_back_first:
            remind.finish(held, ReminderState.MOOT)
        promises.move_promise(due_at=PROMISED, expected_due_at=DUE, **move)
        remind.finish(held, ReminderState.MOOT)
        sweep(PROMISED)
        assert said("promise_due") == 1

    def test_an_older_holder_finishes_nothing_though_the_tries_began_anew(self, cast: Cast, made: PromiseMade) -> None:
        first = remind.claim(WARNED)
        Reminder.objects.filter(kind="promise_due").update(state=ReminderState.PENDING, tries=0, lease_until=None)
        second = remind.claim(WARNED + SECOND)
        assert first is not None
        assert second is not None
        assert (first.reminder_id, first.tries) == (second.reminder_id, second.tries)
        assert [remind.finish(first), remind.finish(second)] == [False, True]
