"""What we told them we would do later: made anywhere, kept, broken, agreed anew."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import apologies, handovers, promises
from incidents.actions.refusals import Refused, Stale
from incidents.models import Concern, Event, Incident, Notice, PromiseMade, Reminder, ReminderState, Staff
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import promise, sweep


def move(of: PromiseMade, by: Staff, **over: Any) -> PromiseMade:
    fields: dict[str, Any] = {"due_at": NOW + 2 * DAY, "expected_due_at": of.due_at, "now": NOW}
    return promises.move_promise(promise_id=of.pk, by=by, **fields | over)


def waiting(of: PromiseMade) -> list[dt.datetime | None]:
    """The times at which it will still be spoken of."""
    rows = Reminder.objects.filter(kind="promise_due", subject_id=of.pk, state=ReminderState.PENDING)
    return list(rows.values_list("target_at", flat=True))


def reminded() -> list[dt.datetime | None]:
    """The times of the promises somebody was told are due."""
    return list(Notice.objects.filter(kind="promise_due").values_list("target_at", flat=True))


def kinds(incident: Incident) -> list[str]:
    return list(Event.objects.filter(incident=incident).order_by("id").values_list("kind", flat=True))


class TestTogetherWithAnotherAct:
    def test_with_an_apology(self, cast: Cast, incident: Incident) -> None:
        due = NOW + DAY
        make.apologize(incident, cast.colleague, promise_what="Send the list", promise_due_at=due)
        made = incident.promises.get()
        assert (made.what, made.due_at, made.assignee) == ("Send the list", due, cast.colleague)
        assert waiting(made) == [due]
        assert "promise_made" in kinds(incident)

    def test_with_a_remedy_and_in_the_call_that_closes(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk, promise_what="Ask the plumber", promise_due_at=NOW + DAY)
        make.call(incident, cast.desk, promise_what="Write to them", promise_due_at=NOW + 2 * DAY)
        assert not incident.is_open
        assert [waiting(one) for one in incident.promises.all()] == [[NOW + DAY], [NOW + 2 * DAY]]

    def test_with_a_handover_the_new_one_keeps_it(self, cast: Cast, incident: Incident) -> None:
        handovers.hand_over(
            incident_id=incident.pk,
            to=cast.colleague,
            by=cast.desk,
            now=NOW,
            promise_what="Call at six",
            promise_due_at=NOW + HOUR,
        )
        assert incident.promises.get().assignee == cast.colleague

    def test_half_a_promise_takes_the_whole_act_back(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(Refused, match="until when"):
            make.apologize(incident, cast.desk, promise_what="Send the list")
        with pytest.raises(Refused, match="what you promised"):
            make.apologize(incident, cast.desk, promise_due_at=NOW + DAY)
        assert not incident.apologies.exists()
        assert not incident.promises.exists()

    def test_the_same_form_twice_promises_once(self, cast: Cast, incident: Incident) -> None:
        key = uuid4()
        for _time in range(2):
            apologies.record_apology(
                incident_id=incident.pk,
                by=cast.desk,
                now=NOW,
                channel="phone",
                submit_key=key,
                promise_what="Send the list",
                promise_due_at=NOW + DAY,
            )
        assert incident.promises.count() == 1


class TestSettling:
    def test_kept_in_time_and_kept_late(self, cast: Cast, incident: Incident) -> None:
        early, late = promise(incident, cast.desk, NOW + DAY), promise(incident, cast.desk, NOW + HOUR)
        for one in (early, late):
            promises.settle_promise(promise_id=one.pk, by=cast.desk, now=NOW + 3 * HOUR, is_kept=True)
            one.refresh_from_db()
        assert (early.kept_late_by, late.kept_late_by) == (None, 2 * HOUR)

    def test_it_counts_when_it_was_kept_not_when_it_is_said(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + HOUR)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW + DAY, is_kept=True, at=NOW + HOUR)
        made.refresh_from_db()
        assert made.kept_late_by is None
        other = promise(incident, cast.desk, NOW + HOUR)
        with pytest.raises(Refused, match="still to come"):
            promises.settle_promise(promise_id=other.pk, by=cast.desk, now=NOW, is_kept=True, at=NOW + HOUR)

    def test_broken_is_broken_and_stops_reminding(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + HOUR)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=False, note="Forgotten")
        made.refresh_from_db()
        assert (made.broken_at, made.kept_at, made.note) == (NOW, None, "Forgotten")
        assert waiting(made) == []
        sweep(NOW + DAY)
        assert not reminded()

    def test_the_first_answer_stays(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + HOUR)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=True)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=False)
        made.refresh_from_db()
        assert (made.kept_at, made.broken_at) == (NOW, None)


class TestMoving:
    def test_what_was_said_first_stays_known(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        made = move(made, cast.desk, note="They travel until Friday")
        made = move(made, cast.desk, due_at=NOW + 3 * DAY)
        assert (made.first_due_at, made.due_at, made.moved_count) == (NOW + DAY, NOW + 3 * DAY, 2)
        event = Event.objects.filter(kind="promise_moved").earliest("id")
        assert incident.notes.get(pk=event.codes["note"]).words == "They travel until Friday"
        assert "Friday" not in str(event.codes)

    def test_the_reminders_move_along(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        move(made, cast.desk)
        assert waiting(made) == [NOW + 2 * DAY]
        sweep(NOW + DAY)
        assert not reminded()
        sweep(NOW + 2 * DAY)
        assert reminded() == [NOW + 2 * DAY]

    def test_also_once_the_incident_is_closed(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        make.close(incident, cast.desk, "withdrawn")
        move(made, cast.desk)
        assert waiting(made) == [NOW + 2 * DAY]

    def test_stale_when_somebody_was_faster(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        move(made, cast.colleague, due_at=NOW + 5 * DAY)
        with pytest.raises(Stale, match=r"due Mon 9 Mar, 10:00 now"):  # on the clock of the place
            move(made, cast.desk)
        made.refresh_from_db()
        assert made.due_at == NOW + 5 * DAY

    def test_not_into_the_past_and_not_once_it_is_settled(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        with pytest.raises(Refused, match="still to come"):
            move(made, cast.desk, due_at=NOW)
        promises.settle_promise(promise_id=made.pk, by=cast.desk, now=NOW, is_kept=False)
        with pytest.raises(Refused, match="settled already"):
            move(made, cast.desk)

    def test_somebody_else_keeps_it(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        move(made, cast.desk, due_at=made.due_at, assignee=cast.colleague)
        made.refresh_from_db()
        assert (made.assignee, made.moved_count, made.first_due_at) == (cast.colleague, 0, None)
        assert Notice.objects.get().recipient == cast.colleague
        assert kinds(incident)[-1] == "promise_passed"
        sweep(NOW + DAY)
        assert Notice.objects.get(kind="promise_due").recipient == cast.colleague

    def test_not_a_stranger_nor_somebody_concerned(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        Concern.objects.create(incident=incident, staff=cast.colleague)
        for to in (cast.outsider, cast.colleague):
            with pytest.raises(Refused, match="do not work at this location"):
                move(made, cast.desk, assignee=to)
        made.refresh_from_db()
        assert (made.due_at, made.moved_count) == (NOW + DAY, 0)
