"""Meetings and series of a place, for the tests of their agendas."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from incidents.actions import meetings, series
from incidents.models import Meeting, MeetingSeries, Staff
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
