"""What is learned from: meetings, an agenda, the wall and the phone, what we change, procedures, practice, numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from bench.pages import LIST, Page

LEARNING = (
    Page("learn", "manager", "/learn/", 6),
    Page("meetings", "manager", "/meetings/", 6),
    Page("agenda of a meeting", "manager", "/meetings/{ahead}/", 6),
    Page("names before a meeting", "manager", "/meetings/{ahead}/names/", 6),
    Page("wall", "manager", "/meetings/{running}/room/", 6),
    Page("wall, nothing new", "manager", "/meetings/{running}/state/?tag={tag}", 6, status=304),
    Page("phone of who writes", "manager", "/meetings/{running}/write/", 6, 18),
    Page("what we change", "manager", "/changes/", 6, LIST),
    Page("procedures", "manager", "/procedures/", 6, LIST),
    Page("practice", "manager", "/practice/", 6, LIST),
    Page("numbers", "manager", "/numbers/", 6),
    Page("numbers, charts of weeks", "manager", "/numbers/charts/weeks/", 6),
    Page("numbers, charts of causes", "manager", "/numbers/charts/causes/", 6),
    Page("rows behind a figure", "manager", "/numbers/apologized_in_time/rows/", 6, LIST),
)
# The phone asks more than the 12 that other pages may.
WAITING = 200  # incidents that somebody wants to talk about


def call_meetings(now: dt.datetime) -> None:
    """At each place one that is running and one ahead, with many incidents that wait for them."""
    from incidents.access import Role
    from incidents.actions import meetings, review, room
    from incidents.models import Incident, Location, Staff

    for place in Location.objects.active():
        leads = Staff.objects.filter(role=Role.MANAGER, memberships__location=place, is_active=True).first()
        if leads is None:
            continue
        newest = Incident.objects.filter(location=place, is_restricted=False).order_by("-reported_at")
        for pk in newest.exclude(close_reason__in=("void", "duplicate")).values_list("pk", flat=True)[:WAITING]:
            review.add_to_next_meeting(incident_id=pk, by=leads, now=now)
        said: dict[str, Any] = {"location": place, "minutes": 30, "facilitator": leads, "by": leads, "now": now}
        running = meetings.make_meeting(starts_at=now, submit_key=uuid4(), **said)
        meetings.make_meeting(starts_at=now + dt.timedelta(days=7), submit_key=uuid4(), **said)
        room.begin(meeting_id=running.pk, present=[leads], by=leads, now=now)


def met(manager: Any) -> dict[str, int]:
    """The meetings that their manager opens; `tag`: what the wall sends of what it shows."""
    from incidents.models import Meeting

    theirs = Meeting.objects.visible_to(manager).order_by("pk")
    running = theirs.filter(started_at__isnull=False, ended_at__isnull=True)[0]
    return {
        "running": running.pk,
        "tag": running.version,
        "ahead": theirs.filter(started_at__isnull=True)[0].pk,
    }
