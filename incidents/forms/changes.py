"""What is asked of a change: what, who, by when; what shows that it is done; who else is told. Asks; never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, RowField, StoryField, WordsField
from incidents.forms.fields import DayInput
from incidents.forms.keeping import KeepingForm
from incidents.models import Incident, Location, PreventionAction, PreventionKind, Staff, Strength
from incidents.models.base import LATEST, LINE
from incidents.models.prevention import CHECK_AFTER_DAYS, strength_of
from incidents.models.values import parse_day

_TOO_OLD = _("This page is too old to save. Reload it and try again.")
MOST_WORDS = 200
IN_TWO_WEEKS = dt.timedelta(days=14)
_LAST = LATEST.date() - dt.timedelta(days=CHECK_AFTER_DAYS + 2)


def kinds_by_strength() -> list[Any]:
    """Strong to weak, in groups."""
    groups: dict[Strength, list[Any]] = {strength: [] for strength in Strength}
    for kind in PreventionKind:
        groups[strength_of(kind)].append((kind.value, kind.label))
    return [("", _("Choose one")), *((strength.label, found) for strength, found in groups.items())]


class DayField(WordsField):
    """A day of the place's calendar, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, widget=DayInput(attrs={"class": "form-control field-short"}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Its last minute in any zone, and the check 90 days after it, still have a moment."""
        text = super().clean(value)
        day = parse_day(text) if text else None
        if day is not None and day >= _LAST:
            raise forms.ValidationError(_("That day is too far away."))
        return day


class KindField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("How"), choices=kinds_by_strength, **kwargs)


class PreventForm(CreatingForm):
    """On the incident page: noted as an idea, or committed with a person and a day. `decide` is the button."""

    what = WordsField(label=_("What will we change?"), max_length=LINE, widget=forms.Textarea(attrs={"rows": 2}))
    kind = KindField()
    assignee = RowField(label=_("Who does it"), error_messages={"required": _("Say who does it.")})
    due_on = DayField(label=_("By which day"), error_messages={"required": _("Say by which day.")})
    old_text = StoryField(label=_("The words as they were"), required=False, max_length=LINE * 4, rows=2)
    new_text = StoryField(label=_("The new words"), required=False, max_length=LINE * 4, rows=2)
    effective_on = DayField(label=_("In effect from"), required=False)
    decide = forms.CharField(required=False, max_length=8)

    @property
    def can_commit(self) -> bool:
        return bool(self.desk.staff.is_manager)

    def prepare(self) -> None:
        place = self.desk.incident.location
        self.fields["assignee"].offer(self.desk.people, _("Choose somebody"))  # type: ignore[attr-defined]
        for name in ("assignee", "due_on"):
            self.fields[name].required = not self.is_idea
        today = self.desk.now.astimezone(place.zone).date()
        self.initial.setdefault("due_on", today + IN_TWO_WEEKS)

    @property
    def is_idea(self) -> bool:
        return not self.can_commit or self.data.get("decide") == "idea"

    def clean(self) -> dict[str, Any]:
        """An idea has neither a person nor a day."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "decide"}
        if self.is_idea:
            return {name: value for name, value in cleaned.items() if name not in ("assignee", "due_on")}
        return cleaned


class ChangeForm(KeepingForm):
    """Beside a change that is there: `people` may be given it."""

    def __init__(
        self, data: Any = None, *, action: PreventionAction, people: Iterable[Staff] = (), name: str, **kwargs: Any
    ) -> None:
        self.action, self.people = action, list(people)
        super().__init__(data, auto_id=f"{name}_%s", **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill what the fields may choose from, and what is known."""

    def offer_people(self, chosen: int | None) -> None:
        people = self.people
        if self.action.assignee and self.action.assignee not in people:
            people = [self.action.assignee, *people]
        self.fields["assignee"].offer(people)  # type: ignore[attr-defined]
        self.initial.setdefault("assignee", chosen)


class VersionedForm(ChangeForm):
    """`expected_version` tells whether somebody changed it meanwhile."""

    expected_version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, error_messages={"required": _TOO_OLD}
    )

    def prepare(self) -> None:
        self.initial.setdefault("expected_version", self.action.version)

    def catch_up(self, current: PreventionAction) -> None:
        self.renew("expected_version", current.version)


class MoveForm(VersionedForm):
    due_on = DayField(label=_("By which day"))
    assignee = RowField(label=_("Who does it"))

    def prepare(self) -> None:
        super().prepare()
        self.offer_people(self.action.assignee_id)
        self.initial.setdefault("due_on", self.action.due_on)


class CommitForm(VersionedForm):
    what = WordsField(label=_("What will we change?"), max_length=LINE, widget=forms.Textarea(attrs={"rows": 2}))
    kind = KindField()
    assignee = RowField(label=_("Who does it"))
    due_on = DayField(label=_("By which day"))

    def prepare(self) -> None:
        super().prepare()
        self.offer_people(None)
        for name in ("what", "kind"):
            self.initial.setdefault(name, getattr(self.action, name))


class FinishForm(ChangeForm):
    evidence = StoryField(
        label=_("What shows that it is done?"),
        help_text=_("Where it hangs, what it says now, who tried it."),
        max_length=LINE * 4,
        rows=2,
    )
    effective_on = DayField(
        label=_("In effect from"), required=False, help_text=_("Leave it empty if it holds from now on.")
    )

    def prepare(self) -> None:
        self.initial.setdefault("effective_on", self.action.effective_on)


class DropForm(ChangeForm):
    reason = WordsField(label=_("Why do we not do it?"), max_length=LINE)


class TellPlaceForm(forms.Form):
    """Another place is told, or (with a reason) left out. `decide` is the button."""

    location = forms.ModelChoiceField(Location.objects.none(), error_messages={"required": _TOO_OLD})
    decide = forms.ChoiceField(choices=[("tell", _("Tell them")), ("skip", _("Leave them out"))])
    reason = WordsField(label=_("Why is it nothing for them?"), required=False, max_length=LINE)

    def __init__(self, data: Any, *, places: Any) -> None:
        super().__init__(data)
        self.fields["location"].queryset = places  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("decide") == "skip" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why it is nothing for them."))
        return cleaned


class CustomersForm(ChangeForm):
    """Whom we tell what changed because of them, who tells them, and until when."""

    incidents = forms.MultipleChoiceField(
        label=_("Who hears of it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose somebody to tell.")},
    )
    words = WordsField(
        label=_("What do we tell them?"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )
    assignee = RowField(label=_("Who tells them"))
    due_on = DayField(label=_("Until when"))
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid4, error_messages={"required": _TOO_OLD, "invalid": _TOO_OLD}
    )

    def __init__(self, *args: Any, told: Iterable[Incident], staff: Staff, now: dt.datetime, **kwargs: Any) -> None:
        self.told, self.staff, self.now = list(told), staff, now
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.offer_people(self.staff.pk)
        self.fields["incidents"].choices = [(each.pk, each.who) for each in self.told]  # type: ignore[attr-defined]
        own = [each.pk for each in self.told if each.pk == self.action.incident_id]
        self.initial.setdefault("incidents", own)
        self.initial.setdefault("words", self.action.new_text[:MOST_WORDS] or self.action.what[:MOST_WORDS])
        today = self.now.astimezone(self.action.location.zone).date()
        self.initial.setdefault("due_on", today + dt.timedelta(days=3))

    def clean_incidents(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["incidents"]]
