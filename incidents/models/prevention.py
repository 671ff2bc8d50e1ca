"""What we change so that it does not happen again, and whether that held."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from uuid import UUID, uuid5

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.models.base import LINE, STORY, one_of, within_bounds
from incidents.models.catalogue import Category, RootCause
from incidents.models.incident import Incident
from incidents.models.procedure import Procedure
from incidents.models.promise import PromiseMade
from incidents.models.review import Review
from incidents.models.staff import Location, Staff

CHECK_AFTER_DAYS = 90


class PreventionKind(models.TextChoices):
    """From strong to weak: what no longer depends on somebody remembering is strong."""

    REMOVE = "remove", _("Remove or redesign the step")
    AUTOMATIC = "automatic", _("Automatic check")
    PROCEDURE = "procedure", _("Change the procedure")
    CHECKLIST = "checklist", _("Checklist")
    WORDING = "wording", _("Change the wording or the contract")
    STAFFING = "staffing", _("Staffing rule")
    TOOL = "tool", _("Another supplier or tool")
    TRAINING = "training", _("Training or practice")
    NOTICE = "notice", _("A notice on the wall")
    WATCH = "watch", _("Watch only")


class Strength(models.TextChoices):
    STRONG = "strong", _("Strong")
    MEDIUM = "medium", _("Medium")
    WEAK = "weak", _("Weak")


_STRONG = (PreventionKind.REMOVE, PreventionKind.AUTOMATIC)
_WEAK = (PreventionKind.TRAINING, PreventionKind.NOTICE, PreventionKind.WATCH)


def strength_of(kind: str) -> Strength:
    if kind in _STRONG:
        return Strength.STRONG
    return Strength.WEAK if kind in _WEAK else Strength.MEDIUM


class CheckVerdict(models.TextChoices):
    """Same category and cause at the place, as many days before the change as after it."""

    NOT_SEEN = "not_seen", _("Not seen again")
    RECURRED = "recurred", _("Came back")
    TOO_EARLY = "too_early", _("Too early to tell")
    TOO_FEW = "too_few", _("Too few to tell")


UNJUDGED = ("", CheckVerdict.TOO_EARLY)


class PreventionQuerySet(models.QuerySet["PreventionAction"]):
    def visible_to(self, staff: Staff) -> PreventionQuerySet:
        """Of incidents they may read; whatever is theirs to do; what other places told theirs."""
        return self.theirs(staff) | self.told_to(staff)

    def theirs(self, staff: Staff) -> PreventionQuerySet:
        return self.of_incidents_seen_by(staff) | self.filter(assignee=staff)

    def told_to(self, staff: Staff) -> PreventionQuerySet:
        """What other places changed and told one of theirs."""
        told = ToldPlace.objects.filter(
            action=models.OuterRef("pk"), skipped_because="", location__in=staff.location_ids
        )
        return self.filter(models.Exists(told))

    def of_incidents_seen_by(self, staff: Staff) -> PreventionQuerySet:
        """Of a restricted incident only for who reads it whole: what is changed tells what happened."""
        seen = access.visible_to(self, staff, through="incident")
        if staff.is_manager:
            return seen
        return seen.filter(models.Q(incident__is_restricted=False) | models.Q(incident__assignee=staff))

    def committed(self) -> PreventionQuerySet:
        return self.filter(committed_at__isnull=False, dropped_at__isnull=True)

    def open(self) -> PreventionQuerySet:
        """Committed, and not done."""
        return self.committed().filter(done_at__isnull=True)

    def ideas(self) -> PreventionQuerySet:
        """Proposed, and neither committed nor dropped."""
        return self.filter(committed_at__isnull=True, dropped_at__isnull=True)

    def done(self) -> PreventionQuerySet:
        return self.filter(done_at__isnull=False)

    def to_check(self, now: dt.datetime) -> PreventionQuerySet:
        """Done, not judged yet, and long enough in effect."""
        return self.done().filter(check_at__lte=now, verdict__in=UNJUDGED)

    def meant_to_prevent(self, incident: Incident) -> PreventionQuerySet:
        """Those of its place for its category, and for its cause or for any."""
        cause = models.Q(root_cause__isnull=True) | models.Q(root_cause=incident.root_cause_id)
        return self.filter(cause, location=incident.location_id, category=incident.category_id)


class PreventionAction(models.Model):
    """A committed change: what, who, by which day. Until it is committed it is an idea, with neither.

    `due_at` is the end of `due_on` at the place. It is done with evidence, and checked `CHECK_AFTER_DAYS` later:
    `category` and `root_cause` say what it is to prevent there. Coming back opens it again.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="preventions")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, related_name="preventions")
    location = models.ForeignKey(Location, models.PROTECT, related_name="preventions")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    root_cause = models.ForeignKey(RootCause, models.PROTECT, null=True, related_name="preventions")
    kind = models.CharField(max_length=12, choices=PreventionKind.choices)
    what = models.CharField(max_length=LINE)
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="preventions")
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    old_text = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    new_text = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    effective_on = models.DateField(null=True)
    procedure = models.ForeignKey(Procedure, models.SET_NULL, null=True, related_name="preventions")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    check_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=CheckVerdict.choices, blank=True, default="", db_default="")
    reopened_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    drop_reason = models.CharField(max_length=LINE, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = PreventionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            one_of("preventionaction", "kind", PreventionKind),
            within_bounds(
                "preventionaction",
                *("due_at", "committed_at", "done_at", "check_at", "dropped_at", "created_at"),
                dates=("due_on", "effective_on"),
            ),
            models.CheckConstraint(condition=~models.Q(what=""), name="preventionaction_says_what"),
            models.CheckConstraint(
                condition=models.Q(committed_at__isnull=True)
                | models.Q(assignee__isnull=False, due_on__isnull=False, due_at__isnull=False),
                name="preventionaction_commits_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True)
                | (models.Q(done_by__isnull=False, check_at__isnull=False) & ~models.Q(evidence="")),
                name="preventionaction_done_with_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(dropped_at__isnull=True),
                name="preventionaction_done_or_dropped",
            ),
            models.CheckConstraint(
                condition=models.Q(dropped_at__isnull=True)
                | (models.Q(dropped_by__isnull=False) & ~models.Q(drop_reason="")),
                name="preventionaction_dropped_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", *CheckVerdict.values]), name="preventionaction_verdict_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["location", "due_at"],
                condition=models.Q(committed_at__isnull=False, done_at__isnull=True, dropped_at__isnull=True),
                name="prevention_open_by_place",
            ),
            models.Index(fields=["category", "root_cause"], name="prevention_by_cause"),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("prevention-show", args=[self.pk])

    @property
    def strength(self) -> Strength:
        return strength_of(self.kind)

    @property
    def is_idea(self) -> bool:
        return self.committed_at is None and self.dropped_at is None

    def waits_for_check(self, now: dt.datetime) -> bool:
        return self.check_at is not None and self.check_at <= now and self.verdict in UNJUDGED

    @property
    def is_open(self) -> bool:
        return self.committed_at is not None and self.done_at is None and self.dropped_at is None


class PreventionCheck(models.Model):
    """What was counted, `days` before the change and `days` after it."""

    action = models.ForeignKey(PreventionAction, models.CASCADE, related_name="checks")
    at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12, choices=CheckVerdict.choices)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("preventioncheck", "verdict", CheckVerdict),
            within_bounds("preventioncheck", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} {self.verdict}"


class ToldPlace(models.Model):
    """Another place heard of a change, or was left out for a reason."""

    action = models.ForeignKey(PreventionAction, models.CASCADE, related_name="told")
    location = models.ForeignKey(Location, models.CASCADE, related_name="+")
    skipped_because = models.CharField(max_length=LINE, blank=True, default="", db_default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "location"], name="toldplace_once"),
            within_bounds("toldplace", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} at {self.location_id}"


def telling_key(submit_key: UUID, incident_id: int) -> UUID:
    """Of each promise that one form makes."""
    return uuid5(submit_key, str(incident_id))


class WhatWeChanged(models.Model):
    """The promise to tell a customer what changed because of them."""

    action = models.ForeignKey(PreventionAction, models.CASCADE, related_name="tellings")
    promise = models.OneToOneField(PromiseMade, models.CASCADE, related_name="tells_of")

    def __str__(self) -> str:
        return f"{self.action_id}: {self.promise_id}"
