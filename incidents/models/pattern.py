"""Incidents that have something in common, and why they happened."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.models.base import SHORT, STORY, one_of, within_bounds
from incidents.models.catalogue import Category, RootCause
from incidents.models.customer import Customer
from incidents.models.incident import Incident
from incidents.models.staff import Location, Staff


class PatternKind(models.TextChoices):
    """What its incidents have in common."""

    CATEGORY = "category", _("The same kind of mistake")
    CAUSE = "cause", _("The same cause")
    PLACE = "place", _("The same place")
    ITEM = "item", _("The same item")
    CUSTOMER = "customer", _("The same customer")
    EVENT = "event", _("The same event hit several")


def folded(words: str) -> Lower:
    """A column of words as they are compared: whatever the accents and the case."""
    return Lower(models.Func(words, function="unaccent", output_field=models.TextField()))


class PatternQuerySet(models.QuerySet["Pattern"]):
    def visible_to(self, staff: Staff) -> PatternQuerySet:
        """Those of their places, of which they see one incident at least; of every place, administrators'."""
        here = self if staff.sees_all else self.filter(location__in=staff.location_ids)
        links = PatternLink.objects.filter(pattern=models.OuterRef("pk"))
        return here.filter(models.Exists(access.visible_to(links, staff, through="incident")))

    def open(self) -> PatternQuerySet:
        return self.filter(closed_at__isnull=True)

    def with_names(self) -> PatternQuerySet:
        return self.select_related("location", "category", "root_cause", "customer", "opened_by", "closed_by")


class Pattern(models.Model):
    """Something that keeps happening, as long as somebody looks into it.

    What its kind names is filled, the rest is empty; `location` null is every place. `place` and `item` are written as
    `sort_key()` does. An *event* has nothing but its incidents: what hit one customer hit others too.
    """

    kind = models.CharField(max_length=12, choices=PatternKind.choices)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="patterns")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    root_cause = models.ForeignKey(RootCause, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="patterns")
    place = models.CharField(max_length=SHORT, blank=True, default="", db_default="")
    item = models.CharField(max_length=SHORT, blank=True, default="", db_default="")
    note = models.CharField(max_length=STORY, blank=True, default="", db_default="")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    incidents: models.ManyToManyField[Incident, PatternLink] = models.ManyToManyField(
        Incident, through="PatternLink", related_name="patterns"
    )

    objects = PatternQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            one_of("pattern", "kind", PatternKind),
            within_bounds("pattern", "opened_at", "closed_at"),
            models.CheckConstraint(
                condition=models.Q(kind="category", category__isnull=False)
                | models.Q(kind="cause", root_cause__isnull=False)
                | models.Q(kind="customer", customer__isnull=False)
                | (models.Q(kind="place") & ~models.Q(place=""))
                | (models.Q(kind="item") & ~models.Q(item=""))
                | models.Q(kind="event"),
                name="pattern_names_what_is_shared",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="pattern_closed_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-opened_at"], condition=models.Q(closed_at__isnull=True), name="pattern_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pattern-show", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def subject(self) -> tuple[str, int | str]:
        """What its incidents share: the kind, and the key of a row or the words."""
        return self.kind, getattr(self, SUBJECTS[PatternKind(self.kind)]) if self.kind != PatternKind.EVENT else ""


# The column that says what is shared; an event has none.
SUBJECTS = {
    PatternKind.CATEGORY: "category_id",
    PatternKind.CAUSE: "root_cause_id",
    PatternKind.PLACE: "place",
    PatternKind.ITEM: "item",
    PatternKind.CUSTOMER: "customer_id",
}


def sharing(kind: str, value: int | str) -> models.Q:
    """The incidents that share it; none share an event."""
    if kind == PatternKind.EVENT:
        return models.Q(pk__in=[])
    if kind == PatternKind.PLACE:
        return models.Q(Exact(folded("place"), models.Value(value)))
    return models.Q(**{SUBJECTS[PatternKind(kind)]: value})


class PatternLink(models.Model):
    pattern = models.ForeignKey(Pattern, models.CASCADE, related_name="links")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="pattern_links")
    linked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pattern", "incident"], name="patternlink_once"),
            within_bounds("patternlink", "linked_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pattern_id}: {self.incident_id}"
