"""How a call ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, MomentField, RowField, StoryField
from incidents.models.base import STORY
from incidents.vocabulary import RECORDABLE, Channel, Outcome

ASKED = (
    (Channel.PHONE.value, Channel.PHONE.label),
    (Channel.IN_PERSON.value, _("Asked them just now, face to face")),
    (Channel.VIDEO.value, Channel.VIDEO.label),
)


class FollowUpForm(CreatingForm):
    """How a call ended, in one tap: the button is the outcome."""

    outcome = forms.ChoiceField(
        choices=[(outcome.value, outcome.label) for outcome in RECORDABLE],
        error_messages={
            "required": _("Choose how the call ended."),
            "invalid_choice": _("Choose how the call ended."),
        },
    )
    channel = forms.ChoiceField(
        label=_("How did you ask?"),
        choices=ASKED,
        initial=Channel.PHONE,
        required=False,
        widget=forms.RadioSelect,
    )
    score = forms.TypedChoiceField(
        label=_("Out of 5"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = StoryField(label=_("What they said"), required=False, max_length=STORY, rows=2)
    has_apologized = forms.BooleanField(label=_("I apologized in this call"), required=False)
    missing_remedy = RowField(label=_("What has not arrived"), required=False)
    call_back_at = MomentField(label=_("Call back at"), required=False)

    def prepare(self) -> None:
        self.fields["missing_remedy"].offer(self.desk.delivered, _("The last one"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["channel"] = cleaned.get("channel") or Channel.PHONE
        if cleaned.get("outcome") == Outcome.CALL_BACK and "call_back_at" not in self.errors:
            moment = cleaned.get("call_back_at")
            if moment is None or moment <= self.desk.now:
                self.add_error("call_back_at", _("Say when to call back: a moment still to come."))
        return cleaned
