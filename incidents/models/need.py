"""What a manager has dealt with on the first page, and until when it may stay quiet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from incidents.models.base import one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class NeedKind(models.TextChoices):
    """Why something is on the first page of a manager, the gravest first."""

    CRITICAL = "critical", _("Critical")
    APOLOGY_LATE = "apology_late", _("Nobody has apologized")
    UNHAPPY = "unhappy", _("Still unhappy")
    APPROVAL = "approval", _("May they give it?")
    REOPENED_TWICE = "reopened_twice", _("Reopened again")
    STEP_LATE = "step_late", _("Late")
    RESTRICTED = "restricted", _("Restricted")
    NEEDS_ASSIGNEE = "needs_assignee", _("Nobody is on it")
    RECEIPT_STUCK = "receipt_stuck", _("No receipt yet")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    WENT_AHEAD = "went_ahead", _("Went ahead without an answer")
    DEAD_DELIVERY = "dead_delivery", _("A reminder or mail did not get through")


# Dangers of the recovery itself: one look at it sees them all. The others are about something that hangs on it.
OF_THE_INCIDENT = frozenset(
    {
        *(NeedKind.CRITICAL, NeedKind.APOLOGY_LATE, NeedKind.UNHAPPY, NeedKind.REOPENED_TWICE),
        *(NeedKind.STEP_LATE, NeedKind.RESTRICTED, NeedKind.UNREACHABLE),
    }
)


class HandledHow(models.TextChoices):
    NUDGED = "nudged", _("Reminded whoever has it")
    LOOKED_AT = "looked_at", _("Looked at it")
    LATER = "later", _("Comes back later")


class Handled(models.Model):
    """Somebody has seen to it; it is quiet until `until`, then back if it still needs someone.

    `occurrence` tells one danger from the next of the same kind: a second try is another.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handled")
    kind = models.CharField(max_length=16, choices=NeedKind.choices)
    occurrence = models.CharField(max_length=60)
    how = models.CharField(max_length=12, choices=HandledHow.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "kind", "occurrence"], name="handled_once"),
            one_of("handled", "kind", NeedKind),
            one_of("handled", "how", HandledHow),
            within_bounds("handled", "at", "until"),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("at")), name="handled_until_later"),
        ]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="handled_newest")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}: {self.how}"


def stage_now(incident: Incident) -> str:
    """What tells one danger of a recovery from the next: the try and the step. In SQL: `stage_column()`."""
    return f"{incident.round_number}/{incident.stage}"


def stage_column() -> Concat:
    return Concat(Cast("round_number", models.CharField()), Value("/"), F("stage"), output_field=models.CharField())


def row_column(name: str, of: str = "pk") -> Concat:
    """The same of something that hangs on it: `remedy/12`."""
    return Concat(Value(f"{name}/"), Cast(of, models.CharField()), output_field=models.CharField())
