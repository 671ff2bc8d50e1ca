"""The incident passed on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.models.base import STORY, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class Handover(models.Model):
    """The incident passed from one assignee to the next; accepted by a tap, or by acting on it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    from_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    to_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    note = models.CharField(max_length=STORY, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_note = models.CharField(max_length=STORY, blank=True, db_default="")
    lapsed_at = models.DateTimeField(null=True)  # nobody took it by the end of the shift

    class Meta:
        constraints: ClassVar = [
            within_bounds("handover", "at", "accepted_at", "returned_at", "lapsed_at"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, returned_at__isnull=True)
                | models.Q(accepted_at__isnull=True, lapsed_at__isnull=True)
                | models.Q(returned_at__isnull=True, lapsed_at__isnull=True),
                name="handover_ended_in_one_way",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(accepted_at__isnull=True, returned_at__isnull=True, lapsed_at__isnull=True),
                name="handover_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.from_staff_id} > {self.to_staff_id}"

    @property
    def is_waiting(self) -> bool:
        """Nobody has said a word yet, nor has the shift ended. Only the newest one of an incident counts."""
        return self.accepted_at is None and self.returned_at is None and self.lapsed_at is None
