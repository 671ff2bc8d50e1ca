"""Who apologized to whom, how and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, MomentField, RowField, StoryField, WordsField
from incidents.models.base import SHORT, STORY
from incidents.vocabulary import Channel


class ApologyForm(CreatingForm):
    channel = forms.ChoiceField(
        label=_("How"),
        choices=Channel.choices,
        initial=Channel.IN_PERSON,
        widget=forms.RadioSelect,
    )
    author = RowField(label=_("Who apologized"), required=False)
    author_name = WordsField(
        label=_("Or someone without a login"),
        required=False,
        max_length=SHORT,
        help_text=_("Their name, like the sales manager’s."),
    )
    to_whom = WordsField(label=_("To whom"), required=False, max_length=SHORT)
    made_at = MomentField(label=_("When"), required=False, past=True, help_text=_("Leave it empty if it was just now."))
    travels_with = RowField(
        label=_("Travels with"),
        required=False,
        help_text=_("A note in the parcel: it counts when the customer has it."),
    )
    words = StoryField(label=_("What was said"), required=False, max_length=STORY)

    def prepare(self) -> None:
        self.fields["author"].offer(self.desk.people)  # type: ignore[attr-defined]
        self.fields["travels_with"].offer(self.desk.pending, _("Nothing, it was said"))  # type: ignore[attr-defined]
        self.initial.setdefault("author", self.desk.staff.pk)
        self.initial.setdefault("to_whom", self.desk.incident.customer.name if self.desk.incident.customer else "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("author_name"):
            cleaned["author"] = None
        return cleaned
