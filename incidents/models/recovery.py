"""The recovery: rounds, apologies, remedies, closures."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from incidents.models.base import LINE, SHORT, STORY, Labelled, MoneyField, not_negative, one_of, within_bounds
from incidents.models.catalogue import RemedyType
from incidents.models.incident import Incident
from incidents.models.staff import Staff
from incidents.vocabulary import (
    PENDING_REMEDY,
    ApologyKind,
    Channel,
    CloseReason,
    Declined,
    Finding,
    Outcome,
    RemedyState,
    RoundReason,
    Stage,
    Waiver,
)
from incidents.workflow import FollowUpFact, RemedyFact, RoundFacts

if TYPE_CHECKING:
    from incidents.models.followup import FollowUp


class Round(models.Model):
    """One pass through the recovery; `settled_at` is when its remedy gate opened."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=RoundReason.choices)
    entry = models.CharField(max_length=12, choices=Stage.choices, default=Stage.APOLOGIZE)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    waived_as = models.CharField(max_length=16, choices=Waiver.choices, blank=True, db_default="")
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    waived_note = models.CharField(max_length=STORY, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "number"], name="round_number_once"),
            one_of("round", "reason", RoundReason),
            models.CheckConstraint(
                condition=models.Q(entry__in=[Stage.APOLOGIZE, Stage.REMEDY, Stage.FOLLOW_UP]),
                name="round_entry_known",
            ),
            within_bounds("round", "started_at", "settled_at", "waived_at"),
            models.CheckConstraint(
                condition=models.Q(waived_as="", waived_at__isnull=True, waived_by__isnull=True)
                | models.Q(waived_as__in=Waiver.values, waived_at__isnull=False, waived_by__isnull=False),
                name="round_waived_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}#{self.number}"

    def facts(self, finding: str) -> RoundFacts:
        """What this round has, for the gates; `finding` is its incident's. Three queries."""
        return facts_of(
            self,
            finding=finding,
            remedies=self.remedies.all(),
            apologies=self.apologies.all(),
            calls=self.follow_ups.all(),
        )


def facts_of(
    round_: Round,
    *,
    finding: str,
    remedies: Iterable[Remedy],
    apologies: Iterable[Apology],
    calls: Iterable[FollowUp],
) -> RoundFacts:
    """The same from rows already at hand; those of other rounds are left out."""
    remedies = [r for r in remedies if r.round_id == round_.pk and r.state != RemedyState.WITHDRAWN]
    apologies = [a for a in apologies if a.round_id == round_.pk and _counts(a, finding)]
    replaced = {r.replaces_id for r in remedies}
    on_their_way = {r.pk for r in remedies if r.is_pending}
    made = [a for a in apologies if a.made_at is not None]
    return RoundFacts(
        entry=Stage(round_.entry),
        apologies_made=sum(a.channel != Channel.PUBLIC for a in made),
        apologies_public=sum(a.channel == Channel.PUBLIC for a in made),
        apologies_travelling=sum(a.made_at is None and a.travels_with_id in on_their_way for a in apologies),
        is_not_ours=finding == Finding.NOT_OURS,
        remedies=tuple(
            RemedyFact(
                RemedyState(r.state),
                is_replaced=r.pk in replaced,
                is_alternative=r.replaces_id is not None,
                declined_as=Declined(r.declined_as) if r.declined_as else None,
            )
            for r in remedies
        ),
        waived_as=Waiver(round_.waived_as) if round_.waived_as else None,
        settled_at=round_.settled_at,
        follow_ups=tuple(
            FollowUpFact(c.answered_at, Outcome(c.outcome) if c.outcome else None)
            for c in calls
            if c.round_id == round_.pk and c.cancelled_at is None
        ),
    )


def _counts(apology: Apology, finding: str) -> bool:
    """Regret and an explanation take the place of an apology only when it was not our fault."""
    return apology.kind == ApologyKind.APOLOGY or finding == Finding.NOT_OURS


class Remedy(Labelled, models.Model):
    """Something we do or give. Done by a member of staff or by a typed name."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="remedies")
    round = models.ForeignKey(Round, models.PROTECT, related_name="remedies")
    type = models.ForeignKey(RemedyType, models.PROTECT, related_name="+")
    what = models.CharField(max_length=LINE, blank=True)
    state = models.CharField(max_length=16, choices=RemedyState.choices)
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="remedies")
    done_by_name = models.CharField(max_length=SHORT, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    estimated_amount = MoneyField(null=True, blank=True)
    actual_amount = MoneyField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    needs_receipt = models.BooleanField(default=False)
    paid_on = models.DateField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    declined_as = models.CharField(max_length=16, choices=Declined.choices, blank=True, db_default="")
    ended_note = models.CharField(max_length=STORY, blank=True)
    # Who last named the amount: approvals ask somebody else. Null in rows from before there were limits.
    proposed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    receipt_waived_at = models.DateTimeField(null=True)
    receipt_waived_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    receipt_waived_note = models.CharField(max_length=STORY, blank=True, db_default="")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("remedy", "state", RemedyState),
            not_negative("remedy", "estimated_amount", "actual_amount"),
            within_bounds(
                "remedy", "due_at", "offered_at", "delivered_at", "created_at", "receipt_waived_at", dates=("paid_on",)
            ),
            models.CheckConstraint(
                condition=models.Q(state="declined", declined_as__in=Declined.values)
                | (~models.Q(state="declined") & models.Q(declined_as="")),
                name="remedy_declined_as_something",
            ),
            models.CheckConstraint(
                condition=models.Q(receipt_waived_at__isnull=True, receipt_waived_by__isnull=True)
                | models.Q(receipt_waived_at__isnull=False, receipt_waived_by__isnull=False)
                & ~models.Q(receipt_waived_note=""),
                name="remedy_receipt_waived_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at__isnull=True)),
                name="remedy_delivered_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered", needs_receipt=True)
                | models.Q(actual_amount__isnull=False, paid_on__isnull=False),
                name="remedy_paid_before_delivered",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True) | models.Q(minutes__lte=100_000),
                name="remedy_minutes_bounded",
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="remedy_currency_iso"),
            models.CheckConstraint(
                condition=models.Q(assignee__isnull=False) | ~models.Q(done_by_name=""),
                name="remedy_done_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["assignee"],
                condition=models.Q(state__in=sorted(PENDING_REMEDY)),
                name="remedy_pending_by_person",
            ),
            models.Index(
                fields=["id"], condition=models.Q(state=RemedyState.AWAITING_RECEIPT), name="remedy_awaiting_receipt"
            ),
        ]

    def __str__(self) -> str:
        return self.what or self.type.label

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_REMEDY

    @property
    def amount(self) -> Decimal | None:
        """What it came to, else what it is thought to come to."""
        known: Decimal | None = self.actual_amount
        return self.estimated_amount if known is None else known

    @property
    def proposer_id(self) -> int:
        """Who named the amount."""
        return self.proposed_by_id or self.created_by_id

    @property
    def done_by(self) -> str:
        return str(self.assignee) if self.assignee else self.done_by_name


class Apology(models.Model):
    """A recorded act: who said sorry to whom, when and how. The words are optional.

    One that travels with a remedy has no `made_at` until that remedy is delivered.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="apologies")
    round = models.ForeignKey(Round, models.PROTECT, related_name="apologies")
    author = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=SHORT, blank=True)
    to_whom = models.CharField(max_length=SHORT, blank=True)
    kind = models.CharField(
        max_length=12, choices=ApologyKind.choices, default=ApologyKind.APOLOGY, db_default=ApologyKind.APOLOGY
    )
    channel = models.CharField(max_length=12, choices=Channel.choices)
    words = models.CharField(max_length=STORY, blank=True)
    made_at = models.DateTimeField(null=True)
    travels_with = models.ForeignKey(Remedy, models.PROTECT, null=True, blank=True, related_name="apologies")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            one_of("apology", "channel", Channel),
            one_of("apology", "kind", ApologyKind),
            within_bounds("apology", "made_at", "created_at"),
            models.CheckConstraint(
                condition=models.Q(made_at__isnull=False) | models.Q(travels_with__isnull=False),
                name="apology_made_or_travels",
            ),
            models.CheckConstraint(
                condition=models.Q(author__isnull=False) | ~models.Q(author_name=""),
                name="apology_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        return str(self.author) if self.author else self.author_name


class Closure(models.Model):
    """An ending, with its reason. Old ones stay when the incident is reopened."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="closures")
    round = models.ForeignKey(Round, models.PROTECT, related_name="closures")
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=STORY, blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(reopened_at__isnull=True),
                name="closure_one_standing",
            ),
            one_of("closure", "reason", CloseReason),
            within_bounds("closure", "closed_at", "reopened_at"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.reason}"
