"""Waiting for the customer: what stands still, what goes on, and what ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from incidents import story
from incidents.actions import change, remedies, rounds, undo, waiting
from incidents.actions.refusals import Refused
from incidents.calendars import Pause
from incidents.models import Deadline, Incident, Notice, OpenHours, Reminder, ReminderState
from incidents.models.hours import pauses_of
from incidents.vocabulary import Clock
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import sweep

UNTIL = NOW + 2 * DAY
SECOND = dt.timedelta(seconds=1)


def wait(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW, "until": UNTIL}
    waiting.wait_for_customer(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def go_on(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW + DAY}
    waiting.go_on(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def due(incident: Incident) -> dict[str, dt.datetime]:
    rows = Deadline.objects.filter(incident=incident, round__number=incident.round_number)
    return dict(rows.values_list("clock", "due_at"))


def waits(incident: Incident) -> tuple[dt.datetime | None, dt.datetime | None]:
    make.fresh(incident)
    return incident.waiting_since, incident.waiting_until


def pauses(incident: Incident) -> tuple[Pause, ...]:
    """From the events alone."""
    return pauses_of(Incident.objects.select_related("location").get(pk=incident.pk))


def pending(incident: Incident) -> list[dt.datetime | None]:
    rows = Reminder.objects.filter(incident=incident, kind="waited_long_enough", state=ReminderState.PENDING)
    return list(rows.values_list("target_at", flat=True))


def test_offering_and_delivering_stand_still_the_apology_does_not(cast: Cast, incident: Incident) -> None:
    before = due(incident)
    wait(incident, cast)
    after = due(incident)
    assert (after[Clock.ACKNOWLEDGE], after[Clock.APOLOGIZE]) == (before[Clock.ACKNOWLEDGE], before[Clock.APOLOGIZE])
    for clock in (Clock.OFFER, Clock.DELIVER):
        assert after[clock] == before[clock] + 2 * DAY
    assert incident.next_due_at == before[Clock.APOLOGIZE]


def test_what_is_due_next_is_when_we_have_waited_enough(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    assert wait(incident, cast, until=NOW + HOUR).next_due_at == NOW + HOUR
    assert go_on(incident, cast, now=NOW + HOUR / 2).next_due_at == NOW + DAY + HOUR / 2


def test_three_open_days_unless_somebody_says(cast: Cast, incident: Incident) -> None:
    assert wait(incident, cast, until=None).waiting_until == NOW + 3 * DAY
    for weekday in range(5):  # NOW is a Wednesday, 09:00 there
        OpenHours.objects.create(location=cast.here, weekday=weekday, opens=dt.time(8), closes=dt.time(17))
    other = make.make_incident(cast.desk)
    assert wait(other, cast, until=None).waiting_until == NOW + 5 * DAY - HOUR  # Monday 09:00, after the clocks changed


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + 60 * DAY + SECOND])
def test_until_a_moment_within_sixty_days(cast: Cast, incident: Incident, until: dt.datetime) -> None:
    with pytest.raises(Refused, match="within the next 60 days"):
        wait(incident, cast, until=until)
    assert waits(incident) == (None, None)
    assert wait(incident, cast, until=NOW + 60 * DAY).waiting_until == NOW + 60 * DAY


def test_a_note_is_kept_and_the_events_hold_no_words(cast: Cast, incident: Incident) -> None:
    wait(incident, cast, note=" They ask their wife. ")
    note = incident.notes.get()
    event = incident.events.get(kind="waiting_began")
    assert (note.words, event.subject_id) == ("They ask their wife.", note.pk)
    assert "wife" not in str(event.codes)


def test_the_same_form_twice(cast: Cast, incident: Incident) -> None:
    key = uuid4()
    wait(incident, cast, submit_key=key, note="Once.")
    wait(incident, cast, submit_key=key, note="Once.", now=NOW + HOUR, until=NOW + 3 * DAY)
    assert waits(incident) == (NOW, UNTIL)
    assert (incident.notes.count(), incident.events.filter(kind="waiting_began").count()) == (1, 1)
    wait(incident, cast)
    assert incident.events.filter(kind="waiting_began").count() == 1


def test_longer_than_was_said_first(cast: Cast, incident: Incident) -> None:
    wait(incident, cast)
    wait(incident, cast, now=NOW + DAY, until=NOW + 5 * DAY)
    assert waits(incident) == (NOW, NOW + 5 * DAY)
    assert pauses(incident) == (Pause(NOW, NOW + DAY), Pause(NOW + DAY, NOW + 5 * DAY))
    assert due(incident)[Clock.OFFER] == NOW + 6 * DAY
    assert pending(incident) == [NOW + 5 * DAY]


def test_when_it_is_over_the_clocks_run_though_nobody_said_so(cast: Cast, incident: Incident) -> None:
    wait(incident, cast)
    remedies.add_remedy(
        incident_id=incident.pk, by=cast.desk, now=NOW + 4 * DAY, type=make.remedy_type("redo"), submit_key=uuid4()
    )
    assert due(incident)[Clock.DELIVER] == NOW + 5 * DAY
    go_on(incident, cast, now=NOW + 9 * DAY)
    assert due(incident)[Clock.DELIVER] == NOW + 5 * DAY
    assert pauses(incident) == (Pause(NOW, UNTIL),)


def test_they_answered_and_a_second_tap_changes_nothing(cast: Cast, incident: Incident) -> None:
    wait(incident, cast)
    version = go_on(incident, cast).version
    assert waits(incident) == (None, None)
    assert due(incident)[Clock.OFFER] == NOW + 2 * DAY
    assert go_on(incident, cast).version == version
    assert incident.events.filter(kind="waiting_ended").count() == 1
    assert pending(incident) == []


def test_not_when_it_is_closed(cast: Cast, incident: Incident) -> None:
    make.close(incident, cast.desk, "withdrawn")
    with pytest.raises(Refused, match="closed"):
        wait(incident, cast)


# What tells us that we have heard them.
Act = Callable[[Incident, Cast], object]


def offered(incident: Incident, cast: Cast, kind: str = "redo") -> int:
    return make.give(incident, cast.desk, kind, is_delivered=False).pk


def accept(incident: Incident, cast: Cast) -> None:
    remedies.accept_remedy(remedy_id=incident.remedies.latest("id").pk, by=cast.desk, now=NOW + DAY)


def decline(how: str) -> Act:
    def act(incident: Incident, cast: Cast) -> None:
        of: dict[str, Any] = {"remedy_id": incident.remedies.latest("id").pk, "by": cast.desk, "now": NOW + DAY}
        remedies.decline_remedy(declined_as=how, **of)

    return act


def call(outcome: str) -> Act:
    def act(incident: Incident, cast: Cast) -> None:
        make.give(incident, cast.desk, "put_right", now=NOW)
        make.apologize(incident, cast.desk)
        remedies.end_remedy(remedy_id=incident.remedies.earliest("id").pk, by=cast.desk, now=NOW, state="withdrawn")
        wait(incident, cast)
        over = {"call_back_at": NOW + 9 * DAY} if outcome == "call_back" else {}
        make.call(incident, cast.desk, outcome, now=NOW + DAY, **over)

    return act


def go_back(incident: Incident, cast: Cast) -> None:
    rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=NOW + DAY)


def waive(incident: Incident, cast: Cast) -> None:
    of: dict[str, Any] = {"incident_id": incident.pk, "waived_as": "wants_nothing"}
    remedies.waive_remedy(**of, by=cast.desk, now=NOW + DAY)


def close(incident: Incident, cast: Cast) -> None:
    make.close(incident, cast.desk, "withdrawn", now=NOW + DAY)


HEARD: dict[str, Act] = {
    "accepted": accept,
    "not enough": decline("not_enough"),
    "wants nothing": decline("wants_nothing"),
    "waived": waive,
    "satisfied": call("satisfied"),
    "unhappy": call("unhappy"),
    "no contact": call("do_not_contact"),
    "new problem": call("new_problem"),
    "gone back": go_back,
    "closed": close,
}


@pytest.mark.parametrize("name", HEARD)
def test_it_ends_by_itself_when_they_are_heard(cast: Cast, incident: Incident, name: str) -> None:
    offered(incident, cast)
    wait(incident, cast)
    HEARD[name](incident, cast)
    assert waits(incident) == (None, None)
    assert pending(incident) == []
    assert pauses(incident)[-1].ended == NOW + DAY
    assert incident.events.filter(kind="waiting_ended").count() == 1


@pytest.mark.parametrize("outcome", ["no_answer", "voicemail", "call_back"])
def test_a_call_that_did_not_reach_them_ends_nothing(cast: Cast, incident: Incident, outcome: str) -> None:
    offered(incident, cast)
    call(outcome)(incident, cast)
    assert waits(incident) == (NOW, UNTIL)


def test_a_delivery_is_no_answer(cast: Cast, incident: Incident) -> None:
    remedy = offered(incident, cast)
    wait(incident, cast)
    remedies.deliver_remedy(remedy_id=remedy, by=cast.desk, now=NOW + DAY)
    assert waits(incident) == (NOW, UNTIL)


class TestReminder:
    def test_at_the_moment_and_a_day_later_to_the_managers(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        wait(incident, cast)
        sweep(UNTIL - SECOND)
        assert not Notice.objects.filter(kind="waited_long_enough").exists()
        sweep(UNTIL)
        assert Notice.objects.get(kind="waited_long_enough").recipient == cast.desk
        sweep(UNTIL + DAY)
        told = Notice.objects.filter(kind="waited_long_enough", recipient=cast.manager)
        assert told.get().reason == "manager"

    def test_not_when_they_answered_in_time(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        go_on(incident, cast)
        sweep(UNTIL + 9 * DAY)
        assert not Notice.objects.filter(kind="waited_long_enough").exists()

    def test_at_the_new_moment_only(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        wait(incident, cast, now=NOW + HOUR, until=UNTIL + DAY)
        sweep(UNTIL)
        assert not Notice.objects.filter(kind="waited_long_enough").exists()
        sweep(UNTIL + DAY)
        assert Notice.objects.get(kind="waited_long_enough").target_at == UNTIL + DAY

    def test_it_is_read_once_they_answer(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        sweep(UNTIL)
        go_on(incident, cast, now=UNTIL + HOUR)
        assert Notice.objects.get(kind="waited_long_enough").read_at == UNTIL + HOUR


class TestUndo:
    def test_waiting(self, cast: Cast, incident: Incident) -> None:
        before = due(incident)
        wait(incident, cast)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW)
        assert waits(incident) == (None, None)
        assert (due(incident), pauses(incident), pending(incident)) == (before, (), [])

    def test_another_moment(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        wait(incident, cast, now=NOW + HOUR, until=UNTIL + DAY)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR)
        assert waits(incident) == (NOW, UNTIL)
        assert (due(incident)[Clock.OFFER], pending(incident)) == (NOW + 3 * DAY, [UNTIL])

    def test_they_answered(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        go_on(incident, cast)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + DAY + SECOND)
        assert waits(incident) == (NOW, UNTIL)
        assert due(incident)[Clock.OFFER] == NOW + 3 * DAY - SECOND  # a second ran between the two taps
        assert pending(incident) == [UNTIL]

    @pytest.mark.parametrize("name", ["not enough", "wants nothing", "waived", "closed"])
    def test_what_had_ended_it(self, cast: Cast, incident: Incident, name: str) -> None:
        offered(incident, cast)
        wait(incident, cast)
        HEARD[name](incident, cast)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + DAY)
        assert waits(incident) == (NOW, UNTIL)
        assert (pending(incident), make.fresh(incident).is_open) == ([UNTIL], True)

    def test_a_second_failure_does_not_end_it(self, cast: Cast, incident: Incident) -> None:
        wait(incident, cast)
        change.note_second_failure(incident_id=incident.pk, by=cast.desk, now=NOW)
        assert waits(incident) == (NOW, UNTIL)


def test_the_timeline(cast: Cast, incident: Incident) -> None:
    wait(incident, cast, note="They ask their wife.")
    wait(incident, cast, now=NOW + HOUR, until=UNTIL + DAY)
    undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR)
    go_on(incident, cast)
    entries = story.tell(make.fresh(incident), cast.desk, NOW + DAY).timeline
    titles = [entry.title for entry in entries]
    assert titles[:4] == [
        "They answered us",
        "Undone at once: we wait no longer than before",
        "We wait for the customer until Sat 7 Mar, 09:00 now",
        "We wait for the customer until Fri 6 Mar, 09:00",
    ]
    assert entries[3].text == "They ask their wife."
