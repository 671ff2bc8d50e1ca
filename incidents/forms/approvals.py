"""Yes or no to a question, and a look at what was given without one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import WordsField
from incidents.models.base import STORY


class ButtonForm(forms.Form):
    """Two buttons of one name say yes or no; `flag` is that name, `no_name` the field that a no needs."""

    flag = ""
    no_name = ""
    no_words: Any = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_unsaid = self.no_name not in self.errors and not cleaned.get(self.no_name)
        if cleaned.get(self.flag) == "no" and is_unsaid:
            self.add_error(self.no_name, self.no_words)
        if self.flag in cleaned:
            cleaned[self.flag] = cleaned[self.flag] == "yes"
        return cleaned


YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))


class DecideForm(ButtonForm):
    """Yes, or no with a reason."""

    flag, no_name, no_words = "is_approved", "reason", _("Say why not: whoever asked has to tell the customer.")
    is_approved = forms.ChoiceField(
        choices=YES_OR_NO, error_messages={"required": _("Say yes or no."), "invalid_choice": _("Say yes or no.")}
    )
    reason = WordsField(label=_("Why not"), required=False, max_length=STORY)


class ReviewForm(ButtonForm):
    """Whether it was right to go ahead."""

    flag, no_name, no_words = "was_right", "note", _("Say in a word what would have been better.")
    was_right = forms.ChoiceField(
        choices=YES_OR_NO,
        error_messages={
            "required": _("Say whether it was right."),
            "invalid_choice": _("Say whether it was right."),
        },
    )
    note = WordsField(label=_("A word to them"), required=False, max_length=STORY)
