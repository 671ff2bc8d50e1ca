"""A meeting begun, moved and ended: who may, what follows, and two who do it at once."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from incidents.actions import agenda, outcomes, room
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import AgendaItem, Event, Incident, ItemKind, Meeting, Minutes, Review, ReviewOutcome, Staff
from incidents.models.agenda import shown_items
from tests import make, meetings
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast

MINUTE = dt.timedelta(minutes=1)


@kept_rows
def incident(cast: Cast) -> Incident:
    return meetings.on_the_list(cast.desk)


@kept_rows
def meeting(cast: Cast, incident: Incident) -> Meeting:
    return meetings.begin(meetings.call(cast), cast.manager, present=(cast.manager, cast.desk))


def step(meeting: Meeting, by: Staff, *, forward: bool = True, at: str = "", now: dt.datetime = NOW) -> Meeting:
    row = meetings.fresh(meeting)
    room.step(meeting_id=meeting.pk, forward=forward, at=at or room.place_of(row), by=by, now=now)
    return meetings.fresh(meeting)


class TestBeginning:
    def test_says_who_is_there_and_puts_the_first_item_on_the_wall(self, cast: Cast, meeting: Meeting) -> None:
        assert meeting.is_running
        assert meeting.current
        assert meeting.current.kind == ItemKind.INCIDENT
        assert {p.staff: p.attendance for p in meeting.people.select_related("staff")} == {
            cast.manager: "present",
            cast.desk: "present",
            cast.colleague: "absent",
            cast.owner: "absent",
        }
        assert Review.objects.get(meeting=meeting).is_open

    def test_twice_is_once(self, cast: Cast, meeting: Meeting) -> None:
        room.begin(meeting_id=meeting.pk, present=[], by=cast.manager, now=NOW + DAY)
        assert meetings.fresh(meeting).started_at == NOW
        assert Event.objects.filter(kind="meeting_begun").count() == 1

    def test_is_for_whoever_runs_it(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours):
            meetings.begin(meetings.call(cast), cast.desk)

    def test_what_became_restricted_is_not_on_the_wall(self, cast: Cast, incident: Incident) -> None:
        meeting = meetings.call(cast)
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        begun = meetings.begin(meeting, cast.manager)
        assert begun.current is None or begun.current.incident != incident
        with pytest.raises(Refused):
            room.go_to(meeting_id=meeting.pk, item_id=meetings.item_of(meeting, incident).pk, by=cast.manager, now=NOW)


class TestMoving:
    @pytest.mark.parametrize("is_void", [False, True], ids=["restricted", "void"])
    def test_goes_on_from_what_has_left_the_wall(
        self, cast: Cast, meeting: Meeting, incident: Incident, is_void: bool
    ) -> None:
        other = meetings.on_the_list(cast.desk, customer=make.make_customer("Guest Second"))
        agenda.add_incident(meeting_id=meeting.pk, incident_id=other.pk, by=cast.manager, now=NOW)
        room.go_to(meeting_id=meeting.pk, item_id=meetings.item_of(meeting, incident).pk, by=cast.manager, now=NOW)
        if is_void:
            make.close(incident, cast.manager, "void")
        else:
            Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        after = shown_items(meetings.fresh(meeting))
        assert incident.pk not in {item.incident_id for item in after}
        assert step(meeting, cast.manager).current == after[0]
        back = step(meeting, cast.manager, forward=False)
        assert back.current == after[0]  # there is nothing before it any more

    def test_from_the_last_that_has_left_to_what_was_agreed(self, cast: Cast, meeting: Meeting) -> None:
        other = meetings.on_the_list(cast.desk, customer=make.make_customer("Guest Second"))
        last = agenda.add_incident(meeting_id=meeting.pk, incident_id=other.pk, by=cast.manager, now=NOW)
        meeting.items.filter(pk=last.pk).update(position=99)
        room.go_to(meeting_id=meeting.pk, item_id=last.pk, by=cast.manager, now=NOW)
        Incident.objects.filter(pk=other.pk).update(is_restricted=True)
        before = shown_items(meetings.fresh(meeting))[-1]
        assert step(meeting, cast.manager).current is None
        assert step(meeting, cast.manager, forward=False).current == before

    def test_on_through_the_screens_and_to_the_next_item(self, cast: Cast, meeting: Meeting) -> None:
        seen = []
        for _ in range(6):
            current = meeting.current
            seen.append((current.kind if current else None, meeting.screen))
            meeting = step(meeting, cast.manager)
        assert seen == [*(("incident", n) for n in range(4)), ("numbers", 0), (None, 0)]
        assert step(meeting, cast.manager, forward=False).current
        assert AgendaItem.objects.get(kind="numbers", meeting=meeting).outcome == ReviewOutcome.TALKED

    def test_back_leads_to_the_last_screen_before(self, cast: Cast, meeting: Meeting) -> None:
        room.go_to(meeting_id=meeting.pk, item_id=meeting.items.get(kind="numbers").pk, by=cast.manager, now=NOW)
        meeting = step(meeting, cast.manager, forward=False)
        assert (meeting.current and meeting.current.kind, meeting.screen) == ("incident", 3)

    def test_at_the_beginning_back_does_nothing(self, cast: Cast, meeting: Meeting) -> None:
        assert step(meeting, cast.manager, forward=False).version == meeting.version

    def test_two_who_press_at_once_go_one_screen(self, cast: Cast, meeting: Meeting) -> None:
        at = room.place_of(meeting)
        assert step(meeting, cast.manager, at=at).screen == 1
        assert step(meeting, cast.manager, at=at).screen == 1

    def test_time_on_the_wall_is_counted(self, cast: Cast, meeting: Meeting, incident: Incident) -> None:
        numbers = meeting.items.get(kind="numbers")
        room.go_to(meeting_id=meeting.pk, item_id=numbers.pk, by=cast.manager, now=NOW + 3 * MINUTE)
        item = meetings.item_of(meeting, incident)
        assert (item.seconds, item.began_at) == (180, None)
        room.go_to(meeting_id=meeting.pk, item_id=item.pk, by=cast.manager, now=NOW + 4 * MINUTE)
        room.go_to(meeting_id=meeting.pk, item_id=None, by=cast.manager, now=NOW + 6 * MINUTE)
        assert meetings.item_of(meeting, incident).seconds == 300

    def test_names_go_with_the_item(self, cast: Cast, meeting: Meeting) -> None:
        room.show_names(meeting_id=meeting.pk, shown=True, by=cast.manager, now=NOW)
        assert step(meeting, cast.manager).shows_names
        room.go_to(meeting_id=meeting.pk, item_id=None, by=cast.manager, now=NOW)
        assert not meetings.fresh(meeting).shows_names
        with pytest.raises(NotYours):
            room.show_names(meeting_id=meeting.pk, shown=True, by=cast.desk, now=NOW)

    def test_each_change_raises_the_version(self, cast: Cast, meeting: Meeting) -> None:
        assert step(meeting, cast.manager).version == meeting.version + 1


class TestNotes:
    def test_are_kept_and_never_lost(self, cast: Cast, meeting: Meeting) -> None:
        item = meeting.items.get(kind="numbers")
        note: dict[str, Any] = {"item_id": item.pk, "by": cast.manager, "now": NOW}
        saved = room.note_item(notes="Fewer calls late", expected_version=item.version, **note)
        with pytest.raises(Stale) as stale:
            room.note_item(notes="Another", expected_version=item.version, **note)
        assert stale.value.current.notes == "Fewer calls late"
        assert room.note_item(notes="Fewer calls late", expected_version=0, **note).version == saved.version

    def test_a_mistake_does_not_leave_like_a_topic(self, cast: Cast, meeting: Meeting, incident: Incident) -> None:
        with pytest.raises(Refused):
            room.settle_item(
                item_id=meetings.item_of(meeting, incident).pk, outcome=ReviewOutcome.TALKED, by=cast.manager, now=NOW
            )


class TestEnding:
    def test_not_while_something_has_no_outcome(self, cast: Cast, meeting: Meeting, incident: Incident) -> None:
        with pytest.raises(room.Unfinished) as unfinished:
            room.end(meeting_id=meeting.pk, by=cast.manager, now=NOW + MINUTE)
        assert [item.kind for item in unfinished.value.items] == ["incident", "numbers"]
        assert not Minutes.objects.exists()

    def test_next_time_for_all_carries_them_on(self, cast: Cast, meeting: Meeting, incident: Incident) -> None:
        agenda.add_topic(meeting_id=meeting.pk, topic="The new phones", by=cast.desk, now=NOW)
        later = meetings.call(cast, starts_at=NOW + 7 * DAY)
        meetings.save(Review.objects.get(meeting=meeting), cast.manager, known_first="By counting the gloves")
        ended = room.end(meeting_id=meeting.pk, by=cast.manager, now=NOW + MINUTE, put_off=True)
        assert ended.ended_at == NOW + MINUTE
        assert {i.outcome for i in meeting.items.all()} == {"next_time"}
        assert later.items.filter(incident=incident).exists()
        assert later.items.filter(topic="The new phones").exists()
        assert make.fresh(incident).review_state == "to_review"
        assert Minutes.objects.get(meeting=meeting).number == 1
        again = meetings.review_of(meetings.begin(later, cast.manager), incident, cast.manager)
        assert again.known_first == "By counting the gloves"

    def test_twice_is_once(self, cast: Cast, meeting: Meeting) -> None:
        for now in (NOW + MINUTE, NOW + DAY):
            room.end(meeting_id=meeting.pk, by=cast.manager, now=now, put_off=True)
        assert meetings.fresh(meeting).ended_at == NOW + MINUTE
        assert Minutes.objects.count() == 1

    def test_nothing_moves_behind_it(self, cast: Cast, meeting: Meeting, incident: Incident) -> None:
        room.end(meeting_id=meeting.pk, by=cast.manager, now=NOW + MINUTE, put_off=True)
        with pytest.raises(Refused):
            step(meeting, cast.manager)
        with pytest.raises(Refused):
            outcomes.take_up_again(review_id=Review.objects.get(meeting=meeting).pk, by=cast.manager, now=NOW)

    def test_is_for_whoever_runs_it(self, cast: Cast, meeting: Meeting) -> None:
        with pytest.raises(NotYours):
            room.end(meeting_id=meeting.pk, by=cast.desk, now=NOW, put_off=True)
        Meeting.objects.filter(pk=meeting.pk).update(writer=cast.desk)
        assert room.end(meeting_id=meeting.pk, by=cast.desk, now=NOW, put_off=True).ended_at


@pytest.mark.django_db(transaction=True)
def test_two_who_end_it_at_once_end_it_once(committed: None) -> None:
    cast = make.make_cast()
    meetings.on_the_list(cast.desk)
    meeting = meetings.begin(meetings.call(cast), cast.manager)
    ready, wrong = Barrier(2), []

    def end(by: Staff) -> None:
        try:
            ready.wait()
            room.end(meeting_id=meeting.pk, by=by, now=NOW + MINUTE, put_off=True)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=end, args=(by,)) for by in (cast.manager, cast.owner)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert (Minutes.objects.count(), Event.objects.filter(kind="meeting_ended").count()) == (1, 1)
