"""Anything we told the customer we would do later."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from incidents.models.base import LINE, STORY, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class PromiseMade(models.Model):
    """Anything we told the customer we would do later, with a person and a due date."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="promises")
    what = models.CharField(max_length=LINE)
    assignee = models.ForeignKey(Staff, models.PROTECT, related_name="promises")
    due_at = models.DateTimeField()
    # What was said first, once it was moved with the customer's word for it.
    first_due_at = models.DateTimeField(null=True)
    moved_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    kept_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=STORY, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            within_bounds("promise", "due_at", "first_due_at", "kept_at", "broken_at", "created_at"),
            models.CheckConstraint(
                condition=models.Q(kept_at__isnull=True) | models.Q(broken_at__isnull=True),
                name="promise_kept_or_broken",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(kept_at__isnull=True, broken_at__isnull=True),
                name="promise_open_by_person",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def kept_late_by(self) -> dt.timedelta | None:
        """How long after it was due it was kept; None when in time, or not kept."""
        return self.kept_at - self.due_at if self.kept_at and self.kept_at > self.due_at else None

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.broken_at is None
