"""Saved views: what they are called, and what one does with them. Asks; never writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import TimeOfDayInput
from incidents.forms.keeping import KeepingForm
from incidents.models import SavedView
from incidents.models.base import SHORT
from incidents.models.view import LONGEST_QUERY

MOST_TOLD = 1000
NEEDS_A_NAME = _("Give it a name.")
A_NUMBER = _("Write a whole number, from 0 to 1000.")


def _tick(label: Any, hint: Any = "") -> forms.BooleanField:
    box = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, help_text=hint, required=False, widget=box)


class SaveForm(forms.Form):
    """A new view, or other filters for one that there is."""

    submit_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Reload the page.")})
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_QUERY)
    name = forms.CharField(label=_("What do you call it?"), max_length=SHORT, required=False)
    is_shared = _tick(_("Share it with everyone"), _("Each sees in it what they may see anyway."))
    instead_of = forms.ModelChoiceField(
        label=_("Or change what one of these shows"),
        queryset=SavedView.objects.none(),
        required=False,
        empty_label=_("No, a new view"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any = None, *, query: str = "", changeable: Iterable[SavedView] = ()) -> None:
        super().__init__(data, initial={"submit_key": uuid4(), "query": query})
        pks = [view.pk for view in changeable]
        field: Any = self.fields["instead_of"]
        field.queryset = SavedView.objects.filter(pk__in=pks)
        if not pks:
            del self.fields["instead_of"]
            self.fields["name"].required = True
            self.fields["name"].error_messages["required"] = NEEDS_A_NAME

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        if not asked.get("name") and not asked.get("instead_of") and "name" not in self.errors:
            self.add_error("name", NEEDS_A_NAME)
        return asked


class ChangeForm(KeepingForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("What do you call it?"), max_length=SHORT, error_messages={"required": NEEDS_A_NAME})
    is_shared = _tick(_("Share it with everyone"), _("Each sees in it what they may see anyway."))

    def __init__(self, data: Any = None, *, view: SavedView) -> None:
        self.saved = {"version": view.version, "name": view.name, "is_shared": view.is_shared}
        super().__init__(data, initial=self.saved)

    def take_version(self) -> None:
        """Somebody saved meanwhile: what is typed stays, sending it again is a choice."""
        self.renew("version", self.saved["version"])

    def both_versions(self) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of each field that differs."""
        said = {"True": str(_("Yes")), "False": str(_("No"))}
        rows = [(n, str(self.saved[n]), str(self.cleaned_data.get(n))) for n in ("name", "is_shared")]
        return [(str(self.fields[n].label), said.get(a, a), said.get(b, b)) for n, a, b in rows if a != b]


class ChoiceForm(forms.Form):
    """What one person does with a view."""

    is_pinned = _tick(_("Show it on my bar"), _("With its number, over the list and the board."))
    is_default = _tick(_("Open the list and the board with it"))
    tell_above = forms.IntegerField(
        label=_("Tell me when there are more than"),
        help_text=_("Once when it passes the number, and again only after it fell back. Empty for never."),
        min_value=0,
        max_value=MOST_TOLD,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), A_NUMBER),
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control short", "inputmode": "numeric"}),
    )
    mails_at = forms.TimeField(
        label=_("Send me its list each day at"),
        help_text=_("Your own time; up to ten of them, with their numbers. Empty for never."),
        required=False,
        widget=TimeOfDayInput(),
    )
