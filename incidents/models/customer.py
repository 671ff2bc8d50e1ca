"""Customers, the accounts they belong to, and how to reach them."""

from __future__ import annotations

from typing import Any, ClassVar

import phonenumbers
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, SHORT, STORY, number_key, one_of, sort_key, within_bounds
from incidents.vocabulary import Channel

LOYALTY = 40


class Account(models.Model):
    """A company or association; its contacts may be happy and unhappy at once."""

    name = models.CharField(_("name"), max_length=SHORT)
    sort_name = models.CharField(max_length=SHORT, editable=False)
    is_key = models.BooleanField(_("key account"), default=False)
    note = models.CharField(_("note"), max_length=STORY, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sort_name"], name="account_name_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def standing(self) -> CustomerQuerySet:
        """Without those whom a manager has put together with another record: nobody finds them any more."""
        return self.filter(merged_into__isnull=True)


class Customer(models.Model):
    """A person we serve. Belongs to the business, so any desk finds them."""

    name = models.CharField(_("name"), max_length=SHORT)
    sort_name = models.CharField(max_length=SHORT, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="customers")
    job_title = models.CharField(_("role there"), max_length=SHORT, blank=True)
    note = models.CharField(_("note"), max_length=STORY, blank=True)
    preferred_channel = models.CharField(
        _("how they like to hear from us"), max_length=12, choices=Channel.choices, blank=True, db_default=""
    )
    language = models.CharField(_("language they prefer"), max_length=40, blank=True, default="", db_default="")
    loyalty_number = models.CharField(
        _("loyalty or customer number"), max_length=LOYALTY, blank=True, default="", db_default=""
    )
    loyalty_key = models.CharField(max_length=LOYALTY, editable=False, blank=True, default="", db_default="")
    address = models.CharField(_("postal address"), max_length=LINE, blank=True, default="", db_default="")
    # Local times of the place that calls; empty means at any time.
    reach_from = models.TimeField(_("reach them from"), null=True, blank=True)
    reach_until = models.TimeField(_("reach them until"), null=True, blank=True)
    no_contact_since = models.DateTimeField(null=True, blank=True)
    # It was the same person: all of theirs hangs on that record now, and nobody finds this one any more.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, editable=False)
    submit_key = models.UUIDField(null=True, editable=False)  # of the form that added them outside an incident

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(preferred_channel__in=["", *Channel.values]), name="customer_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reach_from__isnull=True, reach_until__isnull=True)
                | models.Q(reach_from__isnull=False, reach_until__isnull=False)
                & ~models.Q(reach_from=models.F("reach_until")),
                name="customer_reach_from_and_until",
            ),
            within_bounds("customer", "no_contact_since"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="customer_merged_into_another",
            ),
            models.UniqueConstraint(
                fields=["submit_key"], condition=models.Q(submit_key__isnull=False), name="customer_added_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort_name", "id"], name="customer_by_name"),
            GinIndex(fields=["sort_name"], opclasses=["gin_trgm_ops"], name="customer_name_trgm"),
            GinIndex(
                fields=["loyalty_key"],
                opclasses=["gin_trgm_ops"],
                condition=~models.Q(loyalty_key=""),
                name="customer_loyalty_trgm",
            ),
            GinIndex(
                fields=["address"],
                opclasses=["gin_trgm_ops"],
                condition=~models.Q(address=""),
                name="customer_address_trgm",
            ),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="customer_by_merged_into"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        self.loyalty_key = number_key(self.loyalty_number)[:LOYALTY]  # one letter may stand for several
        super().save(*args, **kwargs)


MOST_MERGES = 20  # one into the next; nobody has seen three


def standing_customer(pk: int) -> Customer | None:
    """The record that stands for this person now, with its account. One query, one more for each merge."""
    found = None
    for _step in range(MOST_MERGES):
        found = Customer.objects.select_related("account").filter(pk=pk).first()
        if found is None or found.merged_into_id is None:
            break
        pk = found.merged_into_id
    return found


class ContactKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


class ContactPoint(models.Model):
    """A way to reach a customer: as typed, and normalized to compare and to dial."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    value = models.CharField(max_length=LINE)
    normalized = models.CharField(max_length=LINE)
    wrong_since = models.DateTimeField(null=True, blank=True)  # somebody tried it: it is not theirs
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "kind", "normalized"], name="contactpoint_once"),
            one_of("contactpoint", "kind", ContactKind),
            within_bounds("contactpoint", "wrong_since"),
        ]
        indexes: ClassVar = [GinIndex(fields=["normalized"], opclasses=["gin_trgm_ops"], name="contact_trgm")]

    def __str__(self) -> str:
        return self.value


def normalize_phone(value: str, country: str) -> str:
    """`value` as E.164 (`+15551234567`).

    Raises ValidationError, in words, for what cannot be a phone number.
    """
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("That is not a phone number we can dial.")) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(_("That is not a phone number we can dial."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalize_contact(kind: str, value: str, country: str) -> str:
    """The comparable form of a phone number or an e-mail; ValidationError when it is neither."""
    if kind == ContactKind.PHONE:
        return normalize_phone(value, country)
    validate_email(value)
    small = value.lower()
    if len(small) > LINE:  # some letters are longer when small
        raise ValidationError(validate_email.message)
    return small
