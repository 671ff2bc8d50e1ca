"""What is not lost when meetings are moved, cancelled, or speak of what has become none."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import agenda, meetings, outcomes, reviewing, room, series, wanted
from incidents.actions.refusals import Refused
from incidents.models import Meeting, MeetingSeries, ReviewOutcome
from incidents.models.agenda import shown_items
from tests import make
from tests.actions.agendas import end, meet, on_it, weekly
from tests.make import DAY, HOUR, NOW, Cast


def _moved(meeting: Meeting, to: Meeting | None, cast: Cast, days: int = 0) -> None:
    facts: dict[str, Any] = {
        "minutes": 30,
        "facilitator": cast.manager,
        "writer": None,
        "people": [],
        "by": cast.manager,
        "now": NOW,
    }
    starts_at = to.starts_at if to else meeting.starts_at + days * DAY - HOUR  # the clocks change on 8 March
    meetings.change_meeting(meeting_id=meeting.pk, expected_version=meeting.version, starts_at=starts_at, **facts)


def test_two_of_a_series_are_never_at_one_moment(cast: Cast) -> None:
    first, second, _third = weekly(cast).meetings.order_by("starts_at")
    with pytest.raises(Refused, match="same time"):
        _moved(first, second, cast)


def test_a_series_goes_on_though_one_of_it_was_moved_onto_a_later_turn(cast: Cast) -> None:
    made = weekly(cast)
    _moved(made.meetings.earliest("starts_at"), None, cast, days=21)
    wanted.keep_all(now=NOW + 8 * DAY)
    assert made.meetings.filter(starts_at__gt=NOW + 8 * DAY).count() == 3


def test_one_series_that_cannot_be_kept_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, other = weekly(cast), weekly(cast)
    keep = series.keep_ahead

    def but_one(each: MeetingSeries, *, now: dt.datetime) -> int:
        if each.pk == broken.pk:
            raise ValueError
        return keep(each, now=now)

    monkeypatch.setattr(series, "keep_ahead", but_one)
    later = NOW + 8 * DAY
    wanted.keep_all(now=later)
    assert other.meetings.filter(starts_at__gt=later).count() == 3


def test_topics_of_a_cancelled_meeting_wait_for_the_next(cast: Cast) -> None:
    later, meeting = meet(cast, starts_at=NOW + 8 * DAY), meet(cast)
    agenda.add_topic(meeting_id=meeting.pk, topic="The new key cards", by=cast.desk, now=NOW)
    meetings.cancel_meeting(meeting_id=meeting.pk, by=cast.manager, now=NOW)
    assert later.items.filter(topic="The new key cards").exists()


def test_topics_of_a_cancelled_meeting_wait_for_one_that_is_made_later(cast: Cast) -> None:
    meeting = meet(cast)
    agenda.add_topic(meeting_id=meeting.pk, topic="The new key cards", by=cast.desk, now=NOW)
    meetings.cancel_meeting(meeting_id=meeting.pk, by=cast.manager, now=NOW)
    later = meet(cast, starts_at=NOW + 8 * DAY)
    assert later.items.filter(topic="The new key cards").exists()
    later.items.update(outcome=ReviewOutcome.TALKED)
    end(later, NOW + 8 * DAY + HOUR)
    assert not meet(cast, starts_at=NOW + 15 * DAY, now=NOW + 9 * DAY).items.filter(kind="topic").exists()


def test_what_was_taken_out_of_the_list_leaves_the_agenda(cast: Cast) -> None:
    gone = make.make_incident(cast.desk, severity=2)
    meeting, later = meet(cast), meet(cast, starts_at=NOW + 8 * DAY)
    assert on_it(meeting) == [gone.reference]
    make.close(gone, cast.manager, "void")
    assert all(item.incident_id is None for item in shown_items(meeting))
    item = meeting.items.get(incident=gone)
    agenda.put_off(item_id=item.pk, by=cast.manager, now=NOW)
    assert item.meeting.items.get(pk=item.pk).outcome == ReviewOutcome.NEXT_TIME
    assert on_it(later) == []


def test_what_a_manager_talked_about_alone_is_on_no_agenda_to_come(cast: Cast) -> None:
    grave = make.make_incident(cast.desk, severity=2)
    meeting = meet(cast)
    assert on_it(meeting) == [grave.reference]
    review = reviewing.open_review(incident_id=grave.pk, by=cast.manager, now=NOW)
    said: dict[str, Any] = {"outcome": ReviewOutcome.NO_ACTION, "reason": "The boiler is new."}
    outcomes.end_review(review_id=review.pk, by=cast.manager, now=NOW, **said)
    assert on_it(meeting) == []


def test_what_is_taken_off_the_list_leaves_the_agenda_it_stands_on(cast: Cast) -> None:
    grave = make.make_incident(cast.desk, severity=2)
    meeting = meet(cast)
    assert on_it(meeting) == [grave.reference]
    agenda.take_off(incident_id=grave.pk, by=cast.desk, now=NOW)
    assert (on_it(meeting), make.fresh(grave).review_state) == ([], "not_required")


def test_what_became_none_in_a_running_meeting_is_left_for_next_time_without_a_review(cast: Cast) -> None:
    gone = make.make_incident(cast.desk, severity=2)
    meeting, later = meet(cast), meet(cast, starts_at=NOW + 8 * DAY)
    room.begin(meeting_id=meeting.pk, present=(cast.manager,), by=cast.manager, now=NOW)
    item = meeting.items.get(incident=gone)
    make.close(gone, cast.manager, "void")
    for _turn in range(2):
        assert outcomes.put_off_review(item_id=item.pk, by=cast.manager, now=NOW) is None
    assert meeting.items.get(pk=item.pk).outcome == ReviewOutcome.NEXT_TIME
    assert (on_it(later), gone.reviews.count()) == ([], 0)


def test_putting_off_is_one_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    grave = make.make_incident(cast.desk, severity=2)
    meeting = meet(cast)
    room.begin(meeting_id=meeting.pk, present=(cast.manager,), by=cast.manager, now=NOW)

    def fail(**_facts: Any) -> None:
        raise Refused("no")

    monkeypatch.setattr(outcomes, "end_review", fail)
    with pytest.raises(Refused):
        outcomes.put_off_review(item_id=meeting.items.get(incident=grave).pk, by=cast.manager, now=NOW)
    assert not grave.reviews.exists()


def test_a_series_is_sent_again_only_by_whoever_sent_it(cast: Cast) -> None:
    facts: dict[str, Any] = {"starts_on": NOW.date() + DAY, "at": NOW.time(), "every_weeks": 1, "minutes": 30}
    facts |= {"location": cast.here, "facilitator": cast.manager, "now": NOW, "submit_key": uuid4()}
    made = series.make_series(by=cast.manager, **facts)
    assert series.make_series(by=cast.manager, **facts) == made
    with pytest.raises(Refused, match="Somebody else"):
        series.make_series(by=cast.owner, **facts)
