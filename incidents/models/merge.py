"""Two records of one customer: who looks alike, and what was put together."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from incidents.models.base import within_bounds
from incidents.models.customer import Customer
from incidents.models.staff import Staff

UNDO_MERGE_FOR = dt.timedelta(days=30)


class Merge(models.Model):
    """`dropped` went into `kept`. Its row stays, so that it can come back for a month.

    `moved` holds ids and column names only: incidents and contact points that went over, and which empty
    columns of `kept` were filled from `dropped`.
    """

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    dropped = models.ForeignKey(Customer, models.PROTECT, related_name="merged_as")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dropped"], condition=models.Q(undone_at__isnull=True), name="merge_standing_once"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("dropped")), name="merge_of_two"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
            within_bounds("merge", "at", "undone_at"),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} into {self.kept_id}"


class Resemblance(models.Model):
    """Two customers who may be one; `score` from 0 to 100. Said once to be two, they are not proposed again."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="resemblance_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="resemblance_in_order"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 100)), name="resemblance_score_of_100"),
            models.CheckConstraint(
                condition=models.Q(dismissed_at__isnull=True, dismissed_by__isnull=True)
                | models.Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
                name="resemblance_dismissed_by_somebody",
            ),
            within_bounds("resemblance", "found_at", "dismissed_at"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-score", "id"], condition=models.Q(dismissed_at__isnull=True), name="resemblance_to_look_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} like {self.second_id}"
