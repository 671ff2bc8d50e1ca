"""The incident: one service failure for one customer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull
from django.db.models.sql.where import AND
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.addresses import address_of
from incidents.models.base import LINE, SHORT, STORY, Labelled, one_of, within_bounds
from incidents.models.catalogue import Category, RootCause
from incidents.models.customer import Customer
from incidents.models.incident_indexes import INDEXES
from incidents.models.staff import Location, Staff
from incidents.vocabulary import Channel, CloseReason, Finding, Raised, Severity, Source, Stage

if TYPE_CHECKING:
    from incidents.models.recovery import Round


class ReferenceCounter(models.Model):
    """The last number given out in a year; its row lock makes references gapless."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, staff: Staff) -> IncidentQuerySet:
        return access.visible_to(self, staff)

    def open(self) -> IncidentQuerySet:
        """Said once: of what is said twice PostgreSQL expects a 25th of the rows, and then reads and sorts them all."""
        return self if self._are_open() else self.filter(closed_at__isnull=True)

    def _are_open(self) -> bool:
        where, own = self.query.where, self.query.base_table
        said = (each.lhs for each in where.children if isinstance(each, IsNull) and each.rhs is True)
        columns = (each for each in said if isinstance(each, Col) and each.alias == own)
        return where.connector == AND and not where.negated and any(each.target.name == "closed_at" for each in columns)

    def overdue(self, now: dt.datetime) -> IncidentQuerySet:
        return self.open().filter(next_due_at__lt=now)

    def assigned_to(self, staff: Staff) -> IncidentQuerySet:
        return self.filter(assignee=staff)

    def by_urgency(self) -> IncidentQuerySet:
        return self.order_by("next_due_at", "id")

    def with_names(self) -> IncidentQuerySet:
        return self.select_related("customer__account", "category", "assignee", "location")

    def elsewhere(self, staff: Staff) -> IncidentQuerySet:
        """Those of other places, for the little a customer page may say; restricted never."""
        if staff.sees_all:
            return self.none()
        return self.filter(is_restricted=False).exclude(location__in=staff.location_ids)


class ReviewState(models.TextChoices):
    """The learning track; it never holds the customer up."""

    NOT_REQUIRED = "not_required", _("No review needed")
    TO_REVIEW = "to_review", _("To be reviewed")
    REVIEWED = "reviewed", _("Reviewed")
    PREVENTING = "preventing", _("Prevention under way")
    VERIFIED = "verified", _("Prevention verified")
    NO_ACTION = "no_action", _("No action")


class Incident(Labelled, models.Model):
    """One service failure for one customer: the record.

    `customer` is null for an unknown guest, whom `customer_hint` describes. `occurred_on`
    alone is a day without a time, in the location's zone. `next_due_at` is the earliest
    running clock, null once closed. State is written by `incidents.actions` only.
    """

    reference = models.CharField(max_length=16, unique=True, editable=False)
    location = models.ForeignKey(Location, models.PROTECT, related_name="incidents")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="incidents")
    customer_hint = models.CharField(max_length=LINE, blank=True)
    what_happened = models.CharField(_("what happened"), max_length=STORY)
    remedy_sought = models.CharField(max_length=STORY, blank=True)
    place = models.CharField(max_length=SHORT, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.CUSTOMER)
    told_by = models.CharField(max_length=12, choices=Channel.choices, default=Channel.IN_PERSON)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    finding = models.CharField(max_length=12, choices=Finding.choices, default=Finding.UNDETERMINED)
    is_restricted = models.BooleanField(default=False)
    is_second_failure = models.BooleanField(default=False)
    field_values = models.JSONField(default=dict, blank=True)
    private_values = models.JSONField(default=dict, blank=True)
    occurred_on = models.DateField(null=True, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField()
    created_at = models.DateTimeField()
    logged_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(Staff, models.PROTECT, related_name="incidents")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.APOLOGIZE)
    round_number = models.PositiveSmallIntegerField(default=1)
    next_due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    review_state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.NOT_REQUIRED)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    told_with = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="told_together")
    concerned: models.ManyToManyField[Staff, Concern] = models.ManyToManyField(
        Staff, through="Concern", related_name="+"
    )
    arose_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="brought_up", db_index=False
    )
    # Where and until when the customer can be reached: a room, the other hotel, before they leave.
    reach_at = models.CharField(max_length=LINE, blank=True, db_default="")
    reach_until = models.DateTimeField(null=True, blank=True)
    # While the customer owes us an answer the clocks of offering and delivering stand; the pauses are in the events.
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    is_first_order = models.BooleanField(_("their first order"), default=False, db_default=False)
    raised_by = models.CharField(max_length=16, choices=Raised.choices, blank=True, default="", db_default="")
    # The order, booking or invoice it is about, as `number_key()` writes it: the answer to a question that asks for it.
    order_reference = models.CharField(max_length=SHORT, blank=True, default="", db_default="")
    # What it was about: the answer to a question that asks for it, as `sort_key()` writes it.
    item = models.CharField(max_length=SHORT, blank=True, default="", db_default="")
    root_cause = models.ForeignKey(RootCause, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            within_bounds(
                "incident",
                *("occurred_at", "reported_at", "created_at", "next_due_at", "closed_at", "reach_until"),
                *("waiting_since", "waiting_until"),
                dates=("occurred_on",),
            ),
            one_of("incident", "stage", Stage),
            one_of("incident", "source", Source),
            one_of("incident", "told_by", Channel),
            one_of("incident", "review_state", ReviewState),
            one_of("incident", "finding", Finding),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="incident_severity_known"),
            models.CheckConstraint(
                condition=models.Q(
                    stage=Stage.CLOSED,
                    closed_at__isnull=False,
                    next_due_at__isnull=True,
                    close_reason__in=CloseReason.values,
                )
                | (
                    ~models.Q(stage=Stage.CLOSED)
                    & models.Q(closed_at__isnull=True, next_due_at__isnull=False, close_reason="")
                ),
                name="incident_closed_or_due",
            ),
            models.CheckConstraint(condition=~models.Q(what_happened=""), name="incident_says_what_happened"),
            models.CheckConstraint(
                condition=models.Q(duplicate_of__isnull=False, close_reason="duplicate")
                | (models.Q(duplicate_of__isnull=True) & ~models.Q(close_reason="duplicate")),
                name="incident_duplicate_has_its_twin",
            ),
            models.CheckConstraint(
                condition=models.Q(waiting_since__isnull=True, waiting_until__isnull=True)
                | models.Q(
                    waiting_since__isnull=False,
                    waiting_until__isnull=False,
                    waiting_until__gt=models.F("waiting_since"),
                    closed_at__isnull=True,
                ),
                name="incident_waiting_from_and_until",
            ),
            models.CheckConstraint(
                condition=models.Q(raised_by__in=["", *Raised.values]), name="incident_raised_by_known"
            ),
        ]
        indexes: ClassVar = INDEXES

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return address_of("recover-show", self.reference)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def who(self) -> str:
        """The customer's name, or the words for someone nobody knows."""
        if self.customer is not None:
            return self.customer.name
        return self.customer_hint or str(_("Unknown guest"))

    def current_round(self) -> Round:
        """One query."""
        found: Round = self.rounds.get(number=self.round_number)
        return found


class Concern(models.Model):
    """Someone of ours whom a restricted incident is about; they never see it."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="concerns")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "staff"], name="concern_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} about {self.staff_id}"
