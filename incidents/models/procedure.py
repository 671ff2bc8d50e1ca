"""How we do things: text in versions, steps that may be missed, who has read it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.urls import reverse

from incidents.models.base import LINE, SHORT, STORY, within_bounds
from incidents.models.catalogue import Category
from incidents.models.staff import Location, Staff


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def visible_to(self, staff: Staff) -> ProcedureQuerySet:
        """The business's and those of their places; administrators, all."""
        if staff.sees_all:
            return self
        return self.filter(models.Q(location=None) | models.Q(location__in=staff.location_ids))

    def standing(self) -> ProcedureQuerySet:
        return self.filter(retired_at__isnull=True)


class Procedure(models.Model):
    """What we do, and who keeps it true. `location` null is every place; without a version it is not written yet."""

    title = models.CharField(max_length=SHORT)
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="procedures")
    responsible = models.ForeignKey(Staff, models.PROTECT, related_name="procedures")
    categories = models.ManyToManyField(Category, related_name="procedures", blank=True)
    review_every_days = models.PositiveSmallIntegerField(default=365)
    looked_at_on = models.DateField(null=True)  # when the one responsible last said that it is still true
    looked_at_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title=""), name="procedure_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(review_every_days__gte=7, review_every_days__lte=1100),
                name="procedure_looked_at_within_3_years",
            ),
            within_bounds("procedure", "created_at", "retired_at", dates=("looked_at_on", "review_on")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review_on"], condition=models.Q(retired_at__isnull=True), name="procedure_to_look_at")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("procedure-show", args=[self.pk])

    @property
    def zone(self) -> dt.tzinfo:
        """That of its place; of all places, that of whoever keeps it true."""
        return self.location.zone if self.location else self.responsible.zone


class ProcedureVersion(models.Model):
    """The text as it stood from then on, and what changed."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=4 * STORY)
    steps = models.JSONField(default=list)  # the routine steps as they stood: ids and words
    why = models.CharField(max_length=LINE, blank=True, default="", db_default="")
    action = models.ForeignKey("PreventionAction", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedureversion_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="procedureversion_counted_from_one"),
            within_bounds("procedureversion", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"


class ProcedureRead(models.Model):
    """Somebody says that they have read it."""

    of = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="reads")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "staff"], name="procedureread_once"),
            within_bounds("procedureread", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.of_id}"


class RoutineStep(models.Model):
    """One step of a procedure that may be missed. Kept when it is taken out: what was missed names it."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="steps")
    words = models.CharField(max_length=LINE)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(words=""), name="routinestep_has_words")]

    def __str__(self) -> str:
        return self.words
