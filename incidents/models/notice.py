"""One line in one inbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.ladder import Kind, Urgency
from incidents.models.base import one_of, within_bounds
from incidents.models.incident import Incident
from incidents.models.staff import Staff
from incidents.models.subject import Subject


class NoticeKind(models.TextChoices):
    FOLLOW_UP_DUE = Kind.FOLLOW_UP_DUE.value, Kind.FOLLOW_UP_DUE.label
    PROMISE_DUE = Kind.PROMISE_DUE.value, Kind.PROMISE_DUE.label
    RECEIPT_MISSING = Kind.RECEIPT_MISSING.value, Kind.RECEIPT_MISSING.label
    APOLOGY_DUE = Kind.APOLOGY_DUE.value, Kind.APOLOGY_DUE.label
    HANDOVER_OPEN = Kind.HANDOVER_OPEN.value, Kind.HANDOVER_OPEN.label
    ASSIGNED = "assigned", _("Given to you")
    UNHAPPY = "unhappy", _("Still unhappy")
    CRITICAL = "critical", _("Critical incident")
    STEP_ASSIGNED = "step_assigned", _("A step for you")
    APPROVAL_WAITING = Kind.APPROVAL_WAITING.value, Kind.APPROVAL_WAITING.label
    SHIFT_ENDED = Kind.SHIFT_ENDED.value, Kind.SHIFT_ENDED.label
    APPROVAL_ASKED = "approval_asked", _("May they give it?")
    APPROVAL_DECIDED = "approval_decided", _("Your question was answered")
    WENT_AHEAD = "went_ahead", _("Went ahead without an answer")
    HANDED_BACK = "handed_back", _("Given back to you")
    REOPENED_TWICE = "reopened_twice", _("Reopened again")
    WAITED_LONG_ENOUGH = Kind.WAITED_LONG_ENOUGH.value, Kind.WAITED_LONG_ENOUGH.label
    REMEDY_DUE = Kind.REMEDY_DUE.value, Kind.REMEDY_DUE.label
    NUDGED = "nudged", _("Somebody asks you to see to it")
    VIEW_PASSED = "view_passed", _("A view has grown")
    VIEW_DIGEST = "view_digest", _("A view of yours")
    RISING = "rising", _("It happens more often")
    BASICS = "basics", _("Back to basics")
    CHECK_IN = "check_in", _("How are you?")
    WANTS_TO_TALK = "wants_to_talk", _("Somebody would like to talk")
    PREVENTION_DUE = Kind.PREVENTION_DUE.value, Kind.PREVENTION_DUE.label
    PROCEDURE_DUE = Kind.PROCEDURE_DUE.value, Kind.PROCEDURE_DUE.label
    MEETING_SOON = Kind.MEETING_SOON.value, Kind.MEETING_SOON.label
    PREVENTION_YOURS = "prevention_yours", _("A change for you to make")
    PREVENTION_HELD = "prevention_held", _("A change was checked")
    PREVENTION_BACK = "prevention_back", _("It came back")
    CHANGE_ELSEWHERE = "change_elsewhere", _("Another place changed something")
    MINUTES = "minutes", _("Minutes to read")
    PROCEDURE_NEW = "procedure_new", _("A procedure to read")
    THANKS_ASKED = "thanks_asked", _("May we name you?")
    PRACTICE_OPEN = "practice_open", _("A story to practise on")
    EXPORT_READY = "export_ready", _("A list is ready as a file")
    EXPORT_FAILED = "export_failed", _("A list could not be written")


# What we learn from hangs on no incident: who is told need not see the one it came from.
OF_LEARNING = (
    NoticeKind.PREVENTION_DUE,
    NoticeKind.PROCEDURE_DUE,
    NoticeKind.MEETING_SOON,
    NoticeKind.PREVENTION_YOURS,
    NoticeKind.PREVENTION_HELD,
    NoticeKind.PREVENTION_BACK,
    NoticeKind.CHANGE_ELSEWHERE,
    NoticeKind.MINUTES,
    NoticeKind.PROCEDURE_NEW,
    NoticeKind.THANKS_ASKED,
    NoticeKind.PRACTICE_OPEN,
)
# Of a list that was written into a file; the subject is the job.
OF_EXPORTS = (NoticeKind.EXPORT_READY, NoticeKind.EXPORT_FAILED)
OF_NO_INCIDENT = (*OF_LEARNING, *OF_EXPORTS)
# Between two people: never by mail, and nobody reads them in somebody else's inbox.
PRIVATE = (NoticeKind.CHECK_IN, NoticeKind.WANTS_TO_TALK)


class NoticeReason(models.TextChoices):
    """Why somebody got it."""

    YOURS = "yours", _("You have it")
    STAND_IN = "stand_in", _("You stand in for somebody")
    GIVER = "giver", _("You handed it over")
    MANAGER = "manager", _("You manage this place")
    ADMINISTRATOR = "administrator", _("You are an administrator")
    ASKED = "asked", _("You asked to be told")


class SeenOrOfLearning(access.SeenThrough):
    """And what hangs on no incident. In one piece: an OR beside it would be put into words twice."""

    looked_up = access.SeenThrough.looked_up.replace("FALSE)", "{{through}} IS NULL)")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_inbox_of(self, staff: Staff) -> NoticeQuerySet:
        """What `staff` may still read: their own, of incidents they still see."""
        theirs = self.filter(recipient=staff)
        if staff.sees_all or staff.location_ids:
            return theirs.filter(SeenOrOfLearning(staff, "incident"))
        return theirs.filter(incident__isnull=True)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One line in one inbox, exactly once per subject, kind, recipient and occurrence."""

    recipient = models.ForeignKey(Staff, models.CASCADE, related_name="notices")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    subject_id = models.BigIntegerField()
    occurrence = models.CharField(max_length=60)
    reason = models.CharField(
        max_length=16, choices=NoticeReason.choices, default=NoticeReason.YOURS, db_default=NoticeReason.YOURS
    )
    urgency = models.CharField(max_length=4, choices=Urgency.choices, default=Urgency.DUE, db_default=Urgency.DUE)
    target_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    view_name = ""  # of the saved view it tells of; not stored, see `name_views()`
    subject: Subject | None = None  # of learning: not stored, see `name_subjects()`

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id", "occurrence"],
                name="notice_occurrence_once",
            ),
            one_of("notice", "kind", NoticeKind),
            models.CheckConstraint(
                condition=models.Q(incident__isnull=True, kind__in=list(OF_NO_INCIDENT))
                | models.Q(incident__isnull=False) & ~models.Q(kind__in=list(OF_NO_INCIDENT)),
                name="notice_of_an_incident_or_of_learning",
            ),
            one_of("notice", "reason", NoticeReason),
            one_of("notice", "urgency", Urgency),
            within_bounds("notice", "at", "read_at"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="notice_newest"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id}"
