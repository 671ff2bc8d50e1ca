"""The page of all meetings: what is ahead, what was, and how much waits to be talked about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.board.keyset import first_page, page_by, position
from incidents.models import AgendaItem, Incident, Location, Meeting, MeetingSeries, Minutes, Staff, open_places
from incidents.models.agenda import STALE_AFTER, coming, waiting_at
from incidents.models.incident import ReviewState
from incidents.models.meeting import MeetingQuerySet
from incidents.models.prepared import find
from incidents.models.staff import LocationQuerySet
from incidents.vocabulary import NOT_AN_INCIDENT

PAGE = 20
AHEAD = 12
MOST = 99
FOR_FEW = 10
COUNTED = 5  # places whose waiting mistakes are counted


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
    for_few: list[Incident]


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


def _going_on(staff: Staff, now: dt.datetime) -> QuerySet[MeetingSeries]:
    return series_rows(staff).filter(ended_on=None)


def overview(staff: Staff, *, now: dt.datetime, place: str = "", after: str = "", before: str = "") -> Overview:
    """The page of all meetings. Five statements at most; one more on a further page."""
    places = open_places(staff)
    chosen = next((each for each in places if str(each.pk) == place), places[0] if len(places) == 1 else None)
    here = chosen.pk if chosen else None
    ahead, over = _first(find(_listed_at if chosen else _listed, staff=staff, now=now, about=here), now)
    past, newer, older = first_page(over, "starts_at", size=PAGE)
    if position(after) or position(before):
        rows = _over(_meetings_at(staff, here), now)
        past, newer, older = page_by(rows, "starts_at", is_down=True, size=PAGE, after=after, before=before)
    series = find(_going_on, staff=staff, now=now) if staff.is_manager else []
    waiting = find(_waiting_at if chosen else _waiting, staff=staff, now=now, about=here)
    return Overview(
        place=chosen,
        places=places,
        ahead=rows_of(ahead, staff, now=now),
        past=rows_of(past, staff, now=now),
        newer=newer,
        older=older,
        series=[Every(each, every_words(each)) for each in series if chosen in (None, each.location)],
        waiting=[(each, waiting_words(each.number)) for each in waiting],  # type: ignore[attr-defined]
        for_few=for_few(staff, here, now=now),
    )


def _meetings_at(staff: Staff, place: int | None) -> MeetingQuerySet:
    rows = counted(meetings_of(staff))
    return rows if place is None else rows.filter(location=place)


def _over(rows: MeetingQuerySet, now: dt.datetime) -> MeetingQuerySet:
    """Whatever does not come any more: the others are `coming`."""
    missed = Q(started_at=None, starts_at__lte=now - STALE_AFTER)
    return rows.filter(Q(ended_at__isnull=False) | Q(cancelled_at__isnull=False) | missed)


def _listed(staff: Staff, now: dt.datetime, place: int | None = None) -> MeetingQuerySet:
    """What the first page shows of those ahead and of those that were, in one statement."""
    rows = Meeting.objects.visible_to(staff)
    rows = rows if place is None else rows.filter(location=place)
    ahead = coming(rows, now).order_by("starts_at", "pk").values("pk")[:AHEAD]
    past = _over(rows, now).order_by("-starts_at", "-pk").values("pk")[: PAGE + 1]
    return _meetings_at(staff, place).filter(pk__in=ahead.union(past, all=True))


def _listed_at(staff: Staff, now: dt.datetime, place: int) -> MeetingQuerySet:
    return _listed(staff, now, place)


def _first(found: list[Meeting], now: dt.datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Those ahead, the next one first; those that were, the last one first."""
    rows = sorted(found, key=lambda each: (each.starts_at, each.pk))
    over = [each for each in rows if each.is_over or _is_missed(each, now)]
    return [each for each in rows if each not in over], over[::-1]


def _is_missed(meeting: Meeting, now: dt.datetime) -> bool:
    return meeting.started_at is None and not meeting.cancelled_at and meeting.starts_at <= now - STALE_AFTER


class _HowMany(Subquery):
    template = "(SELECT count(*) FROM (%(subquery)s) each)"
    output_field = IntegerField()


def _waiting(staff: Staff, now: dt.datetime) -> LocationQuerySet:
    """The first places, with the number of mistakes that wait there to be talked about; counting ends after MOST."""
    waiting = waiting_at(OuterRef("pk"), now=now).order_by().values("pk")[: MOST + 1]
    return Location.objects.open_to(staff).annotate(number=_HowMany(waiting))[:COUNTED]


def _waiting_at(staff: Staff, now: dt.datetime, place: int) -> LocationQuerySet:
    waiting = waiting_at(OuterRef("pk"), now=now).order_by().values("pk")[: MOST + 1]
    return Location.objects.open_to(staff).filter(pk=place).annotate(number=_HowMany(waiting))


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
            is_missed=_is_missed(each, now),
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


def waiting_words(number: int) -> str:
    if number > MOST:
        return _("more than %(n)d mistakes wait to be talked about") % {"n": MOST}
    if not number:
        return _("nothing waits to be talked about")
    words = ngettext("%(n)d mistake waits to be talked about", "%(n)d mistakes wait to be talked about", number)
    return words % {"n": number}


def for_few(staff: Staff, place: int | None, *, now: dt.datetime) -> list[Incident]:
    """Restricted ones that are to be reviewed: by managers who see them, never in a meeting. One statement."""
    if not staff.is_manager:
        return []
    return find(_for_few if place is None else _for_few_at, staff=staff, now=now, about=place)


def _for_few(staff: Staff, now: dt.datetime, place: int | None = None) -> QuerySet[Incident]:
    here = Q(location__is_active=True) if place is None else Q(location=place)
    rows = Incident.objects.visible_to(staff).filter(here, review_state=ReviewState.TO_REVIEW, is_restricted=True)
    rows = rows.exclude(close_reason__in=NOT_AN_INCIDENT).select_related("category", "location")
    return rows.order_by("severity", "reported_at", "id")[:FOR_FEW]


def _for_few_at(staff: Staff, now: dt.datetime, place: int) -> QuerySet[Incident]:
    return _for_few(staff, now, place)
