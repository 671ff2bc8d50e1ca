"""What is counted about each incident, one row each, reckoned anew soon after something happened to it.

Triggers write a `FactToReckon` in the transaction of the change; `actions.fold` takes them. Verdicts that the clock
may still change are not kept, but the moments at which it would (`waits_until`, the first of them).
"""

from __future__ import annotations

from enum import IntFlag
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from incidents.models.base import MoneyField
from incidents.models.catalogue import Category, RootCause
from incidents.models.incident import Incident
from incidents.models.staff import Location


class Flag(IntFlag):
    """What is settled about an incident, a bit each: rows with the same ones are counted together."""

    SORRY_IN_TIME = 1
    SORRY_LATE = 2
    RECOVERED = 4
    CLOSED = 8
    SECOND_TRY = 16
    FOUND_BY_US = 32
    MADE_WORSE = 64
    REVIEWED_IN_TIME = 128
    REVIEWED_LATE = 256
    SCORED = 512
    REOPENED = 1024
    APOLOGY_ONLY = 2048


@models.PositiveIntegerField.register_lookup
class Has(models.Lookup[Any]):
    """`has`: the bits have one of these."""

    lookup_name = "has"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"({left} & {right}) <> 0", (*left_params, *right_params)


class Fact(models.Model):
    """Of an incident that counts: those logged by mistake or twice have none. Days are those of its place.

    `more_costs`: {currency: amount} beside the first currency. `calls_open`, `promises_open`: when those are due that
    are neither kept nor missed yet; so are `sorry_open`, `step_open` and `review_open`.
    """

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="fact")
    location = models.ForeignKey(Location, models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    cause = models.ForeignKey(RootCause, models.CASCADE, null=True, related_name="+", db_index=False)
    customer_id = models.BigIntegerField(null=True)
    severity = models.PositiveSmallIntegerField()
    is_restricted = models.BooleanField()
    flags = models.PositiveIntegerField()
    day = models.DateField()
    first_closed_on = models.DateField(null=True)
    reported_at = models.DateTimeField()
    remedy_seconds = models.FloatField(null=True)
    recovery_seconds = models.FloatField(null=True)
    lag_days = models.IntegerField(null=True)
    minutes = models.PositiveIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    cost = MoneyField(null=True, max_digits=14)
    more_costs: models.JSONField[dict[str, float] | None, dict[str, float] | None] = models.JSONField(null=True)
    scores = models.PositiveSmallIntegerField()
    high_scores = models.PositiveSmallIntegerField()
    calls_kept = models.PositiveSmallIntegerField()
    calls_missed = models.PositiveSmallIntegerField()
    promises_kept = models.PositiveSmallIntegerField()
    promises_missed = models.PositiveSmallIntegerField()
    sorry_open = models.DateTimeField(null=True)
    step_open = models.DateTimeField(null=True)
    review_open = models.DateTimeField(null=True)
    calls_open = ArrayField(models.DateTimeField(), null=True)
    promises_open = ArrayField(models.DateTimeField(), null=True)
    waits_until = models.DateTimeField(null=True)
    review_asked_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day"], name="fact_by_day"),
            models.Index(fields=["location", "day"], name="fact_by_place"),
            models.Index(fields=["location", "category", "day"], name="fact_by_category"),
            models.Index(fields=["first_closed_on"], include=["location"], name="fact_by_first_closing"),
            models.Index(
                fields=["location", "day"], condition=models.Q(waits_until__isnull=False), name="fact_waiting"
            ),
            models.Index(fields=["incident"], condition=models.Q(is_restricted=True), name="fact_restricted"),
            models.Index(
                fields=["customer_id", "reported_at"],
                condition=models.Q(customer_id__isnull=False),
                name="fact_of_customer",
            ),
            models.Index(
                fields=["location", "review_asked_at"],
                condition=models.Q(review_asked_at__isnull=False),
                name="fact_review_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} on {self.day}"


class FactToReckon(models.Model):
    """Something happened to this incident. Only ever added, and deleted by its own id by whoever reckoned it anew:
    one that commits while they do is another row, and waits for the next time.

    Or a meeting of this place was set up, moved or held: all that were to be talked about and were not by `since`.
    """

    incident_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.incident_id or ''}@{self.location_id or ''}"


class FactMonth(models.Model):
    """When facts of a place and month last changed, as a version of `FactState`: results are kept until it moves."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()  # its first day
    version = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["location", "month"], name="factmonth_once")]

    def __str__(self) -> str:
        return f"{self.location_id} {self.month:%Y-%m}"


class FactState(models.Model):
    """The one row that says what happened before `counted_up_to` is in the facts."""

    is_only = models.BooleanField(default=True, editable=False, unique=True)
    version = models.BigIntegerField(default=0)
    counted_up_to = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(is_only=True), name="factstate_only_one")]

    def __str__(self) -> str:
        return f"version {self.version}"
