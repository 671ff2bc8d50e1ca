"""How we do things, as its pages list and show it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.board.comparing import Compared, compare
from incidents.models import (
    Category,
    Location,
    MissedStep,
    PreventionAction,
    Procedure,
    ProcedureRead,
    ProcedureVersion,
    RoutineStep,
    Staff,
    open_places,
)
from incidents.models.prepared import find
from incidents.models.procedure import ProcedureQuerySet

PAGE = 50
MISSED_DAYS = 90
MOST_DIGITS = 18
MOST_ACTIONS = 10
ALL, TO_READ, TO_LOOK, UNWRITTEN, RETIRED = "all", "read", "look", "unwritten", "retired"
VIEWS: dict[str, LazyText] = {
    ALL: _("All"),
    TO_READ: _("For me to read"),
    TO_LOOK: _("To be looked at"),
    UNWRITTEN: _("Still to be written"),
    RETIRED: _("No longer in use"),
}


@dataclass(frozen=True)
class ListPage:
    rows: list[Procedure]
    view: str
    place: Location | None
    category: Category | None
    places: list[Location]
    older: str


def procedures_of(staff: Staff) -> ProcedureQuerySet:
    """What they may open."""
    return Procedure.objects.visible_to(staff).select_related("location", "responsible")


def list_page(staff: Staff, sent: Mapping[str, str], *, now: dt.datetime) -> ListPage:
    """Up to PAGE of them by name. `sent`: view, place, category, after. Four statements at most."""
    view = sent["view"] if sent["view"] in VIEWS else ALL
    places = open_places(staff)
    here = next((each for each in places if str(each.pk) == sent["place"]), None)
    kind = Category.objects.filter(pk=int(sent["category"])).first() if _is_number(sent["category"]) else None
    start = int(sent["after"]) if _is_number(sent["after"]) else 0
    if view == ALL and not (here or kind or start):
        found = find(_first_page, staff=staff, now=now)
    else:
        rows = _in_view(_told(procedures_of(staff), staff), view, now.astimezone(staff.zone).date())
        rows = rows.filter(Q(location=here) | Q(location=None)) if here else rows
        rows = rows.filter(categories=kind) if kind else rows
        found = list(rows.order_by("title", "pk")[start : start + PAGE + 1])
    older = str(start + PAGE) if len(found) > PAGE else ""
    return ListPage(found[:PAGE], view, here, kind, places, older)


def _first_page(staff: Staff, now: dt.datetime) -> Any:
    """Of all that are in use; no part of it depends on the clock."""
    return _told(procedures_of(staff), staff).standing().order_by("title", "pk")[: PAGE + 1]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _told(rows: ProcedureQuerySet, staff: Staff) -> Any:
    """With the number of its last version, whether they have read that, and what it is for."""
    last = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    mine = ProcedureRead.objects.filter(staff=staff, of=OuterRef("last_version"))
    steps = RoutineStep.objects.filter(procedure=OuterRef("pk"), is_active=True).order_by().values("procedure")
    return rows.annotate(
        last_version=Subquery(last.values("pk")[:1]),
        last_number=Subquery(last.values("number")[:1]),
        number_of_steps=Subquery(steps.annotate(number=Count("*")).values("number")),
    ).annotate(is_read=Exists(mine))


def _in_view(rows: Any, view: str, today: dt.date) -> Any:
    if view == RETIRED:
        return rows.filter(retired_at__isnull=False)
    rows = rows.standing()
    if view == TO_READ:
        return rows.filter(last_version__isnull=False, is_read=False)
    if view == TO_LOOK:
        return rows.filter(review_on__lte=today, last_version__isnull=False)
    return rows.filter(last_version__isnull=True) if view == UNWRITTEN else rows


@dataclass(frozen=True)
class ProcedurePage:
    procedure: Procedure
    last: ProcedureVersion | None
    versions: list[ProcedureVersion]
    steps: list[Any]  # RoutineStep with `times_missed`
    categories: list[Category]
    actions: list[PreventionAction]
    have_read: list[ProcedureRead]
    have_not: list[Staff]
    is_mine_to_read: bool
    may_write: bool
    may_change: bool
    is_to_look_at: bool
    today: dt.date


def procedure_page(staff: Staff, procedure: Procedure, *, now: dt.datetime) -> ProcedurePage:
    """Seven statements."""
    versions = list(procedure.versions.select_related("by", "action"))
    last = versions[0] if versions else None
    have_read = list(last.reads.select_related("staff").order_by("at")) if last else []
    who = {read.staff_id for read in have_read}
    have_not = [person for person in readers_of(procedure) if person.pk not in who] if last else []
    may_write = access.can_write_procedure(staff, procedure)
    today = now.astimezone(procedure.zone).date()
    return ProcedurePage(
        procedure=procedure,
        last=last,
        versions=versions,
        steps=steps_of(procedure, staff, now),
        categories=list(procedure.categories.order_by("position", "pk")),
        actions=actions_of(procedure, staff),
        have_read=have_read,
        have_not=have_not,
        is_mine_to_read=last is not None and staff.pk not in who and procedure.retired_at is None,
        may_write=may_write,
        may_change=may_write and staff.is_manager,
        is_to_look_at=last is not None and procedure.retired_at is None and procedure.review_on <= today,
        today=today,
    )


def steps_of(procedure: Procedure, staff: Staff, now: dt.datetime) -> list[Any]:
    """Those in use, with how often each was missed lately where they may see it."""
    since = now - dt.timedelta(days=MISSED_DAYS)
    missed = access.visible_to(MissedStep.objects.filter(step=OuterRef("pk"), at__gt=since), staff, through="incident")
    number = missed.order_by().values("step").annotate(number=Count("*")).values("number")
    return list(procedure.steps.filter(is_active=True).annotate(times_missed=Subquery(number)))


def actions_of(procedure: Procedure, staff: Staff) -> list[PreventionAction]:
    rows = PreventionAction.objects.visible_to(staff).filter(procedure=procedure).select_related("assignee")
    return list(rows.order_by("-created_at")[:MOST_ACTIONS])


def readers_of(procedure: Procedure) -> QuerySet[Staff]:
    """Whoever works where it holds."""
    everybody = Staff.objects.filter(is_active=True).order_by("sort_name", "pk")
    if procedure.location_id is None:
        return everybody.filter(memberships__isnull=False).distinct()
    return everybody.filter(memberships__location=procedure.location_id)


@dataclass(frozen=True)
class Comparison:
    """`old` is None for the first version: all of it is new."""

    new: ProcedureVersion
    old: ProcedureVersion | None
    words: list[Compared]
    steps: list[Compared]
    numbers: list[int]


def comparison(procedure: Procedure, number: int, against: str) -> Comparison | None:
    """A version beside the one before it, or beside another one. None when there is no such version. One statement."""
    versions = {each.number: each for each in procedure.versions.select_related("by", "action")}
    new = versions.get(number)
    if new is None:
        return None
    chosen = int(against) if _is_number(against) and int(against) in versions else number - 1
    old = versions.get(chosen)
    return Comparison(
        new=new,
        old=old,
        words=compare(old.words.splitlines() if old else [], new.words.splitlines()),
        steps=compare([step["words"] for step in old.steps] if old else [], [step["words"] for step in new.steps]),
        numbers=sorted((each for each in versions if each != number), reverse=True),
    )


def people_for(staff: Staff, procedure: Procedure | None = None) -> list[Staff]:
    """Who may keep one: colleagues of their places, and whoever does already."""
    rows = Staff.objects.filter(is_active=True)
    if not staff.sees_all:
        rows = rows.filter(Q(memberships__location__in=staff.location_ids) | Q(pk=staff.pk))
    found = list(rows.distinct().order_by("sort_name", "pk"))
    if procedure and procedure.responsible not in found:
        found.insert(0, procedure.responsible)
    return found


def change_behind(staff: Staff, pk: str) -> PreventionAction | None:
    """The change that a new version carries out, where they may see it."""
    if not _is_number(pk):
        return None
    return PreventionAction.objects.visible_to(staff).filter(pk=int(pk)).first()


def places_of(staff: Staff) -> list[Location]:
    return open_places(staff)


def to_write(procedure: Procedure, action: PreventionAction | None) -> dict[str, Any]:
    """What the form of the next version begins with: the last one, the steps as they are now, what is to change."""
    last = procedure.versions.first()
    words = last.words if last else ""
    if action and action.new_text and action.new_text not in words:
        words = words.replace(action.old_text, action.new_text) if action.old_text else words
        words = words if action.new_text in words else f"{words}\n\n{action.new_text}".strip()
    steps = procedure.steps.filter(is_active=True).values_list("words", flat=True)
    return {
        "words": words,
        "steps": "\n".join(steps),
        "why": action.what if action else "",
        "version": procedure.version,
    }
