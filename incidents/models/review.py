"""What a staff meeting made of an incident."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, SHORT, STORY, within_bounds
from incidents.models.catalogue import RootCause
from incidents.models.incident import Incident
from incidents.models.meeting import Meeting, ReviewOutcome
from incidents.models.procedure import RoutineStep
from incidents.models.staff import Staff


class WhyReview(models.TextChoices):
    """What put an incident on the list."""

    GRAVE = "grave", _("It was grave")
    SECOND_FAILURE = "second_failure", _("We made it worse")
    REPEAT = "repeat", _("It happened again")
    PATTERN = "pattern", _("It keeps happening")
    ADDED = "added", _("Somebody wants to talk about it")
    SMALL_PLACE = "small_place", _("We talk about all of them")


class Review(models.Model):
    """An incident talked about, in a meeting or (`meeting` null) without one. One at a time is open."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reviews")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="reviews")
    known_first = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    root_cause = models.ForeignKey(RootCause, models.PROTECT, null=True, related_name="+")
    factors = models.ManyToManyField(RootCause, related_name="+")
    whys: ArrayField[list[str], list[str]] = ArrayField(
        models.CharField(max_length=LINE), default=list, blank=True, db_default=[]
    )
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices, blank=True, default="", db_default="")
    reason = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    covered_by = models.ForeignKey("PreventionAction", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            within_bounds("review", "opened_at", "ended_at"),
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(ended_at__isnull=True), name="review_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | models.Q(ended_at__isnull=False, ended_by__isnull=False, outcome__in=ReviewOutcome.values),
                name="review_ends_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="no_action") | ~models.Q(reason=""), name="review_no_action_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="covered") | models.Q(covered_by__isnull=False),
                name="review_covered_by_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.outcome or 'open'}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class MissedStep(models.Model):
    """A routine step that was left out."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="missed_steps")
    step = models.ForeignKey(RoutineStep, models.PROTECT, related_name="missed")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "step"], name="missedstep_once"),
            within_bounds("missedstep", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.step_id}"


class BlackedOut(models.Model):
    """Words of an incident that somebody blacked out before others saw it, beyond the names we know."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="blacked_out")
    words = models.CharField(max_length=SHORT)
    instead = models.CharField(max_length=SHORT, blank=True, default="", db_default="")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "words"], name="blackedout_once"),
            models.CheckConstraint(condition=~models.Q(words=""), name="blackedout_some_words"),
            within_bounds("blackedout", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {len(self.words)} letters"
