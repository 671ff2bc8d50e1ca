"""Many recoveries at once: which they are, what would become of them, and what became of each. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from incidents.board.register import Card, Filters, card, for_cards
from incidents.board.unanswered import unanswered_among
from incidents.models import BulkAct, Concern, Incident, Job, JobKind, JobLine, LineState, Membership, Staff
from incidents.models.incident import IncidentQuerySet, ReviewState
from incidents.models.matching import rows_of
from incidents.vocabulary import NOT_AN_INCIDENT

SHOWN = 5
PAGE = 25
MOST_DIGITS = 9
GO = "go"


def rows_for(staff: Staff, chosen: Filters, picked: list[str] | None, *, now: dt.datetime) -> IncidentQuerySet:
    """The ticked ones, where some were to be; else all of the filter, in the order of the list."""
    if picked is not None:
        return Incident.objects.visible_to(staff).filter(reference__in=picked).by_urgency()
    return rows_of(staff, chosen, now)


def rows_of_act(rows: IncidentQuerySet, act: BulkAct, *, staff: Staff, before: dt.datetime) -> IncidentQuerySet:
    """Those for which `act` comes into question. `before`: a message left so long ago is unanswered."""
    if act == BulkAct.CLOSE:
        return unanswered_among(rows, staff, before)
    return rows if act == BulkAct.MEETING else rows.open()


def left_to_do(rows: IncidentQuerySet, act: BulkAct, *, staff: Staff, to: Staff | None) -> IncidentQuerySet:
    """Of those, the ones that are not as they shall be already."""
    if act == BulkAct.REASSIGN and to is not None:
        return rows.exclude(assignee=to)
    if act == BulkAct.REMIND:
        return rows.exclude(assignee=staff)
    return rows.exclude(review_state=ReviewState.TO_REVIEW) if act == BulkAct.MEETING else rows


@dataclass(frozen=True)
class Reason:
    """Why so many of them stay as they are."""

    words: str
    number: int


@dataclass(frozen=True)
class Preview:
    """What would become of them; `number` of them are looked at, `is_capped` when there are more."""

    number: int
    is_capped: bool
    goes: int
    reasons: list[Reason]
    cards: list[Card] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.number - len(self.cards)


_WORDS: dict[str, Any] = {
    "theirs": ngettext_lazy("%(number)d is with %(who)s already", "%(number)d are with %(who)s already", "number"),
    "elsewhere": ngettext_lazy(
        "%(number)d cannot: %(who)s does not work at that place",
        "%(number)d cannot: %(who)s does not work at those places",
        "number",
    ),
    "concerned": ngettext_lazy(
        "%(number)d cannot: %(who)s must not have it", "%(number)d cannot: %(who)s must not have them", "number"
    ),
    "part": ngettext_lazy(
        "%(number)d is restricted: only your own part of it is yours",
        "%(number)d are restricted: only your own part of them is yours",
        "number",
    ),
    "mine": ngettext_lazy("%(number)d is yours", "%(number)d are yours", "number"),
    "on_it": ngettext_lazy("%(number)d is on the list already", "%(number)d are on the list already", "number"),
    "talked": ngettext_lazy(
        "%(number)d cannot: a meeting talked about it already",
        "%(number)d cannot: a meeting talked about them already",
        "number",
    ),
    "out": ngettext_lazy("%(number)d was taken out of the list", "%(number)d were taken out of the list", "number"),
}


def preview(
    rows: IncidentQuerySet, act: BulkAct | None, *, staff: Staff, to: Staff | None = None, most: int, has_cards: bool
) -> Preview:
    """At most three statements, whatever their number: counting stops at `most`."""
    whens = [When(condition, then=Value(code)) for code, condition in _stays(act, staff, to)]
    why = Case(*whens, default=Value(GO), output_field=CharField())
    # In their order only where it decides which of too many are looked at: what is open is counted along an index then.
    counted = rows if whens else rows.order_by()
    found = _counted(counted.values_list(why)[: most + 1])
    number = sum(found.values())
    names = {"who": str(to or "")}
    reasons = [Reason(_said(_WORDS[code], names, n), n) for code, n in found.most_common() if code != GO]
    cards = [card(staff, incident) for incident in for_cards(rows)[:SHOWN]] if has_cards and number else []
    return Preview(min(number, most), number > most, min(found[GO], most), reasons, cards)


def _counted(codes: QuerySet[Any, Any]) -> Counter[str]:
    """How often each code is among them: counted where they are, not one by one here."""
    try:
        sql, params = codes.query.sql_with_params()
    except EmptyResultSet:  # somebody without a place, or no tick that can be read
        return Counter()
    with connection.cursor() as cursor:
        counted = f"SELECT why, count(*) FROM ({sql}) codes (why) GROUP BY why"  # noqa: S608  # nosec B608
        cursor.execute(counted, params)
        return Counter(dict(cursor.fetchall()))


def _said(words: Any, names: dict[str, str], number: int) -> str:
    said: LazyText | str = words % (names | {"number": number})
    return str(said)


def _stays(act: BulkAct | None, staff: Staff, to: Staff | None) -> list[tuple[str, Q]]:
    """Which stay as they are, and why: the first that fits. The actions look again, with the row locked."""
    part = Q(is_restricted=True) & ~Q(assignee=staff)
    not_whole = [] if staff.is_manager else [("part", part)]
    if act == BulkAct.REASSIGN and to is not None:
        concerned = Exists(Concern.objects.filter(incident=OuterRef("pk"), staff=to))
        elsewhere = [] if to.sees_all else [("elsewhere", ~Q(location__in=to.location_ids))]
        return [*not_whole, ("theirs", Q(assignee=to)), *elsewhere, ("concerned", Q(concerned))]
    if act == BulkAct.REMIND:
        return [*not_whole, ("mine", Q(assignee=staff))]
    if act == BulkAct.MEETING:
        talked = Q(review_state__in=[ReviewState.PREVENTING, ReviewState.VERIFIED])
        return [
            ("on_it", Q(review_state=ReviewState.TO_REVIEW)),
            ("out", Q(close_reason__in=NOT_AN_INCIDENT)),
            ("talked", talked),
        ]
    return not_whole if act == BulkAct.CLOSE else []


def people_for(staff: Staff) -> list[Staff]:
    """Whom `staff` may hand work to, by name; one statement."""
    people = Staff.objects.filter(is_active=True)
    if not staff.sees_all:
        people = people.filter(pk__in=Membership.objects.filter(location__in=staff.location_ids).values("staff"))
    return list(people.order_by("sort_name", "id"))


@dataclass(frozen=True)
class Line:
    """One row of a job; `incident` is None where the reader may not see it (any more)."""

    state: str
    said: str
    incident: Incident | None

    @property
    def is_refused(self) -> bool:
        return self.state == LineState.REFUSED

    @property
    def state_words(self) -> str:
        return str(LineState(self.state).label)


@dataclass(frozen=True)
class Lines:
    """What became of each: up to PAGE of them."""

    lines: list[Line]
    after: str = ""


def lines_of(job: Job, staff: Staff, *, state: str = "", after: str = "") -> Lines:
    """Two statements. Those in that state alone when it is one; a cursor nobody can read begins anew."""
    rows = JobLine.objects.filter(job=job).order_by("position")
    if state in LineState.values:
        rows = rows.filter(state=state)
    if after.isascii() and after.isdecimal() and len(after) <= MOST_DIGITS:
        rows = rows.filter(position__gt=int(after))
    found = list(rows[: PAGE + 1])
    has_more, found = len(found) > PAGE, found[:PAGE]
    numbers = [line.incident_id for line in found]
    seen = Incident.objects.visible_to(staff).filter(pk__in=numbers).select_related("customer").in_bulk()
    lines = [Line(line.state, line.said, seen.get(line.incident_id)) for line in found]
    return Lines(lines, str(found[-1].position) if has_more else "")


def tally(job: Job) -> dict[str, int]:
    """How many lines are in each state; one statement."""
    counted = JobLine.objects.filter(job=job).values("state").annotate(number=Count("id"))
    return dict(counted.values_list("state", "number"))


def find_job(staff: Staff, pk: int) -> Job | None:
    """A change of many that `staff` may see."""
    jobs = Job.objects.visible_to(staff).filter(kind=JobKind.BULK)
    return jobs.select_related("asked_by").filter(pk=pk).first()


def to_whom(job: Job) -> str:
    """The name of whoever was given them."""
    to = Staff.objects.filter(pk=job.options.get("to") or 0).first()
    return str(to) if to else _("Nobody")
