"""In which form a list leaves."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import FileForm


class ExportForm(forms.Form):
    """The key makes a second submit of a long one harmless."""

    use_required_attribute = False

    form = forms.ChoiceField(
        label=_("As what?"),
        choices=[(FileForm.CSV.value, _("CSV: for any program")), (FileForm.XLSX.value, _("Excel (XLSX)"))],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose CSV or Excel.")),
    )
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("This page is too old to save. Reload it and try again.")
        ),
    )
