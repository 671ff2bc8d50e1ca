"""The business, its locations and the people who work there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import JSONObject, Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.models.base import EARLIEST, SHORT, one_of, sort_key, within_bounds
from incidents.models.prepared import ask_about, find

if TYPE_CHECKING:
    from datetime import tzinfo


def validate_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("%(zone)s is not a time zone."), params={"zone": value})


class Business(models.Model):
    """The one business of this installation."""

    name = models.CharField(_("name"), max_length=SHORT)
    is_only = models.BooleanField(default=True, editable=False, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(is_only=True), name="business_only_one")]

    def __str__(self) -> str:
        return self.name


class LocationQuerySet(models.QuerySet["Location"]):
    def active(self) -> LocationQuerySet:
        return self.filter(is_active=True)

    def open_to(self, staff: Staff) -> LocationQuerySet:
        """Where `staff` may log and see incidents: their own places; administrators, all."""
        active = self.active().order_by("name")
        return active if staff.sees_all else active.filter(pk__in=staff.location_ids)


def open_places(staff: Staff) -> list[Location]:
    """Those of `open_to`."""
    return find(_open_to, staff=staff, now=EARLIEST)


def _open_to(staff: Staff, now: dt.datetime) -> LocationQuerySet:
    """No part of it depends on the clock."""
    return Location.objects.open_to(staff)


class Location(models.Model):
    """A hotel, a shop, a clinic: its zone, its currency, and who catches what nobody has."""

    name = models.CharField(_("name"), max_length=SHORT, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2, default="US", help_text=_("For phone numbers, like US."))
    fallback_assignee = models.ForeignKey(
        "Staff",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fallback assignee"),
        help_text=_("Gets what nobody else has."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # Local times at which a shift ends; a handover nobody took by then goes to the duty manager.
    shift_ends: ArrayField[list[dt.time], list[dt.time]] = ArrayField(
        models.TimeField(), default=list, blank=True, db_default=[]
    )
    # Whose public holidays close it: a country, or a country and a part of it ("US", "DE-BY"); empty for none.
    holiday_region = models.CharField(_("public holidays"), max_length=12, blank=True, default="", db_default="")
    # Whether the staff meeting talks about every incident; null: while there are fewer than 20 a month.
    reviews_all = models.BooleanField(_("talk about every mistake"), null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, editable=False)
    submit_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = LocationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="location_currency_iso"),
            models.CheckConstraint(condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="location_country_iso"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.time_zone)

    def zone_words(self, reader: Staff) -> str:
        """ "Chicago" for somebody on whose wall another clock hangs: these times are not theirs. Else nothing."""
        return "" if self.time_zone == reader.zone.key else city_of(self.time_zone)


def city_of(zone: str) -> str:
    """A time zone as people call it: "New York"."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Staff:
        """A member of staff; the e-mail is stored in lower case."""
        staff = self.model(email=email.strip().lower(), **fields)
        staff.set_password(password)
        staff.save()
        return staff

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Staff:
        fields.setdefault("name", email)
        return self.create_user(email, password, is_staff=True, is_superuser=True, role=Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email=(username or "").lower())


EVERY_DAY = "1111111"


class Theme(models.TextChoices):
    AUTO = "auto", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    CONTRAST = "contrast", _("High contrast")


class MailRule(models.TextChoices):
    """How often mail may come; what is critical does not wait for it."""

    GATHERED = "gathered", _("As it happens, gathered for some minutes")
    HOURLY = "hourly", _("At most once an hour")
    TWICE = "twice", _("Twice a day, at 8:00 and 16:00")
    DAILY = "daily", _("Once a day, at 8:00")


class Staff(AbstractUser):
    """Someone who signs in. The e-mail is the login, unique whatever the case."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=SHORT)
    sort_name = models.CharField(max_length=SHORT, editable=False)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.FRONT_DESK)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    locations: models.ManyToManyField[Location, Membership] = models.ManyToManyField(
        Location, through="Membership", related_name="staff", verbose_name=_("locations")
    )
    theme = models.CharField(_("colours"), max_length=8, choices=Theme.choices, default=Theme.AUTO)
    has_letter_keys = models.BooleanField(_("single-letter keys"), default=True)
    wants_mail = models.BooleanField(_("reminders by e-mail too"), default=True, db_default=True)
    # Local times at their first location; empty means at any time. Mail waits for them, the inbox does not.
    reachable_from = models.TimeField(_("mail from"), null=True, blank=True)
    reachable_until = models.TimeField(_("mail until"), null=True, blank=True)
    reachable_days = models.CharField(max_length=7, default=EVERY_DAY, db_default=EVERY_DAY)  # Monday first, 0 or 1
    mail_rule = models.CharField(
        max_length=8, choices=MailRule.choices, default=MailRule.GATHERED, db_default=MailRule.GATHERED
    )
    # Kinds of news (`incidents.news`) that reach them in the inbox only.
    not_by_mail = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True)
    wants_check_ins = models.BooleanField(default=True, db_default=True)
    on_duty_until = models.DateTimeField(null=True, blank=True)
    # While away, the stand-in decides what they would.
    away_until = models.DateTimeField(null=True, blank=True)
    stand_in = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="stands_in_for", db_index=False
    )
    submit_key = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = StaffManager()  # type: ignore[misc,assignment]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="staff_email_lower_case"),
            one_of("staff", "role", Role),
            one_of("staff", "theme", Theme),
            one_of("staff", "mail_rule", MailRule),
            within_bounds("staff", "on_duty_until", "away_until"),
            models.CheckConstraint(
                condition=models.Q(reachable_days__regex=r"^[01]{7}$") & models.Q(reachable_days__contains="1"),
                name="staff_reachable_some_day",
            ),
            models.CheckConstraint(
                condition=models.Q(reachable_from__isnull=True, reachable_until__isnull=True)
                | models.Q(reachable_from__isnull=False, reachable_until__isnull=False)
                & ~models.Q(reachable_from=models.F("reachable_until")),
                name="staff_reachable_from_and_until",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sort_name"], name="staff_by_name")]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def sees_all(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_manager(self) -> bool:
        """Managers, and administrators who may do all that managers may."""
        return self.role in (Role.MANAGER, Role.ADMINISTRATOR)

    @cached_property
    def _places(self) -> list[tuple[int, str]]:
        """One query, once per request."""
        return [(each["place"], each["zone"]) for each in ask_about(_places_of, self.pk)["places"]]

    @property
    def location_ids(self) -> list[int]:
        return [pk for pk, _zone in self._places]

    @property
    def zone(self) -> ZoneInfo:
        """That of their first location, else UTC: the clock on their wall."""
        return ZoneInfo(self._places[0][1] if self._places else "UTC")


def learn_places(people: Collection[Staff]) -> None:
    """Of all of them in one statement, before each is asked for their clock."""
    known: dict[int, list[tuple[int, str]]] = {person.pk: [] for person in people}
    rows = Membership.objects.filter(staff__in=list(known)).order_by("id")
    for pk, place, zone in rows.values_list("staff", "location", "location__time_zone"):
        known[pk].append((place, zone))
    for person in people:
        person.__dict__["_places"] = known[person.pk]


def _places_of(pk: int) -> Any:
    theirs = Membership.objects.filter(staff=models.OuterRef("pk")).order_by("id")
    named = theirs.values(each=JSONObject(place="location_id", zone="location__time_zone"))
    return Staff.objects.filter(pk=pk).values(places=ArraySubquery(named))


class Membership(models.Model):
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="memberships")
    location = models.ForeignKey(Location, models.CASCADE, related_name="memberships")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "location"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} @ {self.location_id}"
