"""The database is the schedule; Celery is only the alarm clock."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class ReminderKind(models.TextChoices):
    FOLLOW_UP_DUE = "follow_up_due", _("Call due")
    PROMISE_DUE = "promise_due", _("Promise due")
    RECEIPT_MISSING = "receipt_missing", _("Receipt missing")


class ReminderState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    DONE = "done", _("Sent")
    DEAD = "dead", _("Given up")


class Reminder(models.Model):
    """Something to say at a certain instant. One row per subject and occurrence."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=20, choices=ReminderKind.choices)
    subject_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReminderState.choices, default=ReminderState.PENDING)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=LINE, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject_id", "occurrence"], name="reminder_occurrence_once"),
            one_of("reminder", "state", ReminderState),
            one_of("reminder", "kind", ReminderKind),
            within_bounds("reminder", "due_at"),
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.occurrence}"


class NoticeKind(models.TextChoices):
    FOLLOW_UP_DUE = "follow_up_due", _("Call due")
    PROMISE_DUE = "promise_due", _("Promise due")
    RECEIPT_MISSING = "receipt_missing", _("Receipt missing")
    ASSIGNED = "assigned", _("Given to you")
    UNHAPPY = "unhappy", _("Still unhappy")
    CRITICAL = "critical", _("Critical incident")
    STEP_ASSIGNED = "step_assigned", _("A step for you")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_inbox_of(self, staff: Staff) -> NoticeQuerySet:
        """What `staff` may still read: their own, of incidents they still see."""
        seen = Incident.objects.visible_to(staff)
        return self.filter(recipient=staff, incident__in=seen)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One line in one inbox, exactly once per subject, kind, recipient and occurrence."""

    recipient = models.ForeignKey(Staff, models.CASCADE, related_name="notices")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    subject_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=60)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id", "occurrence"],
                name="notice_occurrence_once",
            ),
            one_of("notice", "kind", NoticeKind),
            within_bounds("notice", "at", "read_at"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="notice_newest"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id}"


class Heartbeat(models.Model):
    """When a clock process last ran."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
