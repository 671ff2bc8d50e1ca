"""The database is the schedule; Celery is only the alarm clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.ladder import WITHOUT_INCIDENT, Kind
from incidents.models.base import LINE, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.subject import Subject

ReminderKind = Kind


class ReminderState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    DONE = "done", _("Sent")
    MOOT = "moot", _("No longer needed")
    DEAD = "dead", _("Given up")


class Reminder(models.Model):
    """One rung of one ladder: something to say at `due_at` about a subject whose own time is `target_at`.

    Delivering it puts the next rung on the table, until the ladder ends or the subject is settled.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="reminders")
    kind = models.CharField(max_length=20, choices=ReminderKind.choices)
    subject_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=60)
    target_at = models.DateTimeField(null=True)  # null only in rows from before there were ladders
    rung = models.PositiveSmallIntegerField(default=1, db_default=1)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReminderState.choices, default=ReminderState.PENDING)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=LINE, blank=True)
    subject: Subject | None = None  # of learning: not stored, see `name_subjects()`

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_id", "occurrence"], name="reminder_occurrence_once"),
            one_of("reminder", "state", ReminderState),
            one_of("reminder", "kind", ReminderKind),
            within_bounds("reminder", "due_at", "target_at"),
            models.CheckConstraint(
                condition=models.Q(incident__isnull=False) | models.Q(kind__in=list(WITHOUT_INCIDENT)),
                name="reminder_of_an_incident",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(lease_until__isnull=False),
                name="reminder_claim_has_lease",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state__in=["claimed", "pending"]),
                name="reminder_to_send",
            ),
            models.Index(
                fields=["state", "-due_at", "-id"],
                condition=models.Q(state__in=["dead", "done"]),
                name="reminder_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.occurrence}"


SWEEP = "worker_sweep"  # the name of the only heartbeat so far


class Heartbeat(models.Model):
    """When a clock process last ran."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"


class ClockGap(models.Model):
    """The clock processes stood still in between: a closed laptop, a stopped server."""

    started_at = models.DateTimeField(unique=True)
    ended_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ended_at__gt=models.F("started_at")), name="gap_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} to {self.ended_at:%H:%M}"
