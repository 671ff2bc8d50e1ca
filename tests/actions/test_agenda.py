"""Agendas that fill themselves, series ahead at the place's own clock, and what is left for the next time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import agenda, meetings, review, series, wanted
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import (
    ItemKind,
    Meeting,
    MeetingSeries,
    Pattern,
    ReviewOutcome,
    SpecialDay,
    Staff,
    WhyReview,
)
from incidents.models.agenda import waiting_at
from incidents.models.incident import ReviewState
from incidents.models.pattern import PatternLink
from tests import make
from tests.make import DAY, HOUR, NOW, Cast


def meet(cast: Cast, by: Staff | None = None, **over: Any) -> Meeting:
    fields: dict[str, Any] = {
        "location": cast.here,
        "starts_at": NOW + DAY,
        "minutes": 30,
        "facilitator": cast.manager,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return meetings.make_meeting(by=by or cast.manager, **fields | over)


def weekly(cast: Cast, **over: Any) -> MeetingSeries:
    fields: dict[str, Any] = {
        "location": cast.here,
        "starts_on": dt.date(2026, 3, 5),
        "at": dt.time(14),
        "every_weeks": 1,
        "minutes": 30,
        "facilitator": cast.manager,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return series.make_series(by=cast.manager, **fields | over)


def kinds(meeting: Meeting) -> list[str]:
    return list(meeting.items.values_list("kind", flat=True))


def on_it(meeting: Meeting) -> list[str]:
    return list(meeting.items.filter(kind="incident").values_list("incident__reference", flat=True))


def end(meeting: Meeting, at: dt.datetime = NOW + DAY + HOUR) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(started_at=at - HOUR, ended_at=at)


def test_what_is_grave_or_came_again_is_on_the_list_by_itself(cast: Cast) -> None:
    plain = make.make_incident(cast.desk)
    grave = make.make_incident(cast.desk, severity=2)
    again = make.make_incident(cast.desk, repeat_of=plain, severity=4)
    assert review.wanted_because(plain) is None
    assert [review.wanted_because(each) for each in (grave, again)] == [WhyReview.GRAVE, WhyReview.REPEAT]
    states = [make.fresh(each).review_state for each in (plain, grave, again)]
    assert states == [ReviewState.NOT_REQUIRED, ReviewState.TO_REVIEW, ReviewState.TO_REVIEW]
    assert grave.events.get(kind="review_asked").codes == {"was": "not_required", "why": "grave"}


def test_logging_something_grave_costs_one_statement_more(cast: Cast, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    customer = make.make_customer()
    make.make_incident(cast.desk, customer=customer)
    counts = []
    for severity in (3, 2):
        with CaptureQueriesContext(connection) as asked:
            make.make_incident(cast.desk, customer=customer, severity=severity)
        counts.append(len([q for q in asked if "review" in q["sql"] and "INSERT" in q["sql"] and "event" in q["sql"]]))
    assert counts[1] - counts[0] == 1


def test_a_second_failure_puts_it_on_and_undoing_takes_it_off(cast: Cast) -> None:
    from incidents.actions import change, undo

    incident = make.make_incident(cast.desk)
    change.note_second_failure(incident_id=incident.pk, by=cast.desk, now=NOW)
    assert make.fresh(incident).review_state == ReviewState.TO_REVIEW
    assert incident.events.get(kind="review_asked").codes["why"] == "second_failure"
    undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW)
    assert make.fresh(incident).review_state == ReviewState.NOT_REQUIRED


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


def test_a_small_place_talks_about_all_but_what_was_taken_off(cast: Cast) -> None:
    one, off = make.make_incident(cast.desk), make.make_incident(cast.desk)
    review.add_to_next_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    review.take_off_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    meeting = weekly(cast).meetings.earliest("starts_at")
    assert wanted.keep_all(now=NOW + HOUR) == 1
    assert one.events.get(kind="review_asked").codes["why"] == "small_place"
    assert on_it(meeting) == [one.reference]
    assert wanted.keep_all(now=NOW + HOUR) == 0
    cast.here.reviews_all = False
    assert not wanted.talks_about_all(cast.here, now=NOW)


def test_the_newest_of_a_pattern_are_talked_about(cast: Cast) -> None:
    cast.here.reviews_all = False
    cast.here.save(update_fields=["reviews_all"])
    rows = [make.make_incident(cast.desk, reported_at=NOW - n * DAY) for n in range(5)]
    pattern = Pattern.objects.create(
        kind="category",
        category=make.category(),
        location=cast.here,
        opened_at=NOW,
        opened_by=cast.manager,
        submit_key=uuid4(),
    )
    PatternLink.objects.bulk_create(
        PatternLink(pattern=pattern, incident=each, linked_by=cast.manager, linked_at=NOW) for each in rows
    )
    assert wanted.keep_all(now=NOW + HOUR) == 3
    asked = [each.reference for each in rows if make.fresh(each).review_state == ReviewState.TO_REVIEW]
    assert asked == [each.reference for each in rows[:3]]


def test_every_clock_rings_for_it_and_it_looks_every_few_minutes(cast: Cast) -> None:
    from django.core.cache import cache

    from incidents import tasks

    cache.delete(wanted.KEPT)
    make.make_incident(cast.desk, now=timezone.now())
    assert [tasks.keep_meetings(), wanted.keep_meetings()] == [1, 0]
    cache.delete(wanted.KEPT)
