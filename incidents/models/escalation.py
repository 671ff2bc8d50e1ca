"""How a place differs from the shipped ladders: when a reminder speaks, and to whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.ladder import Audience, Kind, Ladder
from incidents.models.base import one_of
from incidents.models.hours import clock_of
from incidents.models.incident import Incident
from incidents.models.staff import Location
from incidents.vocabulary import Severity

EARLIEST_MINUTES = -7 * 24 * 60
LATEST_MINUTES = 30 * 24 * 60


class LadderRung(models.Model):
    """One rung of a ladder. With `location` null it is the business default; without any row, as shipped.

    The rows of one place, severity and kind are a whole ladder: they stand in for the business's, which stand in
    for the shipped one. `after_minutes` counts from the target; negative is before it.
    """

    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="ladder_rungs")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    after_minutes = models.IntegerField()
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.ASSIGNEE)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["after_minutes", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["severity", "kind", "after_minutes", "location"], nulls_distinct=False, name="ladderrung_once"
            ),
            one_of("ladderrung", "kind", Kind),
            one_of("ladderrung", "audience", Audience),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="ladderrung_severity_known"),
            models.CheckConstraint(
                condition=models.Q(after_minutes__range=(EARLIEST_MINUTES, LATEST_MINUTES)),
                name="ladderrung_within_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.severity} {self.after_minutes:+} at {self.location_id or 'all'}"


def ladder_for(incident: Incident, kind: Kind) -> Ladder:
    """How its reminders climb. One statement per place, which the instance of the place remembers."""
    return clock_of(incident.location).ladders.of(incident.severity, kind)
