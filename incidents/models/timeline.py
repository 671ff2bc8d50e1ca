"""What happened, in order: events (codes and ids), notes, files, drafts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, STORY, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.recovery import Remedy
from incidents.models.staff import Staff

# An administrator opened a restricted incident that they have no part in. Nothing happened in it.
RESTRICTED_READ = "restricted_read"


class Event(models.Model):
    """Append-only (a trigger holds it). Codes, ids and field names; never words or names."""

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    round_number = models.PositiveSmallIntegerField(default=1)
    subject_id = models.BigIntegerField(null=True)
    codes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [within_bounds("event", "at")]
        indexes: ClassVar = [models.Index(fields=["incident", "-id"], name="event_by_incident")]

    def __str__(self) -> str:
        return f"{self.kind} {self.incident_id}"


class Note(models.Model):
    """Free words on an incident."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    words = models.CharField(max_length=STORY)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        constraints: ClassVar = [within_bounds("note", "at")]

    def __str__(self) -> str:
        return self.words[:40]


class AttachmentKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    RECEIPT = "receipt", _("Receipt")
    EVIDENCE = "evidence", _("Evidence")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, staff: Staff) -> AttachmentQuerySet:
        """Files of incidents that `staff` sees; of a restricted one only by those who read it whole, and one's own."""
        whole = self.filter(incident__in=Incident.objects.visible_to(staff))
        if staff.is_manager:
            return whole
        return whole.filter(
            models.Q(incident__is_restricted=False) | models.Q(incident__assignee=staff) | models.Q(created_by=staff)
        )


class Attachment(models.Model):
    """A checked and re-encoded file; the stored name is random, the original only a label."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="attachments")
    remedy = models.ForeignKey(Remedy, models.PROTECT, null=True, blank=True, related_name="attachments")
    kind = models.CharField(max_length=8, choices=AttachmentKind.choices)
    stored_name = models.CharField(max_length=80, unique=True)
    original_name = models.CharField(max_length=LINE)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            one_of("attachment", "kind", AttachmentKind),
            within_bounds("attachment", "created_at"),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class Draft(models.Model):
    """What someone has typed and not yet sent; gone once the form is saved."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    key = models.UUIDField()
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "form", "key"], name="draft_once")]
        indexes: ClassVar = [models.Index(fields=["staff", "form", "-saved_at"], name="draft_newest")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.form}"


AT_INCIDENT = "at "  # how the name of a draft begins that belongs to an incident: of each form one


def draft_name(form: str) -> str:
    return f"{AT_INCIDENT}{form}"


def draft_of(incident_id: int) -> UUID:
    """The key that all drafts of one incident have."""
    return UUID(int=incident_id)
