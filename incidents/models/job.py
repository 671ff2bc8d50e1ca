"""Long work as a row: asked for in the browser, picked up by the sweep."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, one_of, within_bounds
from incidents.models.staff import Staff


class JobKind(models.TextChoices):
    DEMO_INCIDENTS = "demo_incidents", _("Make demo incidents")
    RECKON_CLOCKS = "reckon_clocks", _("Work out the deadlines anew")
    FIND_RESEMBLANCES = "find_resemblances", _("Look for customers entered twice")
    BULK = "bulk", _("Change many recoveries")
    EXPORT = "export", _("Write a list into a file")
    RELAY_LADDERS = "relay_ladders", _("Set the reminders anew")


class JobState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CLAIMED = "claimed", _("At work")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


HALF_DONE = frozenset({JobKind.RECKON_CLOCKS, JobKind.RELAY_LADDERS})  # half of it leaves deadlines by two hours
INTERRUPTED = "interrupted"  # the process died, or took longer than it may
# An export ends with these at once: all that was written of it is gone.
DISK_FULL, FILES_GONE, NOT_ALLOWED = "disk_full", "files_gone", "not_allowed"
FINAL = frozenset({DISK_FULL, FILES_GONE, NOT_ALLOWED})


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, staff: Staff) -> JobQuerySet:
        """One's own; administrators, everybody's."""
        return self if staff.sees_all else self.filter(asked_by=staff)


class Job(models.Model):
    """`done` of `total` pieces are committed. Asking twice with one key makes one job."""

    kind = models.CharField(max_length=20, choices=JobKind.choices)
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="jobs")
    asked_at = models.DateTimeField()
    options = models.JSONField(default=dict)  # codes and numbers; never words or names
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.PENDING)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    cancel_asked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=LINE, blank=True)
    submit_key = models.UUIDField(unique=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            one_of("job", "kind", JobKind),
            one_of("job", "state", JobState),
            within_bounds("job", "asked_at", "cancel_asked_at", "started_at", "finished_at"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(lease_until__isnull=False),
                name="job_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | models.Q(state__in=["pending", "claimed"], finished_at__isnull=True),
                name="job_ended_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at", "id"],
                condition=models.Q(state__in=["claimed", "pending"]),
                name="job_to_do",
            ),
            models.Index(fields=["asked_by", "-id"], name="job_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("job-show", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def can_go_on(self) -> bool:
        """Given up, or stopped and the rest can still be done. Giving back is asked for anew on what it undoes."""
        can_be_stopped = self.kind in HALF_DONE or (self.kind == JobKind.BULK and "of" not in self.options)
        is_stopped = self.state == JobState.CANCELLED and can_be_stopped
        return (self.state == JobState.FAILED and self.last_error not in FINAL) or is_stopped
