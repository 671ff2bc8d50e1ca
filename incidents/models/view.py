"""Saved views: a filter with a name, and what each person does with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from incidents.models.base import LINE, SHORT, within_bounds
from incidents.models.staff import Staff

LONGEST_QUERY = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def open_to(self, staff: Staff) -> SavedViewQuerySet:
        """Shipped ones, shared ones and one's own. What a view shows is up to who looks at it."""
        return self.filter(Q(owner=None) | Q(is_shared=True) | Q(owner=staff))


class SavedView(models.Model):
    """`query` is the address of the list, read by the same form: `assignee=me&quiet=48`.

    Shipped ones have a key and no owner.
    """

    key = models.CharField(max_length=40, blank=True, default="", db_default="")
    name = models.CharField(max_length=SHORT)
    owner = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="views")
    is_shared = models.BooleanField(default=False, db_default=False)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    submit_key = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="savedview_key_once"),
            models.CheckConstraint(
                condition=Q(key="", owner__isnull=False) | (~Q(key="") & Q(owner__isnull=True, is_shared=True)),
                name="savedview_shipped_or_owned",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="savedview_has_a_name"),
            within_bounds("savedview", "created_at"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return gettext(self.name) if self.key else self.name


class ViewChoice(models.Model):
    """What one person does with a view: pinned, opened first, told when it grows, mailed each day.

    `told_at` is set when they were told that the count passed `tell_above`, and empty again once it fell back.
    """

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="view_choices")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="choices")
    is_pinned = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    tell_above = models.PositiveSmallIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(null=True)
    mails_at = models.TimeField(null=True, blank=True)  # local at their first location
    next_mail_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "view"], name="viewchoice_once"),
            models.UniqueConstraint(fields=["staff"], condition=Q(is_default=True), name="viewchoice_one_default"),
            models.CheckConstraint(
                condition=Q(mails_at__isnull=True, next_mail_at__isnull=True)
                | Q(mails_at__isnull=False, next_mail_at__isnull=False),
                name="viewchoice_mail_has_a_time",
            ),
            within_bounds("viewchoice", "told_at", "next_mail_at"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_mail_at"], condition=Q(next_mail_at__isnull=False), name="viewchoice_to_mail"),
            models.Index(fields=["id"], condition=Q(tell_above__isnull=False), name="viewchoice_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.view_id}"[:LINE]
