"""Staff meetings: when they are, who comes, what is talked about, what was written down."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, STORY, one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Location, Staff

LENGTH = 30  # minutes, unless somebody says otherwise
_minutes = [MinValueValidator(5), MaxValueValidator(240)]


class MeetingSeries(models.Model):
    """Every so many weeks at the same time on the place's clock; `starts_on` says the weekday."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="meeting_series")
    starts_on = models.DateField()
    at = models.TimeField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=LENGTH, validators=_minutes)
    facilitator = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            within_bounds("meetingseries", dates=("starts_on", "ended_on")),
            models.CheckConstraint(
                condition=models.Q(every_weeks__gte=1, every_weeks__lte=12), name="meetingseries_every_1_to_12_weeks"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=5, minutes__lte=240), name="meetingseries_5_to_240_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} every {self.every_weeks} weeks"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, staff: Staff) -> MeetingQuerySet:
        """Those of their places; administrators, all."""
        return self if staff.sees_all else self.filter(location__in=staff.location_ids)

    def ahead(self) -> MeetingQuerySet:
        return self.filter(ended_at__isnull=True, cancelled_at__isnull=True)


class Meeting(models.Model):
    """Thirty minutes in which the people of a place learn from what went wrong.

    `current` is the item on the wall; `screen` says how far into it. Whatever shows the meeting (projector, phone of
    whoever writes) follows `version`, which every change of it raises.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="meetings")
    series = models.ForeignKey(MeetingSeries, models.SET_NULL, null=True, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=LENGTH, validators=_minutes)
    facilitator = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    writer = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    current = models.ForeignKey("AgendaItem", models.SET_NULL, null=True, related_name="+")
    screen = models.PositiveSmallIntegerField(default=0, db_default=0)
    shows_names = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            within_bounds("meeting", "starts_at", "started_at", "ended_at", "cancelled_at", "created_at"),
            models.UniqueConstraint(fields=["series", "starts_at"], name="meeting_of_series_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=5, minutes__lte=240), name="meeting_5_to_240_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(started_at__isnull=False, ended_at__gte=models.F("started_at")),
                name="meeting_ended_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True) | models.Q(started_at__isnull=True),
                name="meeting_cancelled_before_it_began",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["location", "-starts_at"], name="meeting_by_place"),
            models.Index(
                fields=["location", "starts_at"],
                condition=models.Q(ended_at__isnull=True, cancelled_at__isnull=True),
                name="meeting_ahead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("meeting-show", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.cancelled_at is not None


class Attendance(models.TextChoices):
    INVITED = "invited", _("Invited")
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")


class MeetingPerson(models.Model):
    """Who is asked to come. `read_version` is the minutes they have said they know; 0 for none."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="people")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="meetings")
    attendance = models.CharField(max_length=8, choices=Attendance.choices, default=Attendance.INVITED)
    read_version = models.PositiveSmallIntegerField(default=0, db_default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "staff"], name="meetingperson_once"),
            one_of("meetingperson", "attendance", Attendance),
            within_bounds("meetingperson", "read_at"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.meeting_id}"


class ItemKind(models.TextChoices):
    """What an item of the agenda is about, in the order in which they are proposed."""

    ACTIONS = "actions", _("What we said we would change")
    INCIDENT = "incident", _("What went wrong")
    PRACTICE = "practice", _("Practice")
    THANKS = "thanks", _("Thanks")
    NUMBERS = "numbers", _("Numbers")
    TOPIC = "topic", _("Something else")


class ReviewOutcome(models.TextChoices):
    """How an item left the agenda. *Next time* is one; none is not."""

    ACTION = "action", _("We change something")
    COVERED = "covered", _("A change that is under way covers it")
    NO_ACTION = "no_action", _("Nothing to change")
    TALKED = "talked", _("Talked about")
    NEXT_TIME = "next_time", _("Next time")


class AgendaItem(models.Model):
    """One thing to talk about. Those of an incident end in an outcome of its review."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=8, choices=ItemKind.choices)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="agenda_items")
    scenario = models.ForeignKey("Scenario", models.SET_NULL, null=True, related_name="+")
    topic = models.CharField(max_length=LINE, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(default=5)
    notes = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices, blank=True, default="", db_default="")
    added_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: it was proposed
    began_at = models.DateTimeField(null=True)  # while it is on the wall
    seconds = models.PositiveIntegerField(default=0, db_default=0)  # it was on the wall before
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            one_of("agendaitem", "kind", ItemKind),
            within_bounds("agendaitem", "began_at"),
            models.UniqueConstraint(
                fields=["meeting", "incident"], condition=models.Q(incident__isnull=False), name="agendaitem_once"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *ReviewOutcome.values]), name="agendaitem_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="incident", incident__isnull=False)
                | ~models.Q(kind="incident") & models.Q(incident__isnull=True),
                name="agendaitem_incident_named",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="topic") & ~models.Q(topic="") | ~models.Q(kind="topic"),
                name="agendaitem_topic_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.kind}"


class Minutes(models.Model):
    """What was written down, as it was sent: a later correction is a next version."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    body: models.JSONField[Any, Any] = models.JSONField()  # words as they were shown, names hidden
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_once"),
            within_bounds("minutes", "at"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="minutes_counted_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.number}"
