"""Who is looking at what, and which words our stories use."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from incidents.models.base import SHORT, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class Presence(models.Model):
    """Somebody has this incident open; `seen_at` is their browser's last sign of life."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="presences")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "staff"], name="presence_once"),
            within_bounds("presence", "seen_at"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.incident_id}"


class Word(models.Model):
    """A word of our stories and in how many it stands: what is rare tells them apart, and mends what is mistyped."""

    word = models.CharField(primary_key=True, max_length=SHORT)
    stories = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_trgm")]

    def __str__(self) -> str:
        return self.word
