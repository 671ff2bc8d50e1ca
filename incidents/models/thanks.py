"""Thanks: minutes somebody gave, a sacrifice somebody made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, SHORT, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.meeting import Meeting
from incidents.models.staff import Location, Staff


class Consent(models.TextChoices):
    ASKED = "asked", _("Asked")
    NAMED = "named", _("With the name")
    UNNAMED = "unnamed", _("Without the name")
    NO = "no", _("Rather not")


class Thanks(models.Model):
    """Minutes somebody gave, a sacrifice somebody made. Named before all only when they agree."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="thanks")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="thanks")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="thanked")
    name = models.CharField(max_length=SHORT, blank=True, default="", db_default="")  # somebody who does not sign in
    words = models.CharField(max_length=LINE)
    minutes = models.PositiveIntegerField(null=True)
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.ASKED)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name_plural = "thanks"
        constraints: ClassVar = [
            one_of("thanks", "consent", Consent),
            within_bounds("thanks", "at"),
            models.CheckConstraint(
                condition=models.Q(staff__isnull=False, name="") | models.Q(staff__isnull=True) & ~models.Q(name=""),
                name="thanks_to_somebody",
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="thanks_for_something"),
        ]

    def __str__(self) -> str:
        return self.words[:40]
