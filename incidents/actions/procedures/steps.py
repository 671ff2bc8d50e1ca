"""Routine steps, written as lines: whatever their words become, they stay the ones that were missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import SequenceMatcher
from uuid import uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.access import Role
from incidents.actions.advance import add_event
from incidents.actions.procedures.looking import look_again
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Category, Location, Procedure, RoutineStep, Staff
from incidents.models.base import LINE, SHORT

MOST_STEPS = 60
ALIKE = 0.6  # from here on a line is taken for the step it replaces, said otherwise
A_YEAR = 365


def lines_of(words: str) -> list[str]:
    """Each step once, in their order. Refused when there are too many, or one is too long."""
    stripped = (" ".join(line.split()).lstrip("-*• ") for line in words.splitlines())
    lines = list({line: None for line in stripped if line})
    if len(lines) > MOST_STEPS:
        raise Refused(_("That is more than anybody keeps in mind: %(most)s steps at most.") % {"most": MOST_STEPS})
    if any(len(line) > LINE for line in lines):
        raise Refused(_("A step is one line: this one is too long."))
    return lines


def keep_steps(procedure: Procedure, lines: Sequence[str]) -> list[RoutineStep]:
    """Has the procedure these steps, in this order. A line that says a step otherwise is that step still."""
    known = list(procedure.steps.all())
    found = _matched(known, lines)
    kept = []
    for position, (line, step) in enumerate(zip(lines, found, strict=True)):
        if step is None:
            kept.append(RoutineStep.objects.create(procedure=procedure, words=line, position=position))
            continue
        if (step.words, step.position, step.is_active) != (line, position, True):
            step.words, step.position, step.is_active = line, position, True
            step.save(update_fields=["words", "position", "is_active"])
        kept.append(step)
    procedure.steps.exclude(pk__in=[step.pk for step in kept]).filter(is_active=True).update(is_active=False)
    return kept


def _matched(known: list[RoutineStep], lines: Sequence[str]) -> list[RoutineStep | None]:
    """For each line its step: of the same words first, in use or not; else the most alike that is left."""
    left = sorted(known, key=lambda step: not step.is_active)
    found: list[RoutineStep | None] = []
    for line in lines:
        same = next((step for step in left if step.words.casefold() == line.casefold()), None)
        found.append(same)
        if same:
            left.remove(same)
    left = [step for step in left if step.is_active]
    for number, line in enumerate(lines):
        if found[number] is None and left:
            best = max(left, key=lambda step: _likeness(step.words, line))
            if _likeness(best.words, line) >= ALIKE:
                found[number] = best
                left.remove(best)
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def routine_for(category_id: int, location_id: int) -> list[RoutineStep]:
    """The steps of what is done there when this could have happened: its own first, then everybody's. One query."""
    of = _procedures(category_id).filter(location__in=[location_id]) | _procedures(category_id).filter(location=None)
    rows = RoutineStep.objects.filter(is_active=True, procedure__in=of.values("pk")).select_related("procedure")
    return list(rows.order_by(F("procedure__location").asc(nulls_last=True), "procedure", "position", "id"))


def _procedures(category_id: int) -> QuerySet[Procedure]:
    return Procedure.objects.standing().filter(categories=category_id)


_HERE = gettext_lazy("Only who works there says what is done there.")


def type_step(*, category: Category, location: Location, words: str, by: Staff, now: dt.datetime) -> RoutineStep:
    """A step that nobody had written down yet. Without a routine there, one comes to be that is still to be written.

    The same words again give the same step.
    """
    if not (by.sees_all or location.pk in by.location_ids):
        raise NotYours(_HERE)
    line = next(iter(lines_of(words)), "")
    if not line:
        raise Refused(_("Say which step."))
    with transaction.atomic():
        Category.objects.select_for_update(no_key=True).get(pk=category.pk)
        same = next(
            (step for step in routine_for(category.pk, location.pk) if step.words.casefold() == line.casefold()), None
        )
        if same:
            return same
        procedure = _routine_at(category, location, by=by, now=now)
        step = procedure.steps.filter(words__iexact=line).first()
        position = procedure.steps.filter(is_active=True).count()
        if step is None:
            step = RoutineStep(procedure=procedure, words=line)
        step.position, step.is_active = position, True
        step.save()
        add_event(None, "routine_step_typed", now=now, by=by, subject_id=step.pk, procedure=procedure.pk)
        return step


def _routine_at(category: Category, location: Location, *, by: Staff, now: dt.datetime) -> Procedure:
    """The place's own, else one for it: what holds at all places is not for one of them to add to."""
    if found := _procedures(category.pk).filter(location=location).order_by("pk").first():
        return found
    title = _("Routine: %(category)s") % {"category": category.label}
    procedure = Procedure.objects.create(
        title=title[:SHORT],
        location=location,
        responsible=_who_keeps(location, by),
        review_on=now.astimezone(location.zone).date() + dt.timedelta(days=A_YEAR),
        created_at=now,
        created_by=by,
        submit_key=uuid4(),
    )
    procedure.categories.add(category)
    add_event(None, "procedure_made", now=now, by=by, subject_id=procedure.pk)
    look_again(procedure, now=now)
    return procedure


def _who_keeps(location: Location, by: Staff) -> Staff:
    """A manager of the place; whoever typed it when there is none."""
    if by.is_manager:
        return by
    here = Staff.objects.filter(is_active=True, role=Role.MANAGER, memberships__location=location)
    return here.order_by("pk").first() or location.fallback_assignee or by
