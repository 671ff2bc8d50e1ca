"""What long work does to each incident, and the files it leaves."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.models.base import LINE, SHORT, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.job import Job
from incidents.models.staff import Staff


class BulkAct(models.TextChoices):
    """What is done to each of many; `give_back` undoes a `reassign`."""

    REASSIGN = "reassign", _("Hand over")
    REMIND = "remind", _("Remind")
    MEETING = "meeting", _("For the next meeting")
    CLOSE = "close", _("Close: no answer")
    GIVE_BACK = "give_back", _("Give all back")


class LineState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    SKIPPED = "skipped", _("Nothing to do")


class JobLine(models.Model):
    """One incident of a bulk change and what became of it; `said` are the words it was refused with."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.PENDING)
    said = models.CharField(max_length=LINE, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "position"], name="jobline_position_once"),
            models.UniqueConstraint(fields=["job", "incident"], name="jobline_incident_once"),
            one_of("jobline", "state", LineState),
        ]
        indexes: ClassVar = [models.Index(fields=["job", "state", "position"], name="jobline_by_state")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position}: {self.state}"


class FileForm(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"


class ExportFileQuerySet(models.QuerySet["ExportFile"]):
    def for_download_by(self, staff: Staff, now: dt.datetime) -> ExportFileQuerySet:
        """Their own, the newest first; administrators have no others either. None that they might not ask for now."""
        there = self.filter(removed_at__isnull=True, expires_at__gt=now, job__asked_by=staff)
        if not access.can_export_customers(staff):
            there = there.exclude(job__options__list="customers")
        return there.order_by("-made_at", "-id")


class ExportFile(models.Model):
    """A list as a file, for whoever asked for it, until it expires. The stored name is random."""

    job = models.OneToOneField(Job, models.CASCADE, related_name="export")
    form = models.CharField(max_length=4, choices=FileForm.choices)
    stored_name = models.CharField(max_length=80, unique=True)
    file_name = models.CharField(max_length=SHORT)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            one_of("exportfile", "form", FileForm),
            within_bounds("exportfile", "made_at", "expires_at", "removed_at"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="exportfile_expires_later"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=models.Q(removed_at__isnull=True), name="exportfile_to_remove"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
