"""Who apologized to whom, how and when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, StoryField, WordsField
from incidents.forms.recover.promise_too import PromiseToo
from incidents.models.base import SHORT, STORY
from incidents.vocabulary import ApologyKind, Channel, Finding


class Heard(DeskForm):
    """A form whose words the coach may read."""

    def heard(self) -> dict[str, Any]:
        """What `story.listen` asks for, of the fields that are filled in right."""
        typed = self.cleaned_data
        named = typed.get("author_name", "")
        return {
            "words": typed.get("words", ""),
            "author": None if named else typed.get("author") or self.desk.staff,
            "also": (named, typed.get("to_whom", "")),
            "said_at": typed.get("made_at"),
        }


class ApologyForm(Heard, PromiseToo, CreatingForm):
    """An apology; when it was not our fault, regret and an explanation. The finding says which."""

    kind = forms.ChoiceField(choices=ApologyKind.choices, widget=forms.HiddenInput, required=False)
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
        self.initial["kind"] = ApologyKind.EXPLANATION if self.is_explaining else ApologyKind.APOLOGY
        if self.is_explaining:
            self.fields["author"].label = _("Who told them")
        self.initial.setdefault("author", self.desk.staff.pk)
        self.initial.setdefault("to_whom", self.desk.incident.customer.name if self.desk.incident.customer else "")

    @property
    def is_explaining(self) -> bool:
        return self.desk.incident.finding == Finding.NOT_OURS

    def clean_kind(self) -> str:
        """As the form read when it was filled in; one that never said so is an apology."""
        return self.cleaned_data["kind"] or ApologyKind.APOLOGY.value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("author_name"):
            cleaned["author"] = None
        return cleaned


class CoachForm(Heard):
    """What is typed so far, for the coach to read. Nothing of it is kept."""

    words = StoryField(required=False, max_length=STORY)
    author = RowField(required=False)
    author_name = WordsField(required=False, max_length=SHORT)
    to_whom = WordsField(required=False, max_length=SHORT)
    made_at = MomentField(required=False)

    def prepare(self) -> None:
        self.fields["author"].offer(self.desk.people, "")  # type: ignore[attr-defined]


class FindingForm(DeskForm):
    """Whose fault it was, in a manager's view. The button says which."""

    finding = forms.ChoiceField(
        choices=Finding.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Say whose fault it was.")),
    )
