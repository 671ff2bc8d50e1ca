"""What an account is called, and what to know about it. Asks; never writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.keeping import KeepingForm
from incidents.models import Account
from incidents.models.base import SHORT, STORY


class AccountForm(KeepingForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(label=_("Name"), max_length=SHORT, error_messages={"required": _("It needs a name.")})
    note = forms.CharField(
        label=_("Who looks after it, and what to know"),
        max_length=STORY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, account: Account) -> None:
        self.saved = {"version": account.version, "name": account.name, "note": account.note}
        super().__init__(data, initial=self.saved)

    def take_version(self) -> None:
        """Somebody saved meanwhile: what is typed stays, sending it again is a choice."""
        self.renew("version", self.saved["version"])

    def both_versions(self) -> list[tuple[str, str, str]]:
        """(label, as saved now, as typed here) of each field that differs."""
        rows = [(str(self.fields[n].label), str(self.saved[n]), self.cleaned_data[n]) for n in ("name", "note")]
        return [row for row in rows if row[1] != row[2]]
