"""What we told the customer we would do later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, WordsField
from incidents.forms.keeping import KeepingForm
from incidents.models import PromiseMade
from incidents.models.base import LINE

_TOO_OLD = _("This page is too old to save. Reload it and try again.")


class PromiseForm(CreatingForm):
    what = WordsField(label=_("What did we promise?"), max_length=LINE)
    due_at = MomentField(label=_("Until when"))
    assignee = RowField(label=_("Who keeps it"), required=False)

    def prepare(self) -> None:
        self.fields["assignee"].offer(self.desk.people)  # type: ignore[attr-defined]
        self.initial.setdefault("assignee", self.desk.staff.pk)


class SettlePromiseForm(DeskForm):
    kept = forms.ChoiceField(
        choices=[("yes", _("Kept")), ("no", _("Broken"))],
        error_messages={
            "required": _("Say whether it was kept."),
            "invalid_choice": _("Say whether it was kept."),
        },
    )
    at = MomentField(
        label=_("When was it kept?"), required=False, past=True, help_text=_("Leave it empty if it was just now.")
    )
    note = WordsField(label=_("A word on it"), required=False, max_length=LINE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {"is_kept": cleaned.get("kept") == "yes", "note": cleaned.get("note", ""), "at": cleaned.get("at")}


class MovePromiseForm(KeepingForm, DeskForm):
    """Agreed anew: until when, who keeps it. `expected_due_at` tells whether somebody moved it in between."""

    expected_due_at = MomentField(error_messages={"required": _TOO_OLD})
    due_at = MomentField(label=_("Until when now"))
    note = WordsField(label=_("What the customer said to it"), required=False, max_length=LINE)
    assignee = RowField(label=_("Who keeps it"), required=False)

    def __init__(self, *args: Any, promise: PromiseMade, **kwargs: Any) -> None:
        self.promise = promise
        kwargs.setdefault("name", f"move_promise{promise.pk}")
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        people = self.desk.people
        if self.promise.assignee not in people:
            people = (self.promise.assignee, *people)
        self.fields["assignee"].offer(people)  # type: ignore[attr-defined]
        self.fields["expected_due_at"].widget = forms.HiddenInput()
        # To the microsecond: what the page showed, not what it says in words.
        self.initial.setdefault("expected_due_at", self.promise.due_at.isoformat())
        self.initial.setdefault("due_at", timezone.localtime(self.promise.due_at, self.desk.zone))
        self.initial.setdefault("assignee", self.promise.assignee_id)

    def catch_up(self, current: PromiseMade) -> None:
        self.renew("expected_due_at", current.due_at.isoformat())

    def clean(self) -> dict[str, Any]:
        """A time that was left as the page showed it, to the minute, is the time it had."""
        cleaned = super().clean() or {}
        due_at, before = cleaned.get("due_at"), cleaned.get("expected_due_at")
        if due_at and before and due_at == before.replace(second=0, microsecond=0):
            cleaned["due_at"] = before
        elif due_at and due_at <= self.desk.now:
            self.add_error("due_at", _("Choose a moment that is still to come."))
        return cleaned
