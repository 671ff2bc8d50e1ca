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


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def agreed(self) -> ThanksQuerySet:
        """What may be said before all, with the name or without it."""
        return self.filter(consent__in=(Consent.NAMED, Consent.UNNAMED))

    def visible_to(self, staff: Staff) -> ThanksQuerySet:
        """What may be said, at their places; what they said or were told themselves. Nothing of a recovery for few."""
        here = models.Q() if staff.sees_all else models.Q(location__in=staff.location_ids)
        said = models.Q(consent__in=(Consent.NAMED, Consent.UNNAMED)) & ~models.Q(incident__is_restricted=True)
        return self.filter(here & said | models.Q(by=staff) | models.Q(staff=staff))


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

    objects = ThanksQuerySet.as_manager()

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

    @property
    def who(self) -> str:
        """As it may be said: the name, or somebody; nothing yet while they have not answered."""
        if self.consent == Consent.NAMED:
            return str(self.staff) if self.staff else self.name
        return str(_("Somebody of us"))
