"""How a call ended, and how to reach whom we call."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, StoryField, WordsField
from incidents.forms.reach import local
from incidents.forms.recover.promise_too import PromiseToo
from incidents.models.base import LINE, STORY
from incidents.vocabulary import RECORDABLE, SPOKEN, Channel, Outcome

ASKED = (
    (Channel.PHONE.value, Channel.PHONE.label),
    (Channel.IN_PERSON.value, _("Asked them just now, face to face")),
    (Channel.EMAIL.value, Channel.EMAIL.label),
    (Channel.CHAT.value, Channel.CHAT.label),
    (Channel.VIDEO.value, Channel.VIDEO.label),
    (Channel.LETTER.value, Channel.LETTER.label),
)
ASKABLE = {value for value, _label in ASKED}


class FollowUpForm(CreatingForm, PromiseToo):
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
    wrong_contact = RowField(label=_("Which number is not theirs?"), required=False)

    def prepare(self) -> None:
        self.fields["missing_remedy"].offer(self.desk.delivered, _("The last one"))  # type: ignore[attr-defined]
        self.fields["wrong_contact"].offer(self.desk.contacts, _("I do not know"))  # type: ignore[attr-defined]
        customer = self.desk.incident.customer
        if customer and customer.preferred_channel in ASKABLE:
            self.initial["channel"] = customer.preferred_channel

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["channel"] = cleaned.get("channel") or Channel.PHONE
        if cleaned.get("outcome") == Outcome.IN_WRITING:
            if cleaned.get("score") is None and "score" not in self.errors:
                self.add_error("score", _("Say how they rated it in writing: 1 to 5."))
            if cleaned["channel"] in SPOKEN:
                cleaned["channel"] = Channel.EMAIL
        if cleaned.get("outcome") == Outcome.WRONG_NUMBER and len(self.desk.contacts) == 1:
            cleaned["wrong_contact"] = cleaned.get("wrong_contact") or self.desk.contacts[0]
        if cleaned.get("outcome") == Outcome.CALL_BACK and "call_back_at" not in self.errors:
            moment = cleaned.get("call_back_at")
            if moment is None or moment <= self.desk.now:
                self.add_error("call_back_at", _("Say when to call back: a moment still to come."))
        return cleaned


class ReachForm(DeskForm):
    """Where and until when this guest can be reached, asked at the call."""

    reach_at = WordsField(label=_("Where can we reach them?"), required=False, max_length=LINE)
    reach_until = MomentField(label=_("They can be reached until"), required=False)

    def prepare(self) -> None:
        incident = self.desk.incident
        self.initial["reach_at"] = incident.reach_at
        self.initial["reach_until"] = local(incident.reach_until, self.desk.zone)

    def clean_reach_until(self) -> dt.datetime | None:
        """A field left as it was keeps its instant."""
        moment, saved = self.cleaned_data["reach_until"], self.desk.incident.reach_until
        if moment and saved and local(moment, self.desk.zone) == local(saved, self.desk.zone):
            return saved
        if moment and moment <= self.desk.now:
            raise ValidationError(_("That is over already. Leave it empty."))
        kept: dt.datetime | None = moment
        return kept
