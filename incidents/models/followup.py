"""The follow-up: a call that is due, and every attempt at it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from incidents import access
from incidents.models.base import STORY, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.recovery import Round
from incidents.models.staff import Staff
from incidents.vocabulary import Channel, Clock, Outcome


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, staff: Staff) -> FollowUpQuerySet:
        return access.visible_to(self, staff, through="incident")

    def planned(self) -> FollowUpQuerySet:
        return self.filter(answered_at__isnull=True, cancelled_at__isnull=True)

    def due_before(self, moment: dt.datetime) -> FollowUpQuerySet:
        return self.planned().filter(due_at__lt=moment)


class FollowUp(models.Model):
    """The contact after the remedy. `outcome` is the one that counted, once answered.

    A trigger keeps `tried_otherwise`: whether somebody tried in vain in a way that is no phone.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="follow_ups")
    round = models.ForeignKey(Round, models.PROTECT, related_name="follow_ups")
    assignee = models.ForeignKey(Staff, models.PROTECT, related_name="follow_ups")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    tried_otherwise = models.BooleanField(default=False, db_default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            within_bounds("followup", "due_at", "answered_at", "cancelled_at", "created_at"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, outcome="")
                | models.Q(answered_at__isnull=False, outcome__in=Outcome.values),
                name="followup_answered_has_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="followup_answered_or_cancelled",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True),
                name="followup_planned_by_due",
            ),
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True),
                name="followup_planned_by_person",
            ),
            models.Index(
                fields=["incident"],
                condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True, tried_otherwise=True),
                name="followup_tried_otherwise",
            ),
            models.Index(
                fields=["answered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="followup_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} at {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_planned(self) -> bool:
        return self.answered_at is None and self.cancelled_at is None


class Attempt(models.Model):
    """One try at a follow-up: who, when, how, what they said."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.PHONE)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=STORY, blank=True)
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            one_of("attempt", "outcome", Outcome),
            one_of("attempt", "channel", Channel),
            within_bounds("attempt", "at"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(1, 5)),
                name="attempt_score_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.outcome}"


class Deadline(models.Model):
    """One clock of one round, as a UTC instant; recomputed whenever the facts move."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="deadlines")
    round = models.ForeignKey(Round, models.CASCADE, related_name="deadlines")
    clock = models.CharField(max_length=12, choices=Clock.choices)
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "clock"], name="deadline_one_per_clock"),
            one_of("deadline", "clock", Clock),
            within_bounds("deadline", "due_at", "met_at"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.clock}"
