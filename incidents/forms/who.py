"""Who it happened to: somebody we know, somebody new, or somebody nobody can name. Asks; never writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from incidents.forms.customers import contact_or_error
from incidents.forms.keeping import KeepingForm
from incidents.models import ContactKind, Customer
from incidents.models.base import LINE, SHORT, sort_key
from incidents.models.prepared import find_about

NEW = ("new_name", "new_phone", "new_email", "new_account")
SAME_NAMES = 5
MOST_DIGITS = 20  # of a key
# Choosing a customer, or naming the order, asks what is known of them.
HINTS = {
    "hx-get": reverse_lazy("log-open"),
    "hx-target": "#already-open",
    "hx-swap": "innerHTML",
    "hx-include": "#id_customer, [name='pick']:checked, [data-order], [name='again']:checked",
    "hx-sync": "replace",
    "data-quiet": "",
}
ON_CHOICE = HINTS | {"hx-trigger": "change"}
ON_ORDER = HINTS | {"hx-trigger": "input changed delay:500ms", "data-order": ""}


def known_customers() -> QuerySet[Customer]:
    """Whom a form may name; one that was put together with another stands for that one."""
    return Customer.objects.select_related("account", "merged_into__account")


def kept(customer: Customer | None) -> Customer | None:
    """The record that counts, where somebody chose one that has been put together with it."""
    while customer is not None and customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def _known(pk: int) -> QuerySet[Customer]:
    return known_customers().filter(pk=pk)


class CustomerChoice(forms.ModelChoiceField[Customer]):
    """Somebody known, by their key; looked up with a statement that PostgreSQL keeps."""

    def to_python(self, value: Any) -> Customer | None:
        if value in self.empty_values:
            return None
        text = str(value)
        if text.isdecimal() and len(text) < MOST_DIGITS and (found := find_about(_known, int(text))):
            return found[0]
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})


class WhoFields(KeepingForm):
    """Mixin: `clean_who()` says who was chosen, and who is new."""

    customer_name = forms.CharField(label=_("Customer"), required=False, max_length=SHORT)
    customer = CustomerChoice(known_customers(), required=False, widget=forms.HiddenInput(attrs=ON_CHOICE))
    pick = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    new_name = forms.CharField(
        label=_("Name"), required=False, max_length=SHORT, widget=forms.TextInput(attrs={"data-create-name": ""})
    )
    new_phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    new_email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    new_account = forms.CharField(label=_("Company or group"), required=False, max_length=SHORT)
    customer_hint = forms.CharField(label=_("What do we know about them?"), required=False, max_length=LINE)

    same_name: QuerySet[Customer]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.same_name = Customer.objects.none()

    @property
    def has_new(self) -> bool:
        return any(self[name].value() or self[name].errors for name in NEW)

    @property
    def has_hint(self) -> bool:
        return bool(self["customer_hint"].value() or self["customer_hint"].errors)

    @property
    def wants_focus(self) -> bool:
        """The customer field starts with the focus, unless something is known or wrong already."""
        return not self.is_bound and not self["customer"].value()

    def clean_customer(self) -> Customer | None:
        return kept(self.cleaned_data["customer"])

    def clean_who(self, data: dict[str, Any], country: str) -> dict[str, str] | None:
        """The new customer to add; None when one was chosen, or nobody knows who it was."""
        if data.get("pick", "").isdecimal() and not data.get("customer"):
            data["customer"] = kept(known_customers().filter(pk=data["pick"][:18]).first())
        name = data.get("new_name") or data.get("customer_name") or ""
        if data.get("customer") or "customer" in self.errors:
            name = ""
        elif not name and not data.get("customer_hint"):
            self.add_error(
                "customer_name", _("Say who it happened to, or tell what we know about them if nobody knows the name.")
            )
        if data.get("customer_hint") and (name or data.get("customer")):
            self.add_error("customer_hint", _("You named a customer, so leave this empty."))
        if not name:
            return None
        if not data.get("new_name") and data.get("pick") != "new":
            self._ask_which(name)
        for field, kind in (("new_phone", ContactKind.PHONE), ("new_email", ContactKind.EMAIL)):
            if wrong := contact_or_error(kind, data.get(field, ""), country):
                self.add_error(field, wrong)
        return {
            "name": name,
            "phone": data.get("new_phone", ""),
            "email": data.get("new_email", ""),
            "account": data.get("new_account", ""),
        }

    def keep_picked(self) -> None:
        """One of those proposed was picked: the page that comes back names them, and nobody new."""
        picked = self.cleaned_data.get("customer")
        if picked is not None and not self.data.get("customer"):
            self.renew("customer", picked.pk)
            self.renew("customer_name", picked.name)
            for name in NEW:
                self.renew(name, "")

    def _ask_which(self, name: str) -> None:
        """A name typed without choosing: a known one is a question, not a second customer."""
        same = Customer.objects.filter(sort_name=sort_key(name), merged_into=None)
        self.same_name = same.select_related("account")[:SAME_NAMES]
        if self.same_name:
            self.add_error("customer_name", _("We know somebody by that name. Say whether it is them."))
