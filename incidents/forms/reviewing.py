"""What is asked while a meeting runs, and of a review in it or alone. Asks; never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.changes import IN_TWO_WEEKS, DayField, KindField
from incidents.forms.desk import RowField, StoryField, WordsField
from incidents.forms.keeping import KeepingForm
from incidents.models import (
    AgendaItem,
    Category,
    Meeting,
    PreventionAction,
    PreventionKind,
    Review,
    ReviewOutcome,
    RootCause,
    RoutineStep,
    Staff,
)
from incidents.models.base import LINE, STORY

_TOO_OLD = _("This page is too old to save. Reload it and try again.")
WHYS = 5
BIGGEST = 2**31 - 1
REVIEW = "said"  # the id of the form to which all that stands beside the review belongs


def _version() -> forms.IntegerField:
    return forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=BIGGEST, error_messages={"required": _TOO_OLD}
    )


class RowsField(forms.MultipleChoiceField):
    """Some of the rows at hand; cleans to the rows."""

    def offer(self, rows: Iterable[Any]) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [(pk, str(row)) for pk, row in self.rows.items()]

    def clean(self, value: Any) -> Any:
        return [self.rows[pk] for pk in super().clean(value)]


class BeginForm(forms.Form):
    """Who is there, and who writes."""

    present = RowsField(label=_("Who is here?"), required=False, widget=forms.CheckboxSelectMultiple)
    writer = RowField(label=_("Who writes?"), required=False)

    def __init__(self, data: Any = None, *, meeting: Meeting, people: Iterable[Staff]) -> None:
        people = list(people)
        here = [str(person.pk) for person in people]
        super().__init__(data, initial={"present": here, "writer": meeting.writer_id or ""})
        self.fields["present"].offer(people)  # type: ignore[attr-defined]
        self.fields["writer"].offer(people, _("Whoever leads it"))  # type: ignore[attr-defined]


class GoForm(forms.Form):
    """On, back, or to an item; names out or hidden."""

    step = forms.ChoiceField(
        choices=[(way, way) for way in ("next", "back", "item", "end", "names", "hide")],
        error_messages={"required": _TOO_OLD},
    )
    item = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    at = forms.CharField(required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("step") == "item" and not self.cleaned_data.get("item"):
            self.add_error("step", _TOO_OLD)
        return self.cleaned_data


class NotesForm(KeepingForm):
    """What is said of an item that is not about a mistake."""

    notes = StoryField(label=_("What was said"), required=False, max_length=STORY, rows=5)
    version = _version()

    def __init__(self, data: Any = None, *, item: AgendaItem) -> None:
        super().__init__(data, auto_id="notes_%s", initial={"notes": item.notes, "version": item.version})


class ReviewForm(KeepingForm):
    """How could we have known first, what let it happen. Saves itself while somebody types."""

    known_first = StoryField(label=_("How could we have known first?"), required=False, max_length=STORY, rows=3)
    root_cause = RowField(label=_("What let it happen?"), required=False, widget=forms.RadioSelect)
    factors = RowsField(label=_("What else played a part"), required=False, widget=forms.CheckboxSelectMultiple)
    version = _version()

    def __init__(self, data: Any = None, *, review: Review, causes: Iterable[RootCause]) -> None:
        causes = list(causes)
        chosen = review.root_cause
        if chosen and chosen not in causes:
            causes = [*causes, chosen]
        initial: dict[str, Any] = {
            "known_first": review.known_first,
            "root_cause": review.root_cause_id or "",
            "version": review.version,
            **{f"why_{n}": why for n, why in enumerate(review.whys, 1)},
        }
        if data is None:
            initial["factors"] = [str(cause.pk) for cause in review.factors.all()]
        super().__init__(data, auto_id="review_%s", initial=initial)
        self.fields["root_cause"].offer(causes, _("Not said yet"))  # type: ignore[attr-defined]
        self.fields["factors"].offer(causes)  # type: ignore[attr-defined]
        for number in range(1, WHYS + 1):
            self.fields[f"why_{number}"] = WordsField(label=_("Why?"), required=False, max_length=LINE)

    @property
    def why_fields(self) -> list[forms.BoundField]:
        return [self[f"why_{number}"] for number in range(1, WHYS + 1)]

    @property
    def has_whys(self) -> bool:
        return any(bound.value() for bound in self.why_fields)

    def facts(self) -> dict[str, Any]:
        names = ("known_first", "root_cause", "factors")
        whys = [self.cleaned_data[f"why_{number}"] for number in range(1, WHYS + 1)]
        found = {name: self.cleaned_data[name] for name in names}
        return {**found, "whys": whys, "expected_version": self.cleaned_data["version"]}


class BesideForm(forms.Form):
    """Asked beside the review and sent with it: whatever is pressed, no word that was typed is left behind."""

    use_required_attribute = False  # pressing "Save" asks for none of it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = REVIEW

    def keep(self, typed: Mapping[str, str]) -> None:
        """What was typed while something else was pressed stands there again."""
        self.initial.update({name: typed[name] for name in self.fields if name in typed})


class OutcomeForm(BesideForm, KeepingForm):
    """What it comes to."""

    outcome = forms.ChoiceField(
        choices=[(o.value, o.label) for o in ReviewOutcome if o != ReviewOutcome.TALKED],
        error_messages={"required": _("Say what it comes to.")},
    )
    covered_by = RowField(label=_("Which change covers it?"), required=False)
    why_not = StoryField(label=_("Why does nothing need to change?"), required=False, max_length=STORY, rows=2)
    version = _version()

    def __init__(self, data: Any = None, *, review: Review, covers: Iterable[PreventionAction]) -> None:
        initial = {"version": review.version, "why_not": review.reason, "covered_by": review.covered_by_id}
        super().__init__(data, auto_id="outcome_%s", initial=initial)
        self.fields["covered_by"].offer(covers, _("Choose one"))  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "outcome": ReviewOutcome(cleaned["outcome"]),
            "covered_by": cleaned["covered_by"],
            "reason": cleaned["why_not"] if cleaned["outcome"] == ReviewOutcome.NO_ACTION else "",
            "expected_version": cleaned["version"],
        }


class ItemOutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=[(o.value, o.label) for o in (ReviewOutcome.TALKED, ReviewOutcome.NEXT_TIME)])


class AgreeForm(BesideForm):
    """What we change, who does it, by which day. For a change of wording also both texts."""

    what = WordsField(label=_("What will we change?"), max_length=LINE, widget=forms.Textarea(attrs={"rows": 2}))
    kind = KindField()
    assignee = RowField(label=_("Who does it"))
    due_on = DayField(label=_("By which day"))
    old_text = StoryField(label=_("The words as they were"), required=False, max_length=LINE * 4, rows=2)
    new_text = StoryField(label=_("The new words"), required=False, max_length=LINE * 4, rows=2)
    effective_on = DayField(label=_("In effect from"), required=False)
    submit_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages={"required": _TOO_OLD})

    def __init__(self, data: Any = None, *, people: Iterable[Staff], today: dt.date) -> None:
        super().__init__(data, auto_id="agree_%s", initial={"due_on": today + IN_TWO_WEEKS})
        self.fields["assignee"].offer(people, _("Choose somebody"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A change of wording says the new words."""
        is_wording = self.cleaned_data.get("kind") == PreventionKind.WORDING
        if is_wording and not self.cleaned_data.get("new_text") and "new_text" not in self.errors:
            self.add_error("new_text", _("Write the new words."))
        return self.cleaned_data


class MissedForm(BesideForm):
    """A step of the routine ticked or not, or one that is typed on the spot."""

    step = RowField(required=False)
    missed = forms.BooleanField(required=False)
    words = WordsField(label=_("A step that was missed and is not listed"), required=False, max_length=LINE)

    def __init__(self, data: Any = None, *, steps: Iterable[RoutineStep]) -> None:
        if data is not None and "tick" in data:  # one button says which step, and whether
            step, _colon, missed = data["tick"].partition(":")
            data = {"step": step, "missed": missed}
        super().__init__(data, auto_id="missed_%s")
        self.fields["step"].offer(steps, "")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not cleaned.get("step") and not cleaned.get("words"):
            self.add_error("words", _("Write which step was missed."))
        return cleaned


class RefileForm(BesideForm):
    category = RowField(label=_("What kind of mistake was it?"))

    def __init__(self, data: Any = None, *, kinds: Iterable[Category]) -> None:
        super().__init__(data, auto_id="refile_%s")
        self.fields["category"].offer(kinds, _("Choose one"))  # type: ignore[attr-defined]
