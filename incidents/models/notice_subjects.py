"""What a notice of learning is about: a change, a meeting, a procedure, a thank-you, a story to practise on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from incidents.models.meeting import Meeting
from incidents.models.notice import OF_EXPORTS, Notice, NoticeKind
from incidents.models.practice import Scenario
from incidents.models.prevention import PreventionAction
from incidents.models.procedure import Procedure
from incidents.models.reminder import Reminder
from incidents.models.staff import Staff, city_of
from incidents.models.subject import Subject
from incidents.models.thanks import Thanks

CHANGE, MEETING, PROCEDURE, THANKS, STORY = "change", "meeting", "procedure", "thanks", "story"
ABOUT = {
    NoticeKind.PREVENTION_DUE: CHANGE,
    NoticeKind.PREVENTION_YOURS: CHANGE,
    NoticeKind.PREVENTION_HELD: CHANGE,
    NoticeKind.PREVENTION_BACK: CHANGE,
    NoticeKind.CHANGE_ELSEWHERE: CHANGE,
    NoticeKind.MEETING_SOON: MEETING,
    NoticeKind.MINUTES: MEETING,
    NoticeKind.PROCEDURE_DUE: PROCEDURE,
    NoticeKind.PROCEDURE_NEW: PROCEDURE,
    NoticeKind.THANKS_ASKED: THANKS,
    NoticeKind.PRACTICE_OPEN: STORY,
}


class _Columns(NamedTuple):
    model: Any
    name: str = ""
    time: str = ""


# Where a story to practise on comes from must not be known.
_READ = {
    CHANGE: _Columns(PreventionAction, name="what"),
    MEETING: _Columns(Meeting, time="starts_at"),
    PROCEDURE: _Columns(Procedure, name="title"),
    THANKS: _Columns(Thanks, name="words"),
    STORY: _Columns(Scenario, name="title"),
}
# The page on which it is done.
_PAGES = {
    CHANGE: "prevention-show",
    MEETING: "meeting-show",
    PROCEDURE: "procedure-show",
    THANKS: "thanks-answer",
    STORY: "scenario-show",
}


def page_of(kind: str) -> str:
    """The name of the address to which what hangs on no incident leads, with its subject's number."""
    if kind in OF_EXPORTS:
        return "job-show"
    return "meeting-minutes" if kind == NoticeKind.MINUTES else _PAGES[ABOUT[NoticeKind(kind)]]


def name_subjects(told: Iterable[Notice | Reminder], reader: Staff) -> None:
    """Has each notice and reminder of learning know what it is about. One query, or none."""
    found = [row for row in told if row.incident_id is None and row.kind in ABOUT]
    if not found:
        return
    wanted: dict[str, set[int]] = {}
    for row in found:
        wanted.setdefault(ABOUT[NoticeKind(row.kind)], set()).add(row.subject_id)
    known = _known(wanted, reader)
    nothing = Subject(reader.zone)
    for row in found:
        row.subject = known.get((ABOUT[NoticeKind(row.kind)], row.subject_id), nothing)


def _known(wanted: dict[str, set[int]], reader: Staff) -> dict[tuple[str, int], Subject]:
    first, *others = (_rows(about, pks, reader) for about, pks in wanted.items())
    rows = first.union(*others, all=True) if others else first
    return {
        (about, pk): Subject(
            zone=ZoneInfo(zone) if zone else reader.zone,
            name=name,
            place=place or "",
            elsewhere=city_of(zone) if zone and zone != reader.zone.key else "",
            at=at,
        )
        for about, pk, name, place, zone, at in rows
    }


def _rows(about: str, pks: set[int], reader: Staff) -> QuerySet[Any, Any]:
    """(what, its number, name, place, zone, time) of those that the reader may see."""
    model, name, time = _READ[about]
    seen: QuerySet[Any, Any] = model.objects.visible_to(reader).filter(pk__in=pks).order_by()
    has_place = about != STORY
    words: CharField[str, str] = CharField()
    none = Cast(Value(None), words)
    found: QuerySet[Any, Any] = seen.annotate(
        told_about=Value(about, words),
        told_pk=F("pk"),
        told_name=F(name) if name else Value("", words),
        told_place=F("location__name") if has_place else none,
        told_zone=F("location__time_zone") if has_place else none,
        told_at=F(time) if time else Cast(Value(None), DateTimeField()),
    ).values_list("told_about", "told_pk", "told_name", "told_place", "told_zone", "told_at")
    return found
