"""What we told the customer we would do later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, WordsField
from incidents.models.base import LINE


class PromiseForm(CreatingForm):
    what = WordsField(label=_("What did we promise?"), max_length=LINE)
    due_at = MomentField(label=_("Until when"))
    assignee = RowField(label=_("Who keeps it"), required=False)

    def prepare(self) -> None:
        self.fields["assignee"].offer(self.desk.people)  # type: ignore[attr-defined]
        self.initial.setdefault("assignee", self.desk.staff.pk)


class SettlePromiseForm(DeskForm):
    kept = forms.ChoiceField(choices=[("yes", _("Kept")), ("no", _("Broken"))])
    note = WordsField(label=_("A word on it"), required=False, max_length=LINE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {"is_kept": cleaned.get("kept") == "yes", "note": cleaned.get("note", "")}
