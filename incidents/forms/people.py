"""Staff and locations, as an administrator fills them in."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import available_timezones

import phonenumbers
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.forms.keeping import KeepingForm
from incidents.models import Location, Staff
from incidents.models.base import SHORT

CURRENCY = re.compile("[A-Z]{3}")
# Offered first; any other code of three letters may be typed.
# fmt: off
CURRENCIES = (
    "AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "MAD",
    "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PLN", "QAR", "RON", "SAR", "SEK",
    "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
)
# fmt: on
NOT_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")
PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


@cache
def zones() -> tuple[str, ...]:
    """Time zones named after places, and UTC."""
    return (*sorted(z for z in available_timezones() if "/" in z and not z.startswith(NOT_PLACES)), "UTC")


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Codes and names of the countries whose phone numbers we can dial."""
    lines = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8").splitlines()
    named = dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))
    known = ((code, name) for code, name in named.items() if code in phonenumbers.SUPPORTED_REGIONS)
    return tuple(sorted(known, key=lambda country: country[1]))


class SuggestInput(forms.TextInput):
    """A text field with the browser's own list of suggestions, searched as one types."""

    def __init__(self, suggestions: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_choices"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        offered = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.suggestions()))
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, offered)


class ZoneField(forms.CharField):
    """A time zone: its full name, or just the city where that is enough."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, widget=SuggestInput(zones), **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        asked = typed.replace(" ", "_").casefold()
        found = [z for z in available_timezones() if z.casefold() == asked]
        found = found or [z for z in zones() if z.casefold().rpartition("/")[2] == asked]
        if len(found) != 1:
            raise ValidationError(
                _("%(zone)s is not a time zone. Choose one, like Europe/Berlin."), params={"zone": typed}
            )
        return found[0]


class CurrencyField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, widget=SuggestInput(lambda: CURRENCIES, {"maxlength": 3}), **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value).upper()
        if not CURRENCY.fullmatch(typed):
            raise ValidationError(_("A currency has three letters, like EUR or USD."))
        return str(typed)


class PlaceFields(forms.Form):
    """Where, which clock, which money."""

    time_zone = ZoneField(label=_("Time zone"), help_text=_("Type a city, like Chicago or Europe/Berlin."))
    currency = CurrencyField(label=_("Currency"), help_text=_("Three letters, like EUR or USD."))
    country = forms.ChoiceField(
        label=_("Country"), choices=countries, initial="US", help_text=_("For phone numbers without a country code.")
    )


def check_email(email: str, *, but: Staff | None = None) -> str:
    """In lower case; refused when someone else has it, whatever the case."""
    email = email.strip().lower()
    others = Staff.objects.filter(email=email)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if found := others.first():
        words = (
            _("%(name)s has this e-mail already.")
            if found.is_active
            else _("%(name)s has this e-mail already, and their access is closed. Open it again instead.")
        )
        raise ValidationError(words, params={"name": found.name})
    return email


class StaffForm(KeepingForm):
    """Change someone. `expected_version` tells whether somebody saved in between."""

    name = forms.CharField(label=_("Name"), max_length=SHORT)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("They sign in with it."))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    locations = forms.ModelMultipleChoiceField(
        label=_("Locations"),
        queryset=Location.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose incidents they see. Administrators see all."),
        error_messages={"required": _("Choose at least one location.")},
    )

    def __init__(self, *args: Any, changed: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed = changed
        self.fields["locations"].queryset = Location.objects.active().order_by("name")  # type: ignore[attr-defined]
        self.fields["locations"].required = self.data.get("role") != Role.ADMINISTRATOR
        if changed is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean_email(self) -> str:
        return check_email(self.cleaned_data["email"], but=self.changed)

    def both_versions(self, now: Staff) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of what differs."""
        data = self.cleaned_data
        saved = [now.name, now.email, now.phone, now.get_role_display(), _names(now.locations.order_by("name"))]
        typed = [data["name"], data["email"], data["phone"], Role(data["role"]).label, _names(data["locations"])]
        labels = (str(self.fields[name].label) for name in ("name", "email", "phone", "role", "locations"))
        return [row for row in zip(labels, map(str, saved), map(str, typed), strict=True) if row[1] != row[2]]


def _names(places: Any) -> str:
    return ", ".join(place.name for place in places)


class AddingForm(KeepingForm):
    """Adds one: sent twice, the key that was made with the page still adds one."""

    adds: ClassVar[type[Staff] | type[Location]]
    known_by: ClassVar[str]

    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={
            "required": _("This page was too old. Nothing is lost: send it again."),
            "invalid": _("This page was too old. Nothing is lost: send it again."),
        },
    )

    def made_before(self) -> Staff | Location | None:
        """What this very page added already, unless it now names another."""
        key = self.cleaned_data.get("submit_key") if self.is_bound else None
        found = self.adds.objects.filter(submit_key=key).first() if key else None
        typed = str(self[self.known_by].value() or "").strip().lower()
        return found if found and getattr(found, self.known_by).lower() == typed else None


class NewStaffForm(AddingForm, StaffForm):
    """Add someone: they get a first password from us, or a link to choose one."""

    adds, known_by = Staff, "email"
    LINK, TYPED = "link", "typed"

    how = forms.ChoiceField(
        label=_("First password"),
        choices=[(LINK, _("Send them a link to choose one")), (TYPED, _("I type one and tell them"))],
        initial=LINK,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Their first password"),
        required=False,
        max_length=128,
        strip=False,
        widget=PASSWORD,
        help_text=_("Only if you type one: at least 10 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.MAIL == "off":
            self.fields["how"] = forms.ChoiceField(
                label=_("First password"),
                choices=[(self.TYPED, _("I type one and tell them: no mail server is set up"))],
                initial=self.TYPED,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("how", "") != self.TYPED:
            data["password"] = None
        elif not data.get("password"):
            self.add_error("password", _("Type a first password, or send a link."))
        else:
            person = Staff(name=data.get("name", ""), email=data.get("email", ""))
            try:
                validate_password(data["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return data
