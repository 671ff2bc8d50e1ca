"""One meeting before it begins: its agenda, who comes, and what waits to be talked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats

from incidents import access
from incidents.board.meeting_list import when_words
from incidents.models import AgendaItem, Incident, ItemKind, Meeting, MeetingPerson, Staff, WhyReview
from incidents.models.agenda import ADDABLE, shown_items, waiting_at, with_why
from incidents.models.meeting import Attendance
from incidents.models.prepared import find_about

QUEUE = 12
_ICONS = {
    ItemKind.ACTIONS: "list-check",
    ItemKind.INCIDENT: "exclamation-circle",
    ItemKind.PRACTICE: "chat-left-dots",
    ItemKind.THANKS: "heart",
    ItemKind.NUMBERS: "bar-chart",
    ItemKind.TOPIC: "chat-left-text",
}


@dataclass(frozen=True)
class Line:
    """One item of the agenda, as somebody sees it."""

    item: AgendaItem
    title: str
    text: str
    url: str
    icon: str
    can_remove: bool
    why: str = ""

    @property
    def is_open(self) -> bool:
        return self.item.outcome == ""


@dataclass(frozen=True)
class Waiting:
    """What could be added; `why` it is on the list."""

    incident: Incident
    title: str
    why: str
    day: str


@dataclass
class MeetingPage:
    meeting: Meeting
    when: str
    zone: str
    lines: list[Line]
    queue: list[Waiting]
    has_more: bool
    people: list[MeetingPerson]
    minutes: int
    can_run: bool
    can_call: bool
    missing: list[tuple[str, str]]

    @property
    def is_too_long(self) -> bool:
        return self.minutes > self.meeting.minutes

    @property
    def present(self) -> list[MeetingPerson]:
        return [each for each in self.people if each.attendance == Attendance.PRESENT]


def meeting_page(staff: Staff, meeting: Meeting, *, now: dt.datetime) -> MeetingPage:
    """Four statements; two once it is over."""
    items, can_run = shown_items(meeting), access.can_run_meeting(staff, meeting)
    waiting = [] if meeting.is_over else find_about(_queue, meeting.location_id, now=now)
    people = find_about(_people_of, meeting.pk)
    kinds = {item.kind for item in items}
    return MeetingPage(
        meeting=meeting,
        when=when_words(meeting.starts_at, meeting.location.zone),
        zone=meeting.location.zone_words(staff),
        lines=[_line(item, staff, can_run=can_run) for item in items],
        queue=[_waits(each, meeting) for each in waiting[:QUEUE]],
        has_more=len(waiting) > QUEUE,
        people=people,
        minutes=sum(item.minutes for item in items if not item.outcome),
        can_run=can_run,
        can_call=access.can_set_up(staff, meeting.location_id),
        missing=[(kind.value, str(kind.label)) for kind in ADDABLE if kind not in kinds],
    )


def _queue(location_id: int, now: dt.datetime) -> QuerySet[Incident]:
    return with_why(waiting_at(location_id, now=now)).select_related("category")[: QUEUE + 1]


def _people_of(meeting_id: int) -> QuerySet[MeetingPerson]:
    rows = MeetingPerson.objects.filter(meeting=meeting_id).select_related("staff")
    return rows.order_by("staff__sort_name", "pk")


def _waits(incident: Incident, meeting: Meeting) -> Waiting:
    day = formats.date_format(incident.reported_at.astimezone(meeting.location.zone), "j M")
    return Waiting(incident, incident.category.label, why_words(getattr(incident, "why", "")), day)


def why_words(why: str | None) -> str:
    return str(WhyReview(why).label) if why in WhyReview.values else ""


def _line(item: AgendaItem, staff: Staff, *, can_run: bool) -> Line:
    kind = ItemKind(item.kind)
    title, text, url = str(kind.label), "", ""
    if item.incident is not None:
        title, text, url = item.incident.category.label, item.incident.what_happened, item.incident.get_absolute_url()
    elif kind == ItemKind.TOPIC:
        title = item.topic
    elif item.scenario is not None:
        text = item.scenario.title
    is_untouched = item.began_at is None and not item.seconds
    can_remove = is_untouched and (can_run or item.added_by_id == staff.pk)
    return Line(item, title, text, url, _ICONS[kind], can_remove)


def items_of(staff: Staff) -> Any:
    """Items of agendas they see; none of what has become restricted."""
    rows = AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(staff))
    return rows.filter(Q(incident=None) | Q(incident__is_restricted=False))
