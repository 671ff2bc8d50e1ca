"""What is asked of a story to practise on, and of whoever answers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import RowField, StoryField, WordsField
from incidents.forms.keeping import KeepingForm
from incidents.models import Category, Location, Staff
from incidents.models.base import LINE, SHORT, STORY
from incidents.models.practice import MOST_WORDS

_TOO_OLD = {"required": _("This page is too old to save. Reload it and try again.")}


class ScenarioForm(KeepingForm):
    """A story, and how it ended. Asks where only of somebody with several places, and only for a new one."""

    title = WordsField(label=_("What it is called"), max_length=SHORT)
    category = RowField(label=_("What kind of mistake"), required=False)
    place = RowField(label=_("Whose story it is"), required=False)
    story = StoryField(
        label=_("What happened"),
        max_length=STORY,
        rows=6,
        help_text=_("Up to the moment when somebody has to act. No names, no days, no places: read it once more."),
    )
    question = StoryField(label=_("What you ask"), max_length=STORY, rows=2)
    ending = StoryField(
        label=_("How it really ended"),
        max_length=STORY,
        rows=4,
        help_text=_("Shown beside the answers, once there are three of them."),
    )
    only: Location | None = None
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)
    submit_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=_TOO_OLD)

    def __init__(self, data: Any = None, *, staff: Staff, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kinds: Any = self.fields["category"]
        kinds.offer(Category.objects.filter(is_active=True), _("No kind"))
        if not is_new:
            del self.fields["place"], self.fields["submit_key"]
            return
        self._ask_where(list(Location.objects.open_to(staff).active()))

    def _ask_where(self, places: list[Location]) -> None:
        place: Any = self.fields["place"]
        place.offer(places)
        place.required = len(places) > 1
        if len(places) == 1:
            self.only = places[0]
            place.widget = forms.HiddenInput()

    def clean_place(self) -> Location | None:
        return self.cleaned_data["place"] or self.only

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "category", "story", "question", "ending")}


class AnswerForm(forms.Form):
    """No key, no draft: nothing that stood on somebody's page comes back with the answer."""

    words = StoryField(
        label=_("What would you have done?"),
        max_length=MOST_WORDS,
        rows=5,
        error_messages={"required": _("Write what you would have said or done.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["words"].widget.attrs |= {"autocomplete": "off", "spellcheck": "true"}


class BestForm(forms.Form):
    """The group's best answer, as a step of a playbook."""

    words = WordsField(
        label=_("What we do next time"),
        max_length=LINE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In one or two sentences. It becomes a step of the playbook."),
    )
    where = forms.ChoiceField(label=_("Whose playbook"), choices=(), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, place: Location, staff: Staff, words: str = "") -> None:
        ways: Iterable[tuple[str, str]] = [("here", place.name)]
        if staff.sees_all:
            ways = [*ways, ("everywhere", str(_("Every place")))]
        # Beside the form to answer, whose words have an id of their own.
        super().__init__(data, auto_id="best_%s", initial={"words": words, "where": "here"})
        self.fields["where"].choices = ways  # type: ignore[attr-defined]
        if not staff.sees_all:
            self.fields["where"].widget = forms.HiddenInput()


class RemoveForm(forms.Form):
    answer = forms.UUIDField()
