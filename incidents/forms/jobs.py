"""What long work is asked for with."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_INCIDENTS = 100_000
A_NUMBER = _("Type a number from 1 to 100,000.")


class DemoForm(forms.Form):
    """How many demo incidents; the key makes a second submit harmless."""

    number = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_INCIDENTS,
        initial=1000,
        help_text=_("A thousand take a few seconds, a hundred thousand a few minutes."),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), A_NUMBER),
    )
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )
