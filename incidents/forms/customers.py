"""Customers: who they are, and how to reach them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import TimeOfDayInput
from incidents.forms.keeping import KeepingForm
from incidents.models import ContactKind, ContactPoint, Customer, normalize_contact
from incidents.models.base import LINE, SHORT, STORY
from incidents.vocabulary import Channel


def contact_or_error(kind: str, value: str, country: str) -> ValidationError | None:
    """What is wrong with a phone number or an e-mail; None when nothing is, or it is empty."""
    try:
        if value:
            normalize_contact(kind, value, country)
    except ValidationError as wrong:
        return wrong
    return None


LIKED = [
    (channel.value, channel.label)
    for channel in (Channel.PHONE, Channel.EMAIL, Channel.CHAT, Channel.IN_PERSON, Channel.LETTER, Channel.VIDEO)
]


def time_of_day(typed: str) -> dt.time | None:
    if not typed:
        return None
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", typed):
        raise ValidationError(_("Write a time, like 15:30."))
    return dt.time.fromisoformat(typed)


def _time_typed(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""


class AboutFields(forms.Form):
    """Mixin: who somebody is, whether they are new or known."""

    name = forms.CharField(
        label=_("Name"), max_length=SHORT, error_messages={"required": _("A customer needs a name.")}
    )
    account = forms.CharField(label=_("Company or group"), max_length=SHORT, required=False)
    job_title = forms.CharField(label=_("What they do there"), max_length=SHORT, required=False)
    note = forms.CharField(
        label=_("Good to know"), max_length=STORY, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    loyalty_number = forms.CharField(
        label=_("Their number with us"),
        help_text=_("Of a loyalty card or a customer file."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(label=_("Postal address"), max_length=LINE, required=False)
    language = forms.CharField(label=_("Language they prefer"), max_length=40, required=False)
    preferred_channel = forms.ChoiceField(
        label=_("How they like to hear from us"), choices=[("", _("No matter how")), *LIKED], required=False
    )


class NewCustomerForm(KeepingForm, AboutFields):
    """Somebody nothing has gone wrong for yet. The key makes a second submit harmless."""

    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )

    def __init__(self, data: Any = None, *, country: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.country = country

    def clean(self) -> dict[str, Any]:
        for field, kind in (("phone", ContactKind.PHONE), ("email", ContactKind.EMAIL)):
            if wrong := contact_or_error(kind, self.cleaned_data.get(field, ""), self.country):
                self.add_error(field, wrong)
        return self.cleaned_data


class CustomerForm(KeepingForm, AboutFields):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reach_from = forms.CharField(label=_("Call them from"), required=False, max_length=8, widget=TimeOfDayInput())
    reach_until = forms.CharField(label=_("Call them until"), required=False, max_length=8, widget=TimeOfDayInput())
    wants_no_contact = forms.BooleanField(
        label=_("They do not want to be contacted"), help_text=_("No call to them is planned any more."), required=False
    )

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        initial = {
            "version": customer.version,
            "name": customer.name,
            "account": customer.account.name if customer.account else "",
            "job_title": customer.job_title,
            "note": customer.note,
            "loyalty_number": customer.loyalty_number,
            "address": customer.address,
            "language": customer.language,
            "preferred_channel": customer.preferred_channel,
            "reach_from": _time_typed(customer.reach_from),
            "reach_until": _time_typed(customer.reach_until),
            "wants_no_contact": customer.no_contact_since is not None,
        }
        super().__init__(data, initial=initial)
        self.saved = initial

    def take_version(self) -> None:
        """Somebody saved meanwhile: what is typed stays, sending it again is a choice."""
        self.renew("version", self.saved["version"])

    def both_versions(self) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of every field that differs."""
        rows = [
            (str(self.fields[name].label), self._shown(name, self.saved[name]), self._shown(name, typed))
            for name, typed in self.facts().items()
        ]
        return [row for row in rows if row[1] != row[2]]

    def _shown(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("Yes") if value else _("No"))
        if isinstance(value, dt.time):
            return _time_typed(value)
        return str(dict(LIKED).get(value, value or "")) if name == "preferred_channel" else str(value or "")

    def clean_reach_from(self) -> dt.time | None:
        return time_of_day(self.cleaned_data["reach_from"])

    def clean_reach_until(self) -> dt.time | None:
        return time_of_day(self.cleaned_data["reach_until"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        begin, end = data.get("reach_from"), data.get("reach_until")
        if not self.errors.keys() & {"reach_from", "reach_until"}:
            if (begin is None) != (end is None):
                missing = "reach_until" if end is None else "reach_from"
                self.add_error(missing, _("Say both, from when and until when."))
            elif begin is not None and begin == end:
                self.add_error("reach_until", _("That is the same time. Leave both empty for any time."))
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.saved if name != "version"}


class PointForm(forms.Form):
    """A number or an address written right; its kind stays."""

    value = forms.CharField(
        label=_("Number or address"),
        max_length=LINE,
        error_messages={"required": _("Write the number or the address.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, point: ContactPoint, country: str) -> None:
        super().__init__(data, initial={"value": point.value})
        self.point, self.country = point, country
        self.fields["value"].label = point.get_kind_display()

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        if wrong := contact_or_error(self.point.kind, value, self.country):
            raise wrong
        return value


class MergeForm(forms.Form):
    """Which record goes into the one at hand. The key makes a second submit harmless."""

    dropped = forms.ModelChoiceField(
        Customer.objects.all(),
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say which record is the same person.")),
    )
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )


class LookForm(forms.Form):
    """Compare all customers. The key makes a second submit harmless."""

    submit_key = forms.UUIDField(widget=forms.HiddenInput)


class ContactForm(forms.Form):
    """One phone number or e-mail, checked as the place's country writes them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices)
    value = forms.CharField(
        label=_("Number or address"),
        max_length=LINE,
        error_messages={"required": _("Write the number or the address.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, country: str) -> None:
        super().__init__(data, initial={"kind": ContactKind.PHONE})
        self.country = country

    def clean(self) -> dict[str, Any]:
        kind, value = self.cleaned_data.get("kind"), self.cleaned_data.get("value")
        if kind and value and (wrong := contact_or_error(kind, value, self.country)):
            self.add_error("value", wrong)
        return self.cleaned_data
