"""Agendas that fill themselves, series ahead at the place's own clock, and what is left for the next time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.actions import agenda, meetings, series
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import ItemKind, Meeting, ReviewOutcome, SpecialDay
from incidents.models.agenda import waiting_at
from incidents.models.incident import ReviewState
from tests import make
from tests.actions.agendas import end, kinds, meet, on_it, weekly
from tests.make import DAY, HOUR, NOW, Cast


def test_the_gravest_are_proposed_then_the_oldest(cast: Cast) -> None:
    first, second = (make.make_incident(cast.desk, severity=2, reported_at=NOW - n * DAY) for n in (2, 5))
    worst = make.make_incident(cast.desk, severity=1)
    left = make.make_incident(cast.desk, severity=2, reported_at=NOW - HOUR)
    meeting = meet(cast)
    assert on_it(meeting) == [worst.reference, second.reference, first.reference]
    assert kinds(meeting) == ["incident"] * 3 + ["numbers"]
    assert [each.pk for each in waiting_at(cast.here.pk, now=NOW)] == [left.pk]
    assert {person.staff for person in meeting.people.all()} == {cast.desk, cast.colleague, cast.manager, cast.owner}


def test_a_restricted_one_is_never_on_it(cast: Cast) -> None:
    hurt = make.make_incident(cast.desk, category="safety")
    assert make.fresh(hurt).review_state == ReviewState.TO_REVIEW
    meeting = meet(cast)
    assert on_it(meeting) == []
    with pytest.raises(Refused, match="few to know"):
        agenda.add_incident(meeting_id=meeting.pk, incident_id=hurt.pk, by=cast.manager, now=NOW)
    assert not waiting_at(cast.here.pk, now=NOW)


def test_anybody_adds_and_only_who_runs_it_puts_it_in_order(cast: Cast) -> None:
    meeting, mild = meet(cast), make.make_incident(cast.desk, severity=4)
    item = agenda.add_incident(meeting_id=meeting.pk, incident_id=mild.pk, by=cast.desk, now=NOW)
    again = agenda.add_incident(meeting_id=meeting.pk, incident_id=mild.pk, by=cast.manager, now=NOW)
    assert item.pk == again.pk
    assert make.fresh(mild).review_state == ReviewState.TO_REVIEW
    topic = agenda.add_topic(meeting_id=meeting.pk, topic="The new key cards", by=cast.desk, now=NOW)
    assert kinds(meeting) == ["incident", "numbers", "topic"]
    with pytest.raises(NotYours):
        agenda.move_item(item_id=topic.pk, step=-1, by=cast.colleague, now=NOW)
    agenda.move_item(item_id=topic.pk, step=-1, by=cast.manager, now=NOW)
    assert kinds(meeting) == ["incident", "topic", "numbers"]
    with pytest.raises(NotYours):
        agenda.remove_item(item_id=topic.pk, by=cast.colleague, now=NOW)
    agenda.remove_item(item_id=topic.pk, by=cast.desk, now=NOW)
    assert kinds(meeting) == ["incident", "numbers"]


def test_next_time_carries_it_to_the_next_meeting(cast: Cast) -> None:
    grave = make.make_incident(cast.desk, severity=2)
    meeting, after = meet(cast), meet(cast, starts_at=NOW + 8 * DAY)
    topic = agenda.add_topic(meeting_id=meeting.pk, topic="Keys", by=cast.desk, now=NOW)
    for item in (meeting.items.get(incident=grave), topic):
        agenda.put_off(item_id=item.pk, by=cast.manager, now=NOW)
    assert on_it(after) == [grave.reference]
    assert "topic" in kinds(after)
    assert set(meeting.items.filter(outcome=ReviewOutcome.NEXT_TIME)) == {meeting.items.get(incident=grave), topic}


def test_what_the_last_meeting_left_waits_for_one_that_is_made_later(cast: Cast) -> None:
    grave, meeting = make.make_incident(cast.desk, severity=2), meet(cast)
    topic = agenda.add_topic(meeting_id=meeting.pk, topic="Keys", by=cast.desk, now=NOW)
    for item in (meeting.items.get(incident=grave), topic):
        agenda.put_off(item_id=item.pk, by=cast.manager, now=NOW)
    end(meeting)
    later = meet(cast, starts_at=NOW + 8 * DAY, now=NOW + 2 * DAY)
    assert on_it(later) == [grave.reference]
    assert later.items.get(kind=ItemKind.TOPIC).topic == "Keys"


def test_what_was_not_begun_gives_back_what_was_on_it(cast: Cast) -> None:
    grave, meeting = make.make_incident(cast.desk, severity=2), meet(cast)
    assert not waiting_at(cast.here.pk, now=NOW)
    assert waiting_at(cast.here.pk, now=NOW + 3 * DAY).get() == grave
    meetings.cancel_meeting(meeting_id=meeting.pk, by=cast.manager, now=NOW)
    assert waiting_at(cast.here.pk, now=NOW).get() == grave


def test_series_stay_at_the_clock_of_the_place_when_the_clocks_change(cast: Cast) -> None:
    """Chicago: 8 March 2026."""
    made = weekly(cast)
    starts = list(made.meetings.order_by("starts_at").values_list("starts_at", flat=True))
    assert [each.astimezone(cast.here.zone).strftime("%d %H:%M") for each in starts] == [
        "05 14:00",
        "12 14:00",
        "19 14:00",
    ]
    assert [each.hour for each in starts] == [20, 19, 19]
    assert series.keep_all_ahead(now=NOW) == 0
    assert series.keep_all_ahead(now=NOW + 7 * DAY) == 1
    assert (
        series.make_series(
            by=cast.manager,
            now=NOW,
            submit_key=made.submit_key,
            location=cast.here,
            starts_on=made.starts_on,
            at=made.at,
            every_weeks=1,
            minutes=30,
            facilitator=cast.manager,
        )
        == made
    )


def test_series_leave_out_days_on_which_the_place_is_closed(cast: Cast) -> None:
    SpecialDay.objects.create(location=cast.here, date=dt.date(2026, 3, 12), is_open=False, name="Inventory")
    days = [each.astimezone(cast.here.zone).day for each in weekly(cast).meetings.values_list("starts_at", flat=True)]
    assert sorted(days) == [5, 19, 26]


def test_a_series_moves_only_what_nobody_touched(cast: Cast) -> None:
    made = weekly(cast)
    first, second, _third = made.meetings.order_by("starts_at")
    agenda.add_topic(meeting_id=second.pk, topic="Keys", by=cast.desk, now=NOW)
    change: dict[str, Any] = {
        "series_id": made.pk,
        "expected_version": 0,
        "starts_on": made.starts_on,
        "at": dt.time(9),
        "every_weeks": 2,
        "minutes": 20,
        "facilitator": cast.colleague,
        "by": cast.manager,
        "now": NOW,
    }
    series.change_series(**change)
    with pytest.raises(Stale):
        series.change_series(**change)
    local = [each.starts_at.astimezone(cast.here.zone) for each in made.meetings.order_by("starts_at")]
    assert [each.strftime("%d %H") for each in local] == ["05 09", "12 14", "19 09", "02 09"]
    assert not Meeting.objects.filter(pk=first.pk).exists()
    series.end_series(series_id=made.pk, by=cast.manager, now=NOW)
    assert made.meetings.get() == second
    assert series.keep_all_ahead(now=NOW + 30 * DAY) == 0


def test_a_cancelled_or_moved_one_is_not_made_again(cast: Cast) -> None:
    made = weekly(cast)
    first, second, _third = made.meetings.order_by("starts_at")
    meetings.cancel_meeting(meeting_id=first.pk, by=cast.manager, now=NOW)
    meetings.change_meeting(
        meeting_id=second.pk,
        expected_version=second.version,
        starts_at=second.starts_at + DAY,
        minutes=30,
        facilitator=cast.manager,
        writer=cast.desk,
        people=[cast.desk],
        by=cast.manager,
        now=NOW,
    )
    assert series.keep_all_ahead(now=NOW) == 0
    assert {person.staff for person in second.people.all()} == {cast.desk, cast.manager}


def test_only_managers_of_the_place_call_meetings_and_none_in_the_past(cast: Cast) -> None:
    with pytest.raises(NotYours):
        meet(cast, by=cast.desk)
    with pytest.raises(NotYours):
        meet(cast, location=cast.elsewhere)
    with pytest.raises(Refused, match="passed"):
        meet(cast, starts_at=NOW - DAY)
