"""One's own profile, and the first page of an empty installation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.people import PASSWORD, PlaceFields
from incidents.models import Staff, Theme
from incidents.models.base import SHORT


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=SHORT, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=Theme.choices, widget=forms.RadioSelect)
    has_letter_keys = forms.BooleanField(
        label=_("Single-letter shortcuts"),
        required=False,
        help_text=_("Such as n to log a mistake. Turn them off when you speak to your computer."),
    )


class StartForm(PlaceFields):
    """The business, its first location, its first administrator."""

    business = forms.CharField(label=_("Name of the business"), max_length=SHORT)
    location = forms.CharField(
        label=_("First location"), max_length=SHORT, help_text=_("A house, a shop, an office. More can be added later.")
    )
    name = forms.CharField(label=_("Your name"), max_length=SHORT, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"), max_length=128, strip=False, widget=PASSWORD, help_text=_("At least 10 characters.")
    )
    again = forms.CharField(label=_("The same password again"), max_length=128, strip=False, widget=PASSWORD)
    field_order = ("business", "location", "time_zone", "currency", "country", "name", "email", "password", "again")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            try:
                validate_password(password, Staff(name=data.get("name", ""), email=data.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def business_facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}
