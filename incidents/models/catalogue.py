"""Catalogues: rows, not code. Shipped rows have a key and a translatable default name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.models.base import SHORT, MoneyField, not_negative, one_of
from incidents.vocabulary import Severity


class Catalogued(models.Model):
    """`name` is translated when it is still the shipped one."""

    key = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=SHORT)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    submit_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return gettext(self.name)

    @property
    def is_offered(self) -> bool:
        """Of a row read by `categories_here()` or `types_here()`: at that place."""
        return self.is_active


class Category(Catalogued):
    """What kind of mistake it was; sets the severity and asks for its own fields."""

    icon = models.CharField(max_length=40, default="question-circle")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MODERATE)
    is_restricted = models.BooleanField(default=False)
    is_second_failure = models.BooleanField(default=False)
    is_basics = models.BooleanField(default=False, db_default=False)  # too many of them: back to basics
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="category_key_once"),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="category_severity_known"),
        ]


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    LINES = "lines", _("One per line")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount")
    DATE = "date", _("Day")
    MOMENT = "moment", _("Day and time")
    DIFFERENCE = "difference", _("Difference of two fields")


class CategoryField(Catalogued):
    """One question a category asks. Changing one makes a new version; history keeps the old.

    Each version has a key of its own, so that what was answered is always read with the question of its
    time: `place`, then `place-2`.

    A *difference* is never asked: it is `minuend - subtrahend` of two fields (a delay, a
    price difference).
    """

    category = models.ForeignKey(Category, models.CASCADE, related_name="fields")
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=FieldKind.choices, default=FieldKind.TEXT)
    is_private = models.BooleanField(default=False)
    is_order = models.BooleanField(default=False, db_default=False)  # its answer names the order, booking or invoice
    is_item = models.BooleanField(default=False, db_default=False)  # its answer names what it was about
    minuend = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    subtrahend = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "key", "version"], name="categoryfield_version_once"),
            models.UniqueConstraint(
                fields=["category", "key"],
                condition=models.Q(is_active=True),
                name="categoryfield_active_once",
            ),
            one_of("categoryfield", "kind", FieldKind),
            models.CheckConstraint(
                condition=models.Q(kind=FieldKind.DIFFERENCE, minuend__isnull=False, subtrahend__isnull=False)
                | (~models.Q(kind=FieldKind.DIFFERENCE) & models.Q(minuend__isnull=True, subtrahend__isnull=True)),
                name="categoryfield_difference_of_two",
            ),
        ]

    @property
    def stem(self) -> str:
        """What all versions of one question have in common."""
        return self.key if self.version == 1 else self.key.removesuffix(f"-{self.version}")

    @property
    def is_computed_anew(self) -> bool:
        """A retired difference of two questions that are still asked: today's catalogue says what is shown."""
        operands = (self.minuend, self.subtrahend)
        return not self.is_active and all(operand is not None and operand.is_active for operand in operands)

    def difference(self, values: dict[str, Any]) -> dt.timedelta | Decimal | None:
        """`minuend - subtrahend` of the stored `values`; None until both are known."""
        if self.minuend is None or self.subtrahend is None:
            return None
        late, early = values.get(self.minuend.key), values.get(self.subtrahend.key)
        if late in (None, "") or early in (None, ""):
            return None
        if self.minuend.kind in (FieldKind.MOMENT, FieldKind.DATE):
            return dt.datetime.fromisoformat(late) - dt.datetime.fromisoformat(early)
        return Decimal(late) - Decimal(early)


class RootCause(Catalogued):
    """Why it happened. "Human error" alone is not among them: what let it happen is."""

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["key"], name="rootcause_key_once")]


class RemedyNature(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    COMPENSATION = "compensation", _("Compensation")
    GOODWILL = "goodwill", _("Goodwill gesture")


class CostKind(models.TextChoices):
    GOODS = "goods", _("Goods and time")
    CASH = "cash", _("Cash")
    FORGONE = "forgone", _("Revenue forgone")
    LIABILITY = "liability", _("Liability")
    INVOICE = "invoice", _("Another company's invoice")
    TIME = "time", _("Time")


class RemedyType(Catalogued):
    """Something we do or give."""

    nature = models.CharField(max_length=12, choices=RemedyNature.choices)
    cost_kind = models.CharField(max_length=12, choices=CostKind.choices)
    needs_receipt = models.BooleanField(default=False)
    typical_amount = MoneyField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="remedytype_key_once"),
            one_of("remedytype", "nature", RemedyNature),
            one_of("remedytype", "cost_kind", CostKind),
            not_negative("remedytype", "typical_amount"),
        ]
