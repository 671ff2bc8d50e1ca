"""Waiting for the customer: what stands still, what goes on, and what ends it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from incidents.actions import remedies
from incidents.actions.refusals import Refused
from incidents.calendars import Pause
from incidents.models import Incident, OpenHours
from incidents.vocabulary import Clock
from tests import make
from tests.actions.waits import HEARD, SECOND, UNTIL, call, due, go_on, offered, pauses, pending, wait, waits
from tests.make import DAY, HOUR, NOW, Cast


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
