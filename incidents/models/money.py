"""What may be given without asking, and every yes and no to more than that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.models.base import STORY, MoneyField, not_negative, one_of, within_bounds
from incidents.models.catalogue import RemedyType
from incidents.models.incident import Incident
from incidents.models.recovery import Remedy
from incidents.models.staff import Location, Staff

if TYPE_CHECKING:
    from decimal import Decimal


class LimitQuerySet(models.QuerySet["Limit"]):
    def at(self, location_id: int) -> LimitQuerySet:
        """The rows that say something there: its own and the business's."""
        return self.filter(models.Q(location=location_id) | models.Q(location__isnull=True))


class Limit(models.Model):
    """The most a role may give in one incident without asking.

    `type` null is any remedy, `location` null is the business. `amount` null says *no limit* where a
    wider row has one. Off until set: without a row there is none.
    """

    role = models.CharField(max_length=16, choices=Role.choices)
    type = models.ForeignKey(RemedyType, models.CASCADE, null=True, blank=True, related_name="limits")
    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="limits")
    amount = MoneyField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = LimitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "type", "location"], nulls_distinct=False, name="limit_once"),
            one_of("limit", "role", Role),
            not_negative("limit", "amount"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.amount}"


def limit_among(limits: Iterable[Limit], role: str, type_id: int) -> Decimal | None:
    """What `role` may give of a type without asking, from the rows of one place; None is no limit.

    The first there is: this type here, this type in the business, any type here, any type in the business.
    """
    fitting = [row for row in limits if row.role == role and row.type_id in (type_id, None)]
    if not fitting:
        return None
    amount: Decimal | None = min(fitting, key=lambda row: (row.type_id is None, row.location_id is None)).amount
    return amount


def limit_for(role: str, type_id: int, location_id: int) -> Decimal | None:
    """The same from the database, in one query."""
    return limit_among(Limit.objects.at(location_id).filter(role=role), role, type_id)


class Verdict(models.TextChoices):
    """How a request for approval was answered. Going ahead is an answer too, looked at afterwards."""

    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WENT_AHEAD = "went_ahead", _("Went ahead without an answer")


class ApprovalQuerySet(models.QuerySet["ApprovalRequest"]):
    def visible_to(self, staff: Staff) -> ApprovalQuerySet:
        return self.filter(incident__in=Incident.objects.visible_to(staff))

    def waiting(self) -> ApprovalQuerySet:
        return self.filter(verdict="", voided_at__isnull=True)

    def to_review(self) -> ApprovalQuerySet:
        """Somebody went ahead, and no manager has looked at it yet."""
        return self.filter(verdict=Verdict.WENT_AHEAD, reviewed_at__isnull=True)


class ApprovalRequest(models.Model):
    """One question "may I?" about one remedy at one amount, and its answer: the decision row.

    Whether a remedy is approved is read from these rows and stored nowhere else. `total` is what the
    incident would come to, all rounds, when it was asked and, once answered, when it was answered.
    Changing the amount voids it. A trigger keeps `proposed_by` equal to the remedy's.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="approvals")
    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="approvals")
    amount = MoneyField()
    total = MoneyField()
    currency = models.CharField(max_length=3)
    limit = MoneyField(null=True)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    words = models.CharField(max_length=STORY, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_for = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    is_sole_approver = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=STORY, blank=True)
    voided_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)
    review_note = models.CharField(max_length=STORY, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", *Verdict.values]), name="approvalrequest_verdict_known"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(verdict="") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="approvalrequest_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict=Verdict.APPROVED)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(is_sole_approver=True),
                name="approvalrequest_not_by_its_proposer",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", Verdict.APPROVED]) | ~models.Q(reason=""),
                name="approvalrequest_no_without_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_at__isnull=True, was_right__isnull=True, reviewed_by__isnull=True)
                | models.Q(
                    verdict=Verdict.WENT_AHEAD,
                    reviewed_at__isnull=False,
                    was_right__isnull=False,
                    reviewed_by__isnull=False,
                ),
                name="approvalrequest_reviewed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["remedy"],
                condition=models.Q(voided_at__isnull=True) & ~models.Q(verdict=Verdict.DECLINED),
                name="approvalrequest_one_standing",
            ),
            not_negative("approvalrequest", "amount", "total", "limit"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="approvalrequest_currency_iso"
            ),
            within_bounds("approvalrequest", "proposed_at", "decided_at", "voided_at", "reviewed_at"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["proposed_at", "id"],
                condition=models.Q(verdict="", voided_at__isnull=True),
                name="approval_waiting",
            ),
            models.Index(
                fields=["decided_at", "id"],
                condition=models.Q(verdict="went_ahead", reviewed_at__isnull=True),
                name="approval_to_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remedy_id}: {self.amount} {self.currency}"

    @property
    def is_waiting(self) -> bool:
        return self.verdict == "" and self.voided_at is None

    @property
    def allows(self) -> bool:
        """Whether it lets the remedy be given at its amount."""
        return self.voided_at is None and self.verdict in (Verdict.APPROVED, Verdict.WENT_AHEAD)


class Standing(models.TextChoices):
    """What became of the question whether a remedy may be given."""

    NONE = "none", _("Nobody was asked")
    WAITING = "waiting", _("Waiting for an answer")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WENT_AHEAD = "went_ahead", _("Went ahead without an answer")
    VOIDED = "voided", _("No longer asked")


def newest_request(remedy: Remedy, requests: Iterable[ApprovalRequest]) -> ApprovalRequest | None:
    """The last question about this remedy, among rows at hand of any."""
    return max((row for row in requests if row.remedy_id == remedy.pk), key=lambda row: row.pk, default=None)


def approval_of(remedy: Remedy, requests: Iterable[ApprovalRequest]) -> Standing:
    """Where the question about this remedy stands, read from its decision rows."""
    last = newest_request(remedy, requests)
    if last is None:
        return Standing.NONE
    if last.voided_at is not None:
        return Standing.VOIDED
    return Standing(last.verdict) if last.verdict else Standing.WAITING
