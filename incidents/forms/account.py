"""One's own profile, and the first page of an empty installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import MomentField, RowField
from incidents.forms.fields import TimeOfDayInput
from incidents.forms.people import PASSWORD, PlaceFields
from incidents.models import Staff, Theme
from incidents.models.base import SHORT
from incidents.models.staff import EVERY_DAY, MailRule
from incidents.news import News

# Monday first, as in Staff.reachable_days.
DAYS = (
    ("0", _("Mon")),
    ("1", _("Tue")),
    ("2", _("Wed")),
    ("3", _("Thu")),
    ("4", _("Fri")),
    ("5", _("Sat")),
    ("6", _("Sun")),
)
DUTY_HOURS = (2, 8)
REACHABLE = ("reachable_from", "reachable_until")


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
    wants_mail = forms.BooleanField(
        label=_("Reminders by e-mail too"),
        required=False,
        help_text=_("They are always in your notices here."),
    )
    mail_rule = forms.ChoiceField(
        label=_("How often"),
        choices=MailRule.choices,
        required=False,
        initial=MailRule.GATHERED,
        widget=forms.RadioSelect,
    )
    not_by_mail = forms.MultipleChoiceField(
        label=_("Not by mail"), choices=News.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    reachable_from = forms.TimeField(label=_("Mail me from"), required=False, widget=TimeOfDayInput())
    reachable_until = forms.TimeField(label=_("Until"), required=False, widget=TimeOfDayInput())
    reachable_days = forms.MultipleChoiceField(
        label=_("On these days"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_mail_rule(self) -> str:
        """Not asked on an older page: as it happens."""
        return self.cleaned_data["mail_rule"] or MailRule.GATHERED.value

    def clean_reachable_days(self) -> str:
        """Seven characters, 0 or 1; no day ticked at all means that none was chosen: every day."""
        chosen = self.cleaned_data["reachable_days"]
        return "".join("1" if day in chosen else "0" for day, _label in DAYS) if chosen else EVERY_DAY

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors.keys() & {"reachable_from", "reachable_until"}:
            begins, ends = data.get("reachable_from"), data.get("reachable_until")
            if begins and not ends:
                self.add_error("reachable_until", _("Until when? Or leave both empty: mail at any time."))
            elif ends and not begins:
                self.add_error("reachable_from", _("From when? Or leave both empty: mail at any time."))
            elif begins and begins == ends:
                self.add_error("reachable_until", _("That is no time at all. Leave both empty for mail at any time."))
        return data


def profile_facts(staff: Staff) -> dict[str, Any]:
    """What the form begins with."""
    names = ("name", "phone", "theme", "has_letter_keys", "wants_mail", "mail_rule", "not_by_mail", *REACHABLE)
    days = [str(day) for day, is_on in enumerate(staff.reachable_days) if is_on == "1"]
    return {name: getattr(staff, name) for name in names} | {"reachable_days": days}


class DutyForm(forms.Form):
    """One tap: on duty for some hours, or no longer."""

    hours = forms.TypedChoiceField(choices=[(hours, "") for hours in (*DUTY_HOURS, 0)], coerce=int)


class AwayForm(forms.Form):
    """Until when somebody is away, by the clock on their wall, and who decides for them meanwhile."""

    until = MomentField(label=_("I am away until"), error_messages={"required": _("Say until when.")})
    stand_in = RowField(
        label=_("Stands in for me"),
        required=False,
        help_text=_("Decides what you would, and is asked at once. They see what they may see anyway, and no more."),
    )

    def __init__(self, *args: Any, staff: Staff, colleagues: Iterable[Staff], now: dt.datetime, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "away_%s")
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["until"].zone = staff.zone  # type: ignore[attr-defined]
        self.fields["stand_in"].offer(colleagues, _("Nobody"))  # type: ignore[attr-defined]
        self.now_local = now.astimezone(staff.zone).strftime("%Y-%m-%dT%H:%M")

    def clean_until(self) -> dt.datetime:
        until: dt.datetime = self.cleaned_data["until"]
        if until <= self.now:
            raise ValidationError(_("That is over already. Choose a time to come."))
        return until

    def clean_stand_in(self) -> Staff | None:
        found: Staff | None = self.cleaned_data["stand_in"]
        if found and found.away_until and found.away_until > self.now:
            raise ValidationError(_("%(name)s is away too.") % {"name": found})
        return found


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
