"""Practice: what is open to answer, the stories told so far, and what a new one begins with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from incidents.access import can_set_up
from incidents.hiding import hide
from incidents.models import (
    Apology,
    Business,
    Category,
    FollowUp,
    Incident,
    Location,
    PracticeAnswer,
    Remedy,
    Scenario,
    Staff,
)
from incidents.models.base import EARLIEST, SHORT, STORY
from incidents.models.hidden import Hidden, hidden_for
from incidents.models.incident import IncidentQuerySet
from incidents.models.practice import FEW, SHOWN_FROM, ScenarioQuerySet
from incidents.models.prepared import find
from incidents.undated import without_days
from incidents.vocabulary import CloseReason, RemedyState

PROPOSED = 8  # closed recoveries that a story may be made of
LOOKED_AT = 100  # of those that ended last
MOST = 200  # stories of a page
NO_STORY = (CloseReason.VOID, CloseReason.DUPLICATE)


@dataclass(frozen=True)
class Overview:
    open: list[Scenario]
    drafts: list[Scenario]
    proposed: list[Incident]


def overview(staff: Staff) -> Overview:
    """Two statements; for managers three more."""
    opened = find(_open, staff=staff, now=EARLIEST)
    if not staff.is_manager:
        return Overview(opened, [], [])
    return Overview(opened, find(_drafts, staff=staff, now=EARLIEST), find(_proposed, staff=staff, now=EARLIEST))


# No part of these depends on the clock.


def _open(staff: Staff, now: dt.datetime) -> ScenarioQuerySet:
    return _told(staff).taking_answers().order_by("-published_at", "-pk")[:MOST]


def _drafts(staff: Staff, now: dt.datetime) -> ScenarioQuerySet:
    unpublished = Scenario.objects.visible_to(staff).filter(published_at=None)
    return unpublished.select_related("category", "location").order_by("-pk")[:MOST]


def _told(staff: Staff) -> ScenarioQuerySet:
    counted: ScenarioQuerySet = Scenario.objects.visible_to(staff).select_related("category")
    return counted.annotate(number=Count("answers"))


def _is_one_of(keys: QuerySet[Any, Any]) -> Func:
    both = F("pk"), ArraySubquery(keys)
    return Func(*both, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def _proposed(staff: Staff, now: dt.datetime) -> IncidentQuerySet:
    """What ended last at their places and no story was made of, the gravest first.

    Those that were none are left out of the last ones: asked for at once, PostgreSQL reads all incidents instead of
    walking back. So it does of what is in a list, but not in an array.
    """
    over = Incident.objects.visible_to(staff).filter(closed_at__isnull=False, is_restricted=False)
    untold = over.filter(~Exists(Scenario.objects.filter(incident=OuterRef("pk"))))
    newest = untold.order_by("-closed_at", "-pk").values("pk")[:LOOKED_AT]
    real = Incident.objects.filter(_is_one_of(newest)).exclude(close_reason__in=NO_STORY).order_by("-closed_at", "-pk")
    gravest = Incident.objects.filter(_is_one_of(real.values("pk")[: 3 * PROPOSED]))
    rows = gravest.order_by("severity", "-closed_at", "-pk").select_related("category", "location")[:PROPOSED]
    return rows.only("reference", "what_happened", "category", "location")


@dataclass(frozen=True)
class Shelf:
    """The stories of one kind of mistake."""

    category: Category | None
    stories: list[Scenario]
    is_chosen: bool = False


def library(staff: Staff, category: str = "") -> tuple[list[Shelf], list[Shelf]]:
    """All shelves, and those that are shown: all, or the one of `category`. Two statements."""
    told = _told(staff).published().order_by("category__position", "category__pk", "-published_at", "-pk")
    shelves = [
        Shelf(kind, list(rows), is_chosen=kind is not None and kind.key == category)
        for kind, rows in groupby(told[:MOST], key=lambda each: each.category)
    ]
    shown = [shelf for shelf in shelves if shelf.is_chosen]
    return shelves, shown or shelves


@dataclass(frozen=True)
class Page:
    """`answers` is empty until there are enough of them; `may_manage`: those who published it, and their like."""

    scenario: Scenario
    number: int
    answers: list[PracticeAnswer]
    has_few_people: bool
    may_manage: bool
    source: Incident | None

    @property
    def shows_ending(self) -> bool:
        return bool(self.answers) or not self.scenario.takes_answers

    @property
    def missing(self) -> int:
        return max(SHOWN_FROM - self.number, 0)


def page(staff: Staff, scenario: Scenario) -> Page:
    """Three statements, four for those who may open where it comes from."""
    may_manage = can_set_up(staff, scenario.location_id)
    people = Staff.objects.filter(is_active=True, memberships__location=scenario.location_id)
    source = None
    if may_manage and scenario.incident_id:
        source = Incident.objects.visible_to(staff).filter(pk=scenario.incident_id).first()
    return Page(
        scenario=scenario,
        number=PracticeAnswer.objects.filter(scenario=scenario.pk).count(),
        answers=scenario.shown(),
        has_few_people=people.distinct()[:FEW].count() < FEW,
        may_manage=may_manage,
        source=source,
    )


def scenarios_of(staff: Staff) -> ScenarioQuerySet:
    return Scenario.objects.visible_to(staff).select_related("category", "location", "incident")


def closed_incident(staff: Staff, reference: str) -> Incident | None:
    """One that they see; None for anything else."""
    made = Prefetch("apologies", Apology.objects.filter(made_at__isnull=False).order_by("made_at"))
    done = Prefetch("remedies", Remedy.objects.select_related("type").order_by("pk"))
    called = Prefetch("follow_ups", FollowUp.objects.exclude(outcome="").order_by("answered_at"))
    seen = Incident.objects.visible_to(staff).with_names().prefetch_related(made, done, called)
    return seen.filter(reference=reference).first()


def draft_of(incident: Incident) -> dict[str, object]:
    """What the form begins with: without names, days, places, and the ending by itself."""
    hidden, places = hidden_for(incident), _places(incident)

    def plainly(text: str) -> str:
        return without_days(hide(hidden.words(text), places))

    return {
        "title": str(incident.category)[:SHORT],
        "story": plainly(incident.what_happened)[:STORY],
        "question": _("The customer is in front of you. What do you say, and what do you do?"),
        "ending": plainly("\n".join(_ending(incident, hidden)))[:STORY],
        "category": incident.category_id,
        "place": incident.location_id,
    }


def _places(incident: Incident) -> dict[str, str]:
    names = {incident.place: _("the place")} if incident.place else {}
    business = Business.objects.values_list("name", flat=True).first()
    for name in (*Location.objects.values_list("name", flat=True), business):
        if name:
            names.setdefault(name, _("the house"))
    return names


def _ending(incident: Incident, hidden: Hidden) -> list[str]:
    """How it went on, a line for each thing: what we said, what we did, how they were in the end."""
    sorry = incident.apologies.all()[:1]
    lines = [_("We apologized: %(how)s.") % {"how": each.get_channel_display().lower()} for each in sorry]
    for remedy in incident.remedies.all():
        if remedy.state in (RemedyState.DELIVERED, RemedyState.DECLINED):
            what = f"{remedy.type}: {remedy.what}" if remedy.what else str(remedy.type)
            is_done = remedy.state == RemedyState.DELIVERED
            lines.append((_("We did: %(what)s") if is_done else _("They declined: %(what)s")) % {"what": what})
    calls = list(incident.follow_ups.all())
    if calls:
        lines.append(_("Asked afterwards: %(how)s.") % {"how": calls[-1].get_outcome_display().lower()})
    elif incident.close_reason:
        lines.append(_("How it ended: %(how)s.") % {"how": incident.get_close_reason_display().lower()})
    return lines
