"""What is asked of minutes and of names: other words for what was noted; which words to black out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import StoryField, WordsField
from incidents.forms.keeping import KeepingForm
from incidents.models.base import SHORT, STORY

MOST = 2**31 - 1


class CorrectForm(KeepingForm):
    """The notes of each item; `number` tells whether somebody else corrected them meanwhile."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)

    def __init__(self, data: Any = None, *, body: dict[str, Any], number: int) -> None:
        initial: dict[str, Any] = {"number": number, "remark": body["remark"]}
        initial |= {f"note_{item['id']}": item["notes"] for item in body["items"]}
        super().__init__(data, initial=initial)
        self.items = {f"note_{item['id']}": item for item in body["items"]}
        for name, item in self.items.items():
            self.fields[name] = StoryField(label=item["title"], required=False, max_length=STORY, rows=3)
        self.fields["remark"] = StoryField(
            label=_("A remark on the whole meeting"), required=False, max_length=STORY, rows=2
        )

    @property
    def facts(self) -> dict[str, Any]:
        sent = self.cleaned_data
        notes = {item["id"]: sent[name] for name, item in self.items.items()}
        return {"expected_number": sent["number"], "notes": notes, "remark": sent["remark"]}


class ReadForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)


class BlackOutForm(forms.Form):
    """Which words of which incident of the agenda, and what is said instead."""

    incident = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
    words = WordsField(
        label=_("Words to black out"),
        max_length=SHORT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-names-words": ""}),
        help_text=_("Select them in the text, or type them."),
    )
    instead = WordsField(
        label=_("Say instead"),
        required=False,
        max_length=SHORT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Like “the hotel next door”. Left empty: [blacked out]."),
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if not any(c.isalnum() for c in words):
            raise forms.ValidationError(_("Say which words."))
        return words


class ShowAgainForm(forms.Form):
    incident = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
    word = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)
