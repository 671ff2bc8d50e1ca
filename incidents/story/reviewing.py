"""What a review of one mistake shows and may choose from: causes, routine steps, changes under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import cached_property

from incidents import access
from incidents.models import (
    Category,
    Incident,
    Location,
    MissedStep,
    PreventionAction,
    Review,
    ReviewOutcome,
    RootCause,
    RoutineStep,
    Staff,
)

MOST_USED = 5
LATELY = dt.timedelta(days=365)
MOST_COVERS = 20
OTHER = "other"


@dataclass(frozen=True)
class Causes:
    """The five that the place names most, and the rest to unfold."""

    used: list[RootCause]
    rest: list[RootCause]


@dataclass(frozen=True)
class Step:
    """A step of the routine, and whether it was missed."""

    step: RoutineStep
    is_missed: bool


@dataclass
class Reviewed:
    """A review as one person sees it. `review` is None before somebody has begun it."""

    incident: Incident
    review: Review | None
    staff: Staff
    now: dt.datetime

    @cached_property
    def causes(self) -> Causes:
        return causes_at(self.incident.location, self.now)

    @cached_property
    def factors(self) -> list[RootCause]:
        return list(self.review.factors.all()) if self.review else []

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.incident)

    @cached_property
    def missed(self) -> list[str]:
        """Their words."""
        return [each.step.words for each in self.steps if each.is_missed]

    @cached_property
    def changes(self) -> list[PreventionAction]:
        if self.review is None:
            return []
        rows = PreventionAction.objects.filter(review=self.review, dropped_at__isnull=True).committed()
        return list(rows.select_related("assignee").order_by("pk"))

    @cached_property
    def covers(self) -> list[PreventionAction]:
        """What is under way at the place, or done there: of this kind of mistake first."""
        rows = PreventionAction.objects.of_incidents_seen_by(self.staff).committed()
        rows = rows.filter(location=self.incident.location, incident__is_restricted=False)
        found = rows.exclude(incident=self.incident).select_related("assignee").order_by("-pk")[: 5 * MOST_COVERS]
        same = [each for each in found if each.category_id == self.incident.category_id]
        return [*same, *(each for each in found if each not in same)][:MOST_COVERS]

    @property
    def must_be_filed(self) -> bool:
        return self.incident.category.key == OTHER

    @cached_property
    def kinds(self) -> list[Category]:
        """What it may be filed as instead."""
        return list(Category.objects.filter(is_active=True).exclude(key=OTHER))

    @cached_property
    def people(self) -> list[Staff]:
        return people_at(self.incident.location)


def causes_at(location: Location, now: dt.datetime) -> Causes:
    """Two statements."""
    named = Incident.objects.filter(location=location, reported_at__gt=now - LATELY, root_cause__isnull=False)
    often = named.order_by().values("root_cause").annotate(number=Count("pk")).order_by("-number", "root_cause")
    used = {row["root_cause"]: row["number"] for row in often[: 2 * MOST_USED]}
    every = list(RootCause.objects.filter(is_active=True))
    by_use = sorted(every, key=lambda cause: (-used.get(cause.pk, 0), cause.position, cause.pk))
    first = {cause.pk for cause in by_use[:MOST_USED]}
    return Causes(by_use[:MOST_USED], [cause for cause in every if cause.pk not in first])


def steps_of(incident: Incident) -> list[Step]:
    """The routine of its category at its place; what was missed stays though the routine has changed. One statement."""
    missed = MissedStep.objects.filter(incident=incident, step=OuterRef("pk"))
    procedure = Q(procedure__location=None) | Q(procedure__location=incident.location_id)
    routine = Q(is_active=True, procedure__retired_at__isnull=True, procedure__categories=incident.category_id)
    rows = RoutineStep.objects.annotate(is_missed=Exists(missed)).filter(routine & procedure | Q(is_missed=True))
    found = rows.order_by("procedure", "position", "pk").distinct()
    return [Step(step, step.is_missed) for step in found]


def people_at(location: Location) -> list[Staff]:
    """Who may be given something to do there."""
    here = Staff.objects.filter(is_active=True, memberships__location=location)
    return list(here.order_by("sort_name", "pk").distinct())


def reviews_of(staff: Staff) -> Sequence[Review]:
    """Of incidents they may see."""
    rows = Review.objects.select_related("incident__category", "incident__location", "meeting__location", "root_cause")
    seen: Sequence[Review] = access.visible_to(rows, staff, through="incident")  # type: ignore[assignment]
    return seen


def newest_review(incident: Incident) -> Review | None:
    """The open one, else the last that came to something."""
    rows = Review.objects.filter(incident=incident).exclude(outcome=ReviewOutcome.NEXT_TIME)
    return rows.select_related("meeting__location", "root_cause", "covered_by").order_by("-ended_at", "-pk").first()


def review_on(incident: Incident, meeting_id: int) -> Review | None:
    """Of that meeting; one begun alone is taken up by it later. One statement."""
    rows = Review.objects.filter(incident=incident).filter(Q(meeting=meeting_id) | Q(ended_at__isnull=True))
    return rows.select_related("root_cause", "covered_by").order_by("-pk").first()
