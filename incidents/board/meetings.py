"""Meetings: what is ahead, what was, the agenda of one, and what waits to be talked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents import access
from incidents.board.keyset import page_by
from incidents.models import (
    AgendaItem,
    Incident,
    ItemKind,
    Location,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    Minutes,
    Staff,
    WhyReview,
)
from incidents.models.agenda import ADDABLE, STALE_AFTER, coming, shown_items, waiting_at, with_why
from incidents.models.incident import ReviewState
from incidents.models.meeting import Attendance, MeetingQuerySet
from incidents.vocabulary import NOT_AN_INCIDENT

PAGE = 20
AHEAD = 12
QUEUE = 12
MOST = 99
FOR_FEW = 10
_ICONS = {
    ItemKind.ACTIONS: "list-check",
    ItemKind.INCIDENT: "exclamation-circle",
    ItemKind.PRACTICE: "chat-left-dots",
    ItemKind.THANKS: "heart",
    ItemKind.NUMBERS: "bar-chart",
    ItemKind.TOPIC: "chat-left-text",
}


def when_words(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return formats.date_format(moment.astimezone(zone), "l j F, H:i")


@dataclass(frozen=True)
class Row:
    """A meeting in a list; `items` of its agenda, which named `incidents`."""

    meeting: Meeting
    when: str
    zone: str
    items: int
    incidents: int
    is_missed: bool = False  # nobody began it
    has_minutes: bool = False

    @property
    def words(self) -> str:
        mistakes = ngettext("%(n)d mistake", "%(n)d mistakes", self.incidents) % {"n": self.incidents}
        return mistakes if self.incidents else _("no mistake on it yet")


@dataclass
class Overview:
    place: Location | None
    places: list[Location]
    ahead: list[Row]
    past: list[Row]
    newer: str
    older: str
    series: list[Every]
    waiting: list[tuple[Location, str]]
    for_few: list[Incident] = field(default_factory=list)


@dataclass(frozen=True)
class Every:
    """A series, in words."""

    series: MeetingSeries
    words: str


def meetings_of(staff: Staff) -> MeetingQuerySet:
    return Meeting.objects.visible_to(staff).select_related("location", "facilitator", "writer", "series")


def series_rows(staff: Staff) -> QuerySet[MeetingSeries]:
    """Of places whose meetings they call."""
    rows = MeetingSeries.objects.select_related("location", "facilitator").order_by("pk")
    return rows if staff.sees_all else rows.filter(location__in=staff.location_ids)


def series_of(staff: Staff) -> list[MeetingSeries]:
    """Those of them that go on."""
    return list(series_rows(staff).filter(ended_on=None)) if staff.is_manager else []


def overview(staff: Staff, *, now: dt.datetime, place: str = "", after: str = "", before: str = "") -> Overview:
    """The page of all meetings. Nine statements at most, and one for each place."""
    places = list(Location.objects.open_to(staff))
    chosen = next((each for each in places if str(each.pk) == place), places[0] if len(places) == 1 else None)
    rows = counted(meetings_of(staff))
    rows = rows.filter(location=chosen) if chosen else rows
    missed = Q(started_at=None, starts_at__lte=now - STALE_AFTER)
    over = rows.filter(Q(ended_at__isnull=False) | Q(cancelled_at__isnull=False) | missed)
    past, newer, older = page_by(over, "starts_at", is_down=True, size=PAGE, after=after, before=before)
    here = [chosen] if chosen else places
    return Overview(
        place=chosen,
        places=places,
        ahead=rows_of(coming(rows, now).order_by("starts_at", "pk")[:AHEAD], staff, now=now),
        past=rows_of(past, staff, now=now),
        newer=newer,
        older=older,
        series=[Every(each, every_words(each)) for each in series_of(staff) if chosen in (None, each.location)],
        waiting=[(each, _waiting_words(each, now)) for each in here[:5]],
        for_few=for_few(staff, here),
    )


def counted(rows: MeetingQuerySet) -> MeetingQuerySet:
    """With `items` and `incidents`, how many stand on each agenda, and `minutes_number`."""
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    shown = items.filter(incident__is_restricted=False)
    number = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-number").values("number")[:1]
    return rows.annotate(
        item_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        incident_count=Coalesce(Subquery(shown.annotate(n=Count("pk")).values("n")), 0),
        minutes_number=Subquery(number),
    )


def rows_of(rows: MeetingQuerySet | list[Meeting], staff: Staff, *, now: dt.datetime) -> list[Row]:
    return [
        Row(
            meeting=each,
            when=when_words(each.starts_at, each.location.zone),
            zone=each.location.zone_words(staff),
            items=each.item_count,  # type: ignore[attr-defined]
            incidents=each.incident_count,  # type: ignore[attr-defined]
            is_missed=each.started_at is None and not each.cancelled_at and each.starts_at <= now - STALE_AFTER,
            has_minutes=each.minutes_number is not None,  # type: ignore[attr-defined]
        )
        for each in rows
    ]


def every_words(series: MeetingSeries) -> str:
    day = formats.date_format(series.starts_on, "l")
    told = {"day": day, "time": f"{series.at:%H:%M}", "n": series.every_weeks}
    if series.every_weeks == 1:
        return _("Every %(day)s at %(time)s") % told
    return _("Every %(n)d weeks on %(day)s at %(time)s") % told


def _waiting_words(place: Location, now: dt.datetime) -> str:
    number = len(waiting_at(place.pk, now=now).order_by().values_list("pk")[: MOST + 1])
    if number > MOST:
        return _("more than %(n)d mistakes wait to be talked about") % {"n": MOST}
    if not number:
        return _("nothing waits to be talked about")
    words = ngettext("%(n)d mistake waits to be talked about", "%(n)d mistakes wait to be talked about", number)
    return words % {"n": number}


def for_few(staff: Staff, places: list[Location]) -> list[Incident]:
    """Restricted ones that are to be reviewed: by managers who see them, never in a meeting. One statement."""
    if not staff.is_manager:
        return []
    rows = Incident.objects.visible_to(staff).filter(
        review_state=ReviewState.TO_REVIEW, is_restricted=True, location__in=places
    )
    rows = rows.exclude(close_reason__in=NOT_AN_INCIDENT).select_related("category", "location")
    return list(rows.order_by("severity", "reported_at", "id")[:FOR_FEW])


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
    waiting = [] if meeting.is_over else list(_queue(meeting, now))
    people = meeting.people.select_related("staff").order_by("staff__sort_name", "pk")
    kinds = {item.kind for item in items}
    return MeetingPage(
        meeting=meeting,
        when=when_words(meeting.starts_at, meeting.location.zone),
        zone=meeting.location.zone_words(staff),
        lines=[_line(item, staff, can_run=can_run) for item in items],
        queue=[_waits(each, meeting) for each in waiting[:QUEUE]],
        has_more=len(waiting) > QUEUE,
        people=list(people),
        minutes=sum(item.minutes for item in items if not item.outcome),
        can_run=can_run,
        can_call=access.can_set_up(staff, meeting.location_id),
        missing=[(kind.value, str(kind.label)) for kind in ADDABLE if kind not in kinds],
    )


def _queue(meeting: Meeting, now: dt.datetime) -> list[Incident]:
    rows = with_why(waiting_at(meeting.location_id, now=now)).select_related("category")
    return list(rows[: QUEUE + 1])


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
