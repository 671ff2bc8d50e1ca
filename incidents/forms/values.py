"""The questions a category asks, as fields of whatever form shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from incidents.forms.fields import DayInput, MomentInput
from incidents.models import CategoryField, FieldKind
from incidents.models.values import as_typed, clean_values

PREFIX = "value_"


def _widget(kind: str) -> forms.Widget:
    if kind == FieldKind.LINES:
        return forms.Textarea(attrs={"rows": 3})
    if kind == FieldKind.NUMBER:
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    if kind == FieldKind.MONEY:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if kind == FieldKind.DATE:
        return DayInput()
    if kind == FieldKind.MOMENT:
        return MomentInput()
    return forms.TextInput(attrs={"autocomplete": "off"})


class ValueFields(forms.Form):
    """Mixin: `ask()` adds the fields, `clean_answers()` turns them into values."""

    asked: tuple[CategoryField, ...] = ()

    def ask(
        self, fields: Iterable[CategoryField], *, values: Mapping[str, Any] | None = None, zone: dt.tzinfo = dt.UTC
    ) -> None:
        self.asked = tuple(field for field in fields if field.kind != FieldKind.DIFFERENCE)
        for field in self.asked:
            self.fields[PREFIX + field.key] = forms.CharField(
                label=field.label,
                required=False,
                widget=_widget(field.kind),
                help_text=_("One on each line.") if field.kind == FieldKind.LINES else "",
            )
            if values and field.key in values:
                self.initial.setdefault(PREFIX + field.key, as_typed(field, values[field.key], zone))

    def answers(self) -> Iterator[forms.BoundField]:
        return (self[PREFIX + field.key] for field in self.asked)

    def clean_answers(self, zone: dt.tzinfo) -> tuple[dict[str, Any], dict[str, Any]]:
        """(field_values, private_values); what makes no sense is told at its field."""
        typed = {field.key: self.cleaned_data.pop(PREFIX + field.key, "") for field in self.asked}
        try:
            return clean_values(self.asked, typed, zone)
        except ValidationError as wrong:
            for key, messages in wrong.message_dict.items():
                self.add_error(PREFIX + key, messages)
            return {}, {}
