"""Correct the facts of an incident. Asks; never writes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from incidents.forms.keeping import KeepingForm
from incidents.forms.log import kind_field, story_field
from incidents.forms.reach import ReachFields, local
from incidents.forms.values import ValueFields
from incidents.forms.when import WhenFields
from incidents.forms.who import kept, known_customers
from incidents.models import Category, Customer, Incident, categories_here
from incidents.models.base import LINE, SHORT
from incidents.models.usage import by_use
from incidents.models.values import described, fields_of
from incidents.vocabulary import Severity

FACTS = (
    "customer",
    "customer_hint",
    "what_happened",
    "category",
    "severity",
    "place",
    "remedy_sought",
    "reach_at",
    "reach_until",
    "occurred_on",
    "occurred_at",
    "field_values",
    "is_first_order",
)

LABELS = {
    "customer": _("Customer"),
    "customer_hint": _("What we know about them"),
    "what_happened": _("What happened"),
    "category": _("Kind"),
    "severity": _("How bad"),
    "place": _("Where exactly"),
    "remedy_sought": _("What would make it right"),
    "reach_at": _("Where to reach them"),
    "reach_until": _("Until when they can be reached"),
    "occurred_on": _("Day it happened"),
    "occurred_at": _("When it happened"),
    "is_first_order": _("Their first order"),
}


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, dt.datetime):
        return formats.date_format(value, "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value, "DATE_FORMAT")
    return str(value or "")


class ChangeForm(KeepingForm, ValueFields, WhenFields, ReachFields):
    """The facts of an incident, to correct. `changes()` is what `change_incident` takes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    customer_name = forms.CharField(label=_("Customer"), required=False, max_length=SHORT)
    customer = forms.ModelChoiceField(known_customers(), required=False, widget=forms.HiddenInput)
    customer_hint = forms.CharField(label=_("What do we know about them?"), required=False, max_length=LINE)
    what_happened = story_field(_("What happened?"), required=True)
    category = kind_field()
    severity = forms.TypedChoiceField(
        label=_("How bad is it for them?"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect
    )
    is_first_order = forms.BooleanField(label=_("It is their first order with us"), required=False)
    place = forms.CharField(label=_("Where exactly?"), required=False, max_length=SHORT)
    remedy_sought = story_field(_("What would make it right for them?"), required=False, rows=2)

    def __init__(self, data: Any = None, *, incident: Incident, now: dt.datetime, has_private: bool):
        self.incident, self.now, self.has_private = incident, now, has_private
        zone = incident.location.zone
        happened = incident.occurred_at.astimezone(zone) if incident.occurred_at else None
        super().__init__(
            data,
            initial={
                "version": incident.version,
                "customer_name": incident.customer.name if incident.customer else "",
                "customer": incident.customer_id,
                "customer_hint": incident.customer_hint,
                "what_happened": incident.what_happened,
                "category": incident.category.key,
                "severity": incident.severity,
                "is_first_order": incident.is_first_order,
                "place": incident.place,
                "remedy_sought": incident.remedy_sought,
                "reach_at": incident.reach_at,
                "reach_until": local(incident.reach_until, zone),
                "occurred_on": happened.date() if happened else incident.occurred_on,
                "occurred_time": f"{happened:%H:%M}" if happened else "",
            },
        )
        self.fields["occurred_on"].label = _("Day it happened")
        tiles: Any = self.fields["category"]
        tiles.offer(self._kinds, lambda rows: by_use(rows, incident.location, now))
        self.kind = tiles.row(self["category"].value()) or incident.category
        asked = [f for f in fields_of(self.kind) if has_private or not f.is_private]
        self.ask(asked, values=incident.field_values | (incident.private_values if has_private else {}), zone=zone)

    def _kinds(self) -> list[Category]:
        """What its place uses, and what it is, even if nobody chooses that any more."""
        kinds = categories_here(self.incident.location_id)
        return [kind for kind in kinds if kind.is_offered or kind.pk == self.incident.category_id]

    def clean_customer(self) -> Customer | None:
        return kept(self.cleaned_data["customer"])

    def clean(self) -> dict[str, Any]:
        data, zone = self.cleaned_data, self.incident.location.zone
        if data.get("customer_name") and not data.get("customer"):
            self.add_error("customer_name", _("Choose a customer from the list."))
        if not data.get("customer_name"):
            data["customer"] = None
            if not data.get("customer_hint"):
                self.add_error("customer_name", _("Say who it happened to, or tell what we know about them."))
        data["occurred_on"], data["occurred_at"] = self.clean_when(self.now, zone)
        data["reach_until"] = self.clean_reach(zone, saved=self.incident.reach_until)
        data["field_values"], data["private_values"] = self.clean_answers(zone)
        self.given = data["field_values"] | data["private_values"]
        return data

    def changes(self) -> dict[str, Any]:
        names = (*FACTS, "private_values") if self.has_private else FACTS
        return {name: self.cleaned_data[name] for name in names}

    def take_version(self) -> None:
        """Somebody saved meanwhile: what is typed stays, sending it again is a choice."""
        self.renew("version", self.incident.version)

    def both_versions(self) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of every field that differs."""
        place = self.incident.location
        saved = {name: shown(getattr(self.incident, name)) for name in FACTS if name != "field_values"}
        typed = {name: shown(self.cleaned_data[name]) for name in saved}
        saved["severity"], typed["severity"] = (
            str(Severity(level).label) for level in (self.incident.severity, self.cleaned_data["severity"])
        )
        rows = [(str(LABELS[name]), saved[name], typed[name]) for name in saved]
        for field in self.asked:
            values = {**self.incident.field_values, **self.incident.private_values}, self.given
            old, new = (dict(described([field], v, zone=place.zone, currency=place.currency)) for v in values)
            rows.append((field.label, old.get(field.label, ""), new.get(field.label, "")))
        return [row for row in rows if row[1] != row[2]]
