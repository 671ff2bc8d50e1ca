"""Waiting for the customer: what rings when they have not answered, and what is taken back."""

from __future__ import annotations

import pytest

from incidents import story
from incidents.actions import change, undo
from incidents.models import Incident, Notice
from incidents.vocabulary import Clock
from tests import make
from tests.actions.waits import HEARD, SECOND, UNTIL, due, go_on, offered, pauses, pending, wait, waits
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import sweep


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
