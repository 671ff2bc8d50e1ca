"""The recovery: rounds, apologies, remedies, promises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from incidents.models.base import LINE, SHORT, STORY, MoneyField, not_negative, one_of, within_bounds
from incidents.models.catalogue import RemedyType
from incidents.models.incident import Incident
from incidents.models.staff import Staff
from incidents.vocabulary import PENDING_REMEDY, Channel, CloseReason, Outcome, RemedyState, RoundReason, Stage
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

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "number"], name="round_number_once"),
            one_of("round", "reason", RoundReason),
            models.CheckConstraint(
                condition=models.Q(entry__in=[Stage.APOLOGIZE, Stage.REMEDY]),
                name="round_entry_known",
            ),
            within_bounds("round", "started_at", "settled_at"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}#{self.number}"

    def facts(self) -> RoundFacts:
        """What this round has, for the gates. Three queries."""
        return facts_of(
            self,
            remedies=self.remedies.all(),
            apologies=self.apologies.all(),
            calls=self.follow_ups.all(),
        )


def facts_of(
    round_: Round, *, remedies: Iterable[Remedy], apologies: Iterable[Apology], calls: Iterable[FollowUp]
) -> RoundFacts:
    """The same from rows already at hand; those of other rounds are left out."""
    remedies = [r for r in remedies if r.round_id == round_.pk]
    apologies = [a for a in apologies if a.round_id == round_.pk]
    replaced = {r.replaces_id for r in remedies if r.state != RemedyState.WITHDRAWN}
    on_their_way = {r.pk for r in remedies if r.is_pending}
    return RoundFacts(
        entry=Stage(round_.entry),
        apologies_made=sum(a.made_at is not None for a in apologies),
        apologies_travelling=sum(a.made_at is None and a.travels_with_id in on_their_way for a in apologies),
        remedies=tuple(
            RemedyFact(RemedyState(r.state), r.pk in replaced) for r in remedies if r.state != RemedyState.WITHDRAWN
        ),
        settled_at=round_.settled_at,
        follow_ups=tuple(
            FollowUpFact(c.answered_at, Outcome(c.outcome) if c.outcome else None)
            for c in calls
            if c.round_id == round_.pk and c.cancelled_at is None
        ),
    )


class Remedy(models.Model):
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
    ended_note = models.CharField(max_length=STORY, blank=True)
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
            within_bounds("remedy", "due_at", "offered_at", "delivered_at", "created_at", dates=("paid_on",)),
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
            )
        ]

    def __str__(self) -> str:
        return self.what or self.type.label

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_REMEDY

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


class PromiseMade(models.Model):
    """Anything we told the customer we would do later, with a person and a due date."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="promises")
    what = models.CharField(max_length=LINE)
    assignee = models.ForeignKey(Staff, models.PROTECT, related_name="promises")
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=STORY, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            within_bounds("promise", "due_at", "kept_at", "broken_at", "created_at"),
            models.CheckConstraint(
                condition=models.Q(kept_at__isnull=True) | models.Q(broken_at__isnull=True),
                name="promise_kept_or_broken",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(kept_at__isnull=True, broken_at__isnull=True),
                name="promise_open_by_person",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.broken_at is None


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


class Handover(models.Model):
    """The incident passed from one assignee to the next; accepted by a tap, or by acting on it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="handovers")
    from_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    to_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    note = models.CharField(max_length=STORY, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [within_bounds("handover", "at", "accepted_at")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.from_staff_id} > {self.to_staff_id}"
