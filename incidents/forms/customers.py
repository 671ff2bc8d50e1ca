"""Customers: who they are, and how to reach them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.keeping import KeepingForm
from incidents.models import ContactKind, Customer, normalize_contact
from incidents.models.base import LINE, SHORT, STORY


def contact_or_error(kind: str, value: str, country: str) -> ValidationError | None:
    """What is wrong with a phone number or an e-mail; None when nothing is, or it is empty."""
    try:
        if value:
            normalize_contact(kind, value, country)
    except ValidationError as wrong:
        return wrong
    return None


class CustomerForm(KeepingForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(
        label=_("Name"), max_length=SHORT, error_messages={"required": _("A customer needs a name.")}
    )
    account = forms.CharField(label=_("Company or group"), max_length=SHORT, required=False)
    job_title = forms.CharField(label=_("What they do there"), max_length=SHORT, required=False)
    note = forms.CharField(
        label=_("Good to know"), max_length=STORY, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        initial = {
            "version": customer.version,
            "name": customer.name,
            "account": customer.account.name if customer.account else "",
            "job_title": customer.job_title,
            "note": customer.note,
        }
        super().__init__(data, initial=initial)
        self.saved = initial

    def take_version(self) -> None:
        """Somebody saved meanwhile: what is typed stays, sending it again is a choice."""
        self.renew("version", self.saved["version"])

    def both_versions(self) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of every field that differs."""
        rows = [(str(self.fields[name].label), str(self.saved[name]), typed) for name, typed in self.facts().items()]
        return [row for row in rows if row[1] != row[2]]

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "account", "job_title", "note")}


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
