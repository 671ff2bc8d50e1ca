"""What the forms of all catalogues share: versions, keys, and answers that say "as the business has it"."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.keeping import KeepingForm
from incidents.models.values import UNPRINTABLE

TOO_OLD = gettext_lazy("This page was too old. Nothing is lost: send it again.")
SAME, YES, NO = "same", "yes", "no"
Difference = tuple[str, str, str]


class NameField(forms.CharField):
    """A name on one line."""

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).split())
        if UNPRINTABLE.search(text):
            raise ValidationError(_("That contains characters nobody can read."))
        return text


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def stamp_field() -> forms.CharField:
    return forms.CharField(
        widget=forms.HiddenInput, max_length=40, error_messages={"required": TOO_OLD, "max_length": TOO_OLD}
    )


def key_field() -> forms.UUIDField:
    return forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid4, error_messages={"required": TOO_OLD, "invalid": TOO_OLD}
    )


class OwnAnswer(forms.TypedChoiceField):
    """One of some answers, or the business's (None)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.RadioSelect, empty_value=None, **kwargs)

    def offer(self, same: str, choices: list[tuple[str, Any]], values: dict[str, Any]) -> None:
        """`same` says what the business has; `values` are what the choices stand for."""
        words = _("Same as the business (%(same)s)") % {"same": same}
        self.choices = [(SAME, words), *choices]
        self.coerce = {SAME: None, **values}.__getitem__


def yes_or_no(field: Any, *, same: bool, words: tuple[LazyText | str, LazyText | str]) -> None:
    """Offer yes, no, and whatever the business says."""
    field.offer(str(words[0] if same else words[1]), [(YES, words[0]), (NO, words[1])], {YES: True, NO: False})


def as_answer(value: bool | None) -> str:
    return SAME if value is None else YES if value else NO


class CatalogueForm(KeepingForm):
    """`shown()` says in words what a field holds, for two versions side by side."""

    def shown(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, "" if value is None else value))

    def both(self, saved: dict[str, Any]) -> list[Difference]:
        """(label, as saved now, as typed here) of what differs."""
        rows = [
            (str(self.fields[name].label), self.shown(name, value), self.shown(name, self.cleaned_data.get(name)))
            for name, value in saved.items()
        ]
        return [row for row in rows if row[1] != row[2]]
