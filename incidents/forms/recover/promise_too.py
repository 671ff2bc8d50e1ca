""" "And I promised …": a promise made in the same breath as an apology, a remedy, a call or a handover."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, MomentField, WordsField
from incidents.models.base import LINE


class PromiseToo(DeskForm):
    """Both fields or neither. Shown by `incidents/recover/_promise_too.html`."""

    promise_what = WordsField(label=_("What did you promise?"), required=False, max_length=LINE)
    promise_due_at = MomentField(label=_("Until when did you promise it"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        what, due_at = cleaned.get("promise_what"), cleaned.get("promise_due_at")
        if what and not due_at and "promise_due_at" not in self.errors:
            self.add_error("promise_due_at", _("Say until when you promised it."))
        if due_at and not what and "promise_what" not in self.errors:
            self.add_error("promise_what", _("Say what you promised."))
        return cleaned
