"""A meeting with two mistakes on it, begun or not."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from incidents.actions import meetings, review, reviewing, room
from incidents.models import AgendaItem, Incident, Meeting, Review, Staff
from tests import make
from tests.make import HOUR, NOW, Cast


def on_the_list(by: Staff, **over: Any) -> Incident:
    incident = make.make_incident(by, **over)
    review.add_to_next_meeting(incident_id=incident.pk, by=by, now=over.get("now", NOW))
    return make.fresh(incident)


def call(cast: Cast, *, now: dt.datetime = NOW, **over: Any) -> Meeting:
    fields: dict[str, Any] = {
        "location": cast.here,
        "starts_at": now + HOUR,
        "minutes": 30,
        "facilitator": cast.manager,
        "by": cast.manager,
        "now": now,
        "submit_key": uuid4(),
    }
    return meetings.make_meeting(**fields | over)


def begin(
    meeting: Meeting, by: Staff, *, present: tuple[Staff, ...] = (), now: dt.datetime = NOW, **over: Any
) -> Meeting:
    room.begin(meeting_id=meeting.pk, present=present or (by,), by=by, now=now, **over)
    reviewing.open_on_the_wall(meeting_id=meeting.pk, by=by, now=now)
    return fresh(meeting)


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("location", "current__incident").get(pk=meeting.pk)


def item_of(meeting: Meeting, incident: Incident) -> AgendaItem:
    return meeting.items.get(incident=incident)


def review_of(meeting: Meeting, incident: Incident, by: Staff, now: dt.datetime = NOW) -> Review:
    return reviewing.open_review(incident_id=incident.pk, meeting_id=meeting.pk, by=by, now=now)


def save(review_: Review, by: Staff, **over: Any) -> Review:
    """What was said: everything else stays as the row has it."""
    row = Review.objects.get(pk=review_.pk)
    fields: dict[str, Any] = {
        "expected_version": row.version,
        "known_first": row.known_first,
        "root_cause": row.root_cause,
        "factors": list(row.factors.all()),
        "whys": row.whys,
        "now": NOW,
    }
    return reviewing.save_review(review_id=row.pk, by=by, **fields | over)
