"""Patterns: what happens more often than it used to, what keeps coming back, and who looks into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import formats

from incidents.access import can_read_whole, visible_to
from incidents.board.keyset import page_by
from incidents.board.shared import COMPARED, Line, label_of, length_words, lines_of
from incidents.models import Category, Incident, Location, Notice, NoticeKind, Pattern, PatternKind, PatternLink, Staff
from incidents.models.frequent import basics_of_place, frequent
from incidents.models.incident import IncidentQuerySet
from incidents.models.pattern import SUBJECTS, sharing
from incidents.models.prepared import find
from incidents.models.tally import (
    BASICS_DAYS,
    DAY,
    countable,
    first_reported,
    tally,
    windows_known,
    windows_since,
)
from incidents.rising import FEWEST_BEFORE, Trend

WINDOWS = (28, 7, 90)
SHOWN = 5  # of each kind; the others are folded
MOST_OPEN = 20
MOST_LISTED = 25  # of each kind
PAGE = 20
MOST_FITTING = 99


@dataclass(frozen=True)
class Watched:
    """A pattern somebody looks into. `line`: how often it comes now, when it came three times at least."""

    pattern: Pattern
    label: str
    linked: int
    line: Line | None = None


@dataclass
class Overview:
    days: int
    place: Location | None
    places: list[Location]
    is_comparable: bool
    rising: list[Line]
    groups: list[tuple[str, list[Line], list[Line]]]
    watched: list[Watched]
    basics: list[Line] = field(default_factory=list)
    basics_keys: list[str] = field(default_factory=list)
    compared: int = 0

    @property
    def windows(self) -> list[tuple[int, str]]:
        return [(days, length_words(days)) for days in WINDOWS]

    @property
    def length(self) -> str:
        return length_words(self.days)


def overview(staff: Staff, *, now: dt.datetime, place: str = "", days: str = "") -> Overview:
    """The page. What cannot be read of the address is left out. Six statements, eight of one place."""
    places = find(_places, staff=staff, now=now)
    chosen = next((each for each in places if str(each.pk) == place), places[0] if len(places) == 1 else None)
    length = int(days) if days in map(str, WINDOWS) else WINDOWS[0]
    windows = windows_since(_firsts(staff, chosen, now), now=now, days=length)
    found, kinds = frequent(staff, chosen, now=now, days=length, windows=windows, most=MOST_LISTED)
    lines = lines_of(found, length)
    watched = _watched(staff, chosen, lines, now)
    looked_into = {each.pattern.subject for each in watched}
    free = [line for line in lines if (line.kind, line.stored) not in looked_into]
    rising = sorted((line for line in free if line.is_rising), key=lambda line: line.trend.chance)
    page = Overview(
        days=length,
        place=chosen,
        places=places,
        is_comparable=windows >= FEWEST_BEFORE,
        rising=rising,
        groups=_grouped([line for line in free if not line.is_rising]),
        watched=watched,
        compared=sum(kinds[kind] for kind in COMPARED),
    )
    if chosen is not None:
        page.basics = _basics(staff, chosen, now)
    if page.basics:
        page.basics_keys = list(Category.objects.filter(is_basics=True).values_list("key", flat=True))
    return page


def _places(staff: Staff, _now: dt.datetime) -> QuerySet[Location]:
    return Location.objects.open_to(staff)


def _firsts(staff: Staff, place: Location | None, now: dt.datetime) -> list[dt.datetime]:
    """When the first were written down, of the place or of all. One statement, kept."""
    build = _firsts_everywhere if place is None else _firsts_there
    return [each.created_at for each in find(build, staff=staff, now=now, about=place.pk if place else None)]


def _firsts_everywhere(staff: Staff, _now: dt.datetime) -> IncidentQuerySet:
    return first_reported(Incident.objects.visible_to(staff))


def _firsts_there(staff: Staff, _now: dt.datetime, place: int) -> IncidentQuerySet:
    return first_reported(Incident.objects.visible_to(staff).filter(location_id=place))


def basics_told(staff: Staff, now: dt.datetime) -> list[Notice]:
    """At which of their places it is time to go back to basics, as they were told. One statement, kept."""
    return find(_basics_since, staff=staff, now=now - BASICS_DAYS * DAY)


def _basics_since(staff: Staff, since: dt.datetime) -> QuerySet[Notice]:
    told = Notice.objects.filter(recipient=staff, kind=NoticeKind.BASICS, at__gt=since)
    return told.select_related("incident__location").only("at", "incident__location__name").order_by("-id")[:3]


def seen_at(staff: Staff, place: Location | None) -> IncidentQuerySet:
    rows = Incident.objects.visible_to(staff)
    return rows if place is None else rows.filter(location=place)


def _basics(staff: Staff, place: Location, now: dt.datetime) -> list[Line]:
    """Too many of the basics lately: one line for all of them. At most two statements."""
    trend = basics_of_place(staff, place, now=now)
    return [Line(PatternKind.CATEGORY, "", "", trend, BASICS_DAYS)] if trend else []


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line], list[Line]]]:
    """(what they share, the most frequent, the others), of kinds that have any."""
    groups = []
    for kind in SUBJECTS:
        of_kind = [line for line in lines if line.kind == kind]
        if of_kind:
            groups.append((str(kind.label), of_kind[:SHOWN], of_kind[SHOWN:]))
    return groups


def patterns_of(staff: Staff, place: Location | int | None = None) -> Any:
    """With `linked`, how many of its incidents they see, and what the first of an event was."""
    links = visible_to(PatternLink.objects.filter(pattern=OuterRef("pk")), staff, through="incident")
    number = links.order_by().values("pattern").annotate(number=Count("pk")).values("number")
    rows = Pattern.objects.visible_to(staff).with_names()
    here = rows if place is None else rows.filter(Q(location=place) | Q(location=None))
    first = links.order_by("id").values("incident__category__name")[:1]
    return here.annotate(linked=Subquery(number), first_category=Subquery(first))


def _watched(staff: Staff, place: Location | None, lines: list[Line], now: dt.datetime) -> list[Watched]:
    """What is being looked into, the newest first. One statement, kept."""
    by_subject = {(line.kind, line.stored): line for line in lines}
    build = _open_everywhere if place is None else _open_there
    found: list[Any] = find(build, staff=staff, now=now, about=place.pk if place else None)
    return [Watched(each, label_of(each), each.linked, by_subject.get(each.subject)) for each in found]


def _open_everywhere(staff: Staff, _now: dt.datetime) -> Any:
    return patterns_of(staff).open().order_by("-opened_at", "-id")[:MOST_OPEN]


def _open_there(staff: Staff, _now: dt.datetime, place: int) -> Any:
    return patterns_of(staff, place).open().order_by("-opened_at", "-id")[:MOST_OPEN]


def closed_patterns(staff: Staff, place: Location | None = None) -> list[Watched]:
    """What was looked into, the newest first. One statement."""
    found = patterns_of(staff, place).filter(closed_at__isnull=False).order_by("-closed_at", "-id")[:MOST_OPEN]
    return [Watched(each, label_of(each), each.linked) for each in found]


def fitting(staff: Staff, pattern: Pattern) -> IncidentQuerySet:
    """What shares the same, is not linked yet, and was reported since the first of those that are."""
    links = PatternLink.objects.filter(pattern=pattern)
    since = Subquery(links.order_by().values("pattern").annotate(since=Min("incident__reported_at")).values("since"))
    rows = countable(Incident.objects.visible_to(staff)).filter(sharing(*pattern.subject), reported_at__gte=since)
    if pattern.location_id is not None:
        rows = rows.filter(location=pattern.location_id)
    return rows.exclude(pk__in=links.values("incident"))


def trend_of(staff: Staff, pattern: Pattern, *, now: dt.datetime, days: int = WINDOWS[0]) -> Line | None:
    """How often what it shares comes now. Two statements; nothing for an event."""
    if pattern.kind == PatternKind.EVENT:
        return None
    rows = seen_at(staff, pattern.location).filter(sharing(*pattern.subject))
    windows = windows_known(seen_at(staff, pattern.location), now=now, days=days)
    found = tally(rows, now=now, days=days, windows=windows, kinds=[PatternKind(pattern.kind)], fewest=0)
    kind, value = pattern.subject
    trend = next((each.trend for each in found if str(each.value) == str(value)), Trend(0, (0,) * windows))
    return Line(PatternKind(kind), str(value), label_of(pattern), trend, days)


@dataclass(frozen=True)
class Row:
    """One incident in a list of those that share something; no words of what the reader may not read."""

    incident: Incident
    story: str

    @property
    def day(self) -> str:
        return formats.date_format(self.incident.reported_at.astimezone(self.incident.location.zone), "D j M")

    @property
    def where(self) -> str:
        return self.incident.place or self.incident.location.name


def _rows(staff: Staff, incidents: Iterable[Incident]) -> list[Row]:
    return [Row(each, each.what_happened if can_read_whole(staff, each) else "") for each in incidents]


@dataclass(frozen=True)
class Found:
    """What would be linked: how many, and the newest of them. `watched`: it is looked into already."""

    line: Line | None
    rows: list[Row]
    watched: Pattern | None = None
    is_one_kind: bool = False


def to_look_into(staff: Staff, asked: dict[str, Any], *, now: dt.datetime) -> Found:
    """What shares what was asked for. At most five statements."""
    kind, value, place = asked.get("kind"), asked.get("value"), asked.get("place")
    days = asked.get("days") or WINDOWS[0]
    if not kind or value is None:
        return Found(None, [])
    every = seen_at(staff, place)
    windows = windows_known(every, now=now, days=days)
    shared = every.filter(sharing(kind, value))
    found = tally(shared, now=now, days=days, windows=windows, kinds=[PatternKind(kind)], fewest=1)
    lines = lines_of([each for each in found if str(each.value) == str(value)], days)
    newest = countable(shared).filter(reported_at__gt=now - days * DAY, reported_at__lte=now).with_names()
    open_ones = patterns_of(staff).open().filter(kind=kind, location=place, **{SUBJECTS[PatternKind(kind)]: value})
    rows = _rows(staff, newest.order_by("-reported_at", "-id")[:PAGE])
    return Found(lines[0] if lines else None, rows, open_ones.first(), is_one_kind=kind == PatternKind.CATEGORY)


@dataclass(frozen=True)
class PatternPage:
    label: str
    line: Line | None
    rows: list[Row]
    newer: str
    older: str
    fitting: int
    can_read_note: bool
    is_one_kind: bool


def can_read_note(pattern: Pattern) -> bool:
    """Whether they see all that is linked, of which it may speak. `pattern` is of `patterns_of()`. One statement."""
    return pattern.links.count() == (getattr(pattern, "linked", 0) or 0)


def pattern_page(staff: Staff, pattern: Pattern, *, now: dt.datetime, after: str = "", before: str = "") -> PatternPage:
    """What is linked, the newest first; how many more fit, and how often it comes now. Five statements."""
    mine = Incident.objects.visible_to(staff).filter(pattern_links__pattern=pattern).with_names()
    found, newer, older = page_by(mine, "reported_at", is_down=True, size=PAGE, after=after, before=before)
    more = len(fitting(staff, pattern).order_by().values_list("pk")[: MOST_FITTING + 1]) if pattern.is_open else 0
    return PatternPage(
        label=label_of(pattern),
        line=trend_of(staff, pattern, now=now) if pattern.is_open else None,
        rows=_rows(staff, found),
        newer=newer,
        older=older,
        fitting=more,
        can_read_note=can_read_note(pattern),
        is_one_kind=pattern.kind == PatternKind.CATEGORY,
    )
