"""What stands on the list of a meeting by itself."""

from __future__ import annotations

from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents import tasks
from incidents.actions import agenda, change, review, undo, wanted
from incidents.models import Pattern, WhyReview
from incidents.models.incident import ReviewState
from incidents.models.pattern import PatternLink
from tests import make
from tests.actions.agendas import on_it, weekly
from tests.make import DAY, HOUR, NOW, Cast


def test_what_is_grave_or_came_again_is_on_the_list_by_itself(cast: Cast) -> None:
    plain = make.make_incident(cast.desk)
    grave = make.make_incident(cast.desk, severity=2)
    again = make.make_incident(cast.desk, repeat_of=plain, severity=4)
    assert review.wanted_because(plain) is None
    assert [review.wanted_because(each) for each in (grave, again)] == [WhyReview.GRAVE, WhyReview.REPEAT]
    states = [make.fresh(each).review_state for each in (plain, grave, again)]
    assert states == [ReviewState.NOT_REQUIRED, ReviewState.TO_REVIEW, ReviewState.TO_REVIEW]
    assert grave.events.get(kind="review_asked").codes == {"was": "not_required", "why": "grave"}


def test_that_something_grave_is_wanted_costs_no_statement_more(cast: Cast) -> None:
    customer = make.make_customer()
    make.make_incident(cast.desk, customer=customer)
    counts = []
    for severity in (3, 2):
        with CaptureQueriesContext(connection) as asked:
            make.make_incident(cast.desk, customer=customer, severity=severity)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_second_failure_puts_it_on_and_undoing_takes_it_off(cast: Cast) -> None:

    incident = make.make_incident(cast.desk)
    change.note_second_failure(incident_id=incident.pk, by=cast.desk, now=NOW)
    assert make.fresh(incident).review_state == ReviewState.TO_REVIEW
    assert incident.events.get(kind="review_asked").codes["why"] == "second_failure"
    undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW)
    assert make.fresh(incident).review_state == ReviewState.NOT_REQUIRED


def test_a_small_place_talks_about_all_but_what_was_taken_off(cast: Cast) -> None:
    one, off = make.make_incident(cast.desk), make.make_incident(cast.desk)
    review.add_to_next_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    review.take_off_meeting(incident_id=off.pk, by=cast.desk, now=NOW)
    meeting = weekly(cast).meetings.earliest("starts_at")
    assert wanted.keep_all(now=NOW + HOUR) == 1
    assert one.events.get(kind="review_asked").codes["why"] == "small_place"
    assert on_it(meeting) == [one.reference]
    assert wanted.keep_all(now=NOW + HOUR) == 0
    agenda.add_topic(meeting_id=meeting.pk, topic="Keys", by=cast.desk, now=NOW)
    grave = make.make_incident(cast.desk, severity=2)
    wanted.keep_all(now=NOW + HOUR)
    assert on_it(meeting) == [one.reference, grave.reference]
    agenda.remove_item(item_id=meeting.items.get(incident=grave).pk, by=cast.manager, now=NOW)
    wanted.keep_all(now=NOW + HOUR)
    assert on_it(meeting) == [one.reference]
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

    cache.delete(wanted.KEPT)
    make.make_incident(cast.desk, now=timezone.now())
    assert [tasks.keep_meetings(), wanted.keep_meetings()] == [1, 0]
    cache.delete(wanted.KEPT)
