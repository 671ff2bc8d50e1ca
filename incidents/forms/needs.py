"""Which need somebody deals with, as the page showed it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import NeedKind

OCCURRENCE = r"^[0-9a-z_/]{1,60}$"
TOO_OLD = _("This page is too old. Load it again.")


class NeedForm(forms.Form):
    """All of it is hidden: the button says what is done."""

    kind = forms.ChoiceField(
        choices=NeedKind.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), TOO_OLD)
    )
    occurrence = forms.RegexField(OCCURRENCE, error_messages=dict.fromkeys(("required", "invalid"), TOO_OLD))
    also = forms.MultipleChoiceField(
        choices=NeedKind.choices, required=False, error_messages={"invalid_choice": TOO_OLD, "invalid_list": TOO_OLD}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["also"] = [NeedKind(kind) for kind in cleaned.get("also", ())]
        if "kind" in cleaned:
            cleaned["kind"] = NeedKind(cleaned["kind"])
        return cleaned

    @property
    def said(self) -> str:
        """What is wrong, once."""
        return " ".join(dict.fromkeys(str(error) for errors in self.errors.values() for error in errors))


class TakeForm(NeedForm):
    """`expected_assignee` tells whether somebody handed it over in between."""

    expected_assignee = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


HOURS = ((1, _("In an hour")), (4, _("In 4 hours")), (24, _("Tomorrow at this time")))


class LaterForm(NeedForm):
    """The button says when it comes back."""

    hours = forms.TypedChoiceField(
        choices=HOURS,
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say when it should come back.")),
    )

    def until(self, now: dt.datetime) -> dt.datetime:
        return now + dt.timedelta(hours=self.cleaned_data["hours"])
