"""What a business says about its catalogues: playbooks, retry delays, and where a location differs.

A row with `location` null is the business default; one with a location stands in its place there.
A column that is null in an override says nothing: the default goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from incidents.models.base import LINE, STORY, MoneyField, not_negative
from incidents.models.catalogue import Category, RemedyType
from incidents.models.prepared import find_about
from incidents.models.staff import Location
from incidents.vocabulary import RETRY_AFTER, Outcome, Severity

RETRIED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER, Outcome.NEW_PROBLEM)
LONGEST_DELAY = 30 * 24 * 60


class Playbook(models.Model):
    """What to say and do about one kind of mistake: tips for the desk, never required."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="playbooks")
    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="playbooks")
    words = models.CharField(max_length=STORY, blank=True)
    steps: ArrayField[list[str], list[str]] = ArrayField(models.CharField(max_length=LINE), default=list, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "location"], nulls_distinct=False, name="playbook_once")
        ]

    def __str__(self) -> str:
        return f"{self.category_id} at {self.location_id or 'all'}"


def playbook_here(category_id: Any, location_id: Any) -> models.QuerySet[Playbook]:
    """The one that counts there: the place's row stands in for the business's as a whole. At most one."""
    here = Playbook.objects.filter(models.Q(location=location_id) | models.Q(location=None), category=category_id)
    return here.order_by(models.F("location_id").asc(nulls_last=True))[:1]


class PlaybookRemedy(models.Model):
    """A remedy this kind of mistake usually gets. With `pre_approved_up_to` staff may go ahead up to there."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="remedies")
    type = models.ForeignKey(RemedyType, models.CASCADE, related_name="+")
    pre_approved_up_to = MoneyField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook", "type"], name="playbookremedy_once"),
            not_negative("playbookremedy", "pre_approved_up_to"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id}: {self.type_id}"


def pre_approval(category_id: int | None, location_id: int, type_id: int) -> Decimal | None:
    """Up to what amount the playbook there says yes beforehand; None when it says nothing. One query."""
    here = playbook_here(category_id, location_id).values("pk")
    said = PlaybookRemedy.objects.filter(playbook=models.Subquery(here), type=type_id)
    return said.values_list("pre_approved_up_to", flat=True).first()


class RetryDelay(models.Model):
    """How long after a try without contact the next one is due."""

    outcome = models.CharField(max_length=20, choices=[(o.value, o.label) for o in RETRIED])
    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="retry_delays")
    minutes = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "location"], nulls_distinct=False, name="retrydelay_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=[o.value for o in RETRIED]), name="retrydelay_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, LONGEST_DELAY)), name="retrydelay_minutes_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.minutes}"


def retry_after(outcome: Outcome, location_id: int) -> dt.timedelta:
    """How long after such a try the next one is due there. One query."""
    rows = RetryDelay.objects.filter(models.Q(location=location_id) | models.Q(location=None), outcome=outcome)
    said = rows.order_by(models.F("location_id").asc(nulls_last=True)).values_list("minutes", flat=True).first()
    return RETRY_AFTER[outcome] if said is None else dt.timedelta(minutes=said)


class CategoryHere(models.Model):
    """How one location differs about a category."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="here")
    location = models.ForeignKey(Location, models.CASCADE, related_name="categories_here")
    is_offered = models.BooleanField(null=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "location"], name="categoryhere_once"),
            models.CheckConstraint(
                condition=models.Q(severity__isnull=True) | models.Q(severity__in=Severity.values),
                name="categoryhere_severity_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} at {self.location_id}"


class RemedyTypeHere(models.Model):
    """How one location differs about a remedy."""

    type = models.ForeignKey(RemedyType, models.CASCADE, related_name="here")
    location = models.ForeignKey(Location, models.CASCADE, related_name="remedies_here")
    is_offered = models.BooleanField(null=True)
    needs_receipt = models.BooleanField(null=True)
    typical_amount = MoneyField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["type", "location"], name="remedytypehere_once"),
            not_negative("remedytypehere", "typical_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.type_id} at {self.location_id}"


CATEGORY_HERE = ("is_active", "severity")
TYPE_HERE = ("is_active", "needs_receipt", "typical_amount")


def with_place(model: Any, location: Any) -> models.QuerySet[Any]:
    """Rows of a catalogue, each with `<column>_here`: what counts at `location` (a key or an OuterRef)."""
    is_category = model is Category
    rows: Any = CategoryHere.objects if is_category else RemedyTypeHere.objects
    own = rows.filter(location=location, **{"category" if is_category else "type": models.OuterRef("pk")})
    said = {"is_active": "is_offered"}
    here = {
        f"{name}_here": Coalesce(models.Subquery(own.values(said.get(name, name))), name)
        for name in (CATEGORY_HERE if is_category else TYPE_HERE)
    }
    found: models.QuerySet[Any] = model.objects.annotate(**here)
    return found


def severity_here(category: Category, location_id: int) -> int:
    """How bad that kind of mistake is there, unless somebody says otherwise. One query."""
    own = CategoryHere.objects.filter(category=category.pk, location=location_id)
    return own.values_list("severity", flat=True).first() or category.severity


def categories_here(location_id: int) -> list[Category]:
    """All categories in order, as that place has them: `is_offered` and `severity` are the place's. One query.

    For reading only: saved, they would become the business's.
    """
    return _here(_categories, location_id, CATEGORY_HERE)


def types_here(location_id: int) -> list[RemedyType]:
    """All remedies in order, as that place has them: `is_offered`, `needs_receipt` and `typical_amount`. One query.

    For reading only: saved, they would become the business's.
    """
    return _here(_types, location_id, TYPE_HERE)


def _categories(location_id: int) -> models.QuerySet[Any]:
    return with_place(Category, location_id)


def _types(location_id: int) -> models.QuerySet[Any]:
    return with_place(RemedyType, location_id)


def _here(build: Callable[[int], models.QuerySet[Any]], location_id: int, columns: tuple[str, ...]) -> list[Any]:
    rows = find_about(build, location_id)
    for row in rows:
        for name in columns:
            setattr(row, name, getattr(row, f"{name}_here"))
    return rows
