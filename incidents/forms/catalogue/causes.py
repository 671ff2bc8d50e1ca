"""A cause: a few words that say what let a mistake happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.catalogue.base import CatalogueForm, Difference, NameField, key_field
from incidents.models import RootCause
from incidents.models.base import SHORT


class CauseForm(CatalogueForm):
    """`was`: the name that it had when the page was opened."""

    name = NameField(
        label=_("Name"),
        max_length=SHORT,
        help_text=_("What let it happen, or did not catch it. “Human error” is where asking begins."),
    )

    def __init__(self, data: Any = None, *, changed: RootCause | None = None) -> None:
        super().__init__(data, initial={"name": changed.label, "was": changed.label} if changed else {})
        if changed is None:
            self.fields["submit_key"] = key_field()
        else:
            self.fields["was"] = forms.CharField(widget=forms.HiddenInput, max_length=SHORT)

    def both_versions(self, now: RootCause) -> list[Difference]:
        return self.both({"name": now.label})
