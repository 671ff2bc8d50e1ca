"""How somebody of ours is after a hard incident. Theirs alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.access import SeenBy
from incidents.models.base import one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff


class CareReason(models.TextChoices):
    GRAVE = "grave", _("It was a grave incident")
    ABUSE = "abuse", _("Somebody was abusive")
    ASKED = "asked", _("A colleague thought of you")


class CareAnswer(models.TextChoices):
    FINE = "fine", _("I am fine")
    TALK = "talk", _("I would like to talk")
    NOT_NOW = "not_now", _("Not now")


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, staff: Staff) -> CheckInQuerySet:
        """Their own, and those of people who chose to talk to them. Whatever their role: nobody else's."""
        return self.filter(models.Q(staff=staff) | models.Q(talk_to=staff, answer=CareAnswer.TALK))

    def own(self, staff: Staff) -> CheckInQuerySet:
        return self.filter(staff=staff)


class CheckIn(models.Model):
    """ "How are you?", asked once per person and incident. Nobody but they see whether and what they answered;
    with *I would like to talk* the one they chose is told that, and nothing more.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="check_ins")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="check_ins")
    reason = models.CharField(max_length=8, choices=CareReason.choices)
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=CareAnswer.choices, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True)
    talk_to = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "staff"], name="checkin_once"),
            one_of("checkin", "reason", CareReason),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | models.Q(answer__in=CareAnswer.values, answered_at__isnull=False),
                name="checkin_answer_known",
            ),
            within_bounds("checkin", "asked_at", "answered_at"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["staff", "-asked_at"], condition=models.Q(answered_at__isnull=True), name="checkin_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} after {self.incident_id}"

    @property
    def is_for_talking(self) -> bool:
        return self.answer == CareAnswer.TALK


def who_may_know(incident: Incident, people: Iterable[Staff]) -> list[Staff]:
    """Those of `people`, all of its place or administrators, who see the incident. At most one statement."""
    people = list(people)
    if not incident.is_restricted or not people:
        return people
    asked = {f"p{person.pk}": SeenBy(person) for person in people}
    seen: dict[str, bool] = dict(Incident.objects.filter(pk=incident.pk).values(**asked).get())  # type: ignore[arg-type]
    return [person for person in people if seen[f"p{person.pk}"]]
