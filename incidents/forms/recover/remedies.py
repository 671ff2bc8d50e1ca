"""What we do and give, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, StoryField, WordsField
from incidents.forms.fields import AmountField, DayInput, TypeSelect
from incidents.forms.recover.promise_too import PromiseToo
from incidents.models import Remedy, RemedyNature
from incidents.models.base import LINE, SHORT, STORY
from incidents.models.values import parse_day
from incidents.vocabulary import Declined, RemedyState, Waiver


class RemedyForm(PromiseToo, CreatingForm):
    type = RowField(label=_("What do we do or give?"), widget=TypeSelect())
    what = WordsField(
        label=_("In a few words"), required=False, max_length=LINE, help_text=_("Like: new toner, to their door.")
    )
    estimated_amount = AmountField(label=_("About how much"), required=False)
    assignee = RowField(label=_("Who does it"), required=False)
    done_by_name = WordsField(label=_("Or someone without a login"), required=False, max_length=SHORT)
    due_at = MomentField(label=_("Until when"), required=False)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=0, max_value=100_000)
    asks_words = StoryField(
        label=_("Why they should have it"),
        required=False,
        max_length=STORY,
        rows=2,
        help_text=_("Whoever decides reads it. Leave it empty when it speaks for itself."),
    )
    replaces = RowField(label=_("Takes the place of"), required=False)

    def prepare(self) -> None:
        types = [t for t in self.desk.types if t.is_active]
        groups = [
            (str(label), [(str(t.pk), t.label) for t in types if t.nature == nature])
            for nature, label in RemedyNature.choices
        ]
        self.fields["type"].offer(types, choices=[("", _("Choose")), *groups])  # type: ignore[attr-defined]
        self.fields["type"].widget.told = dict(self.desk.told_of_types())
        self.fields["assignee"].offer(self.desk.people, _("Nobody yet"))  # type: ignore[attr-defined]
        self.fields["replaces"].offer(self.desk.unreplaced, _("Nothing"))  # type: ignore[attr-defined]
        self.fields["estimated_amount"].label = _("About how much (%(currency)s)") % {"currency": self.desk.currency}
        self.initial.setdefault("assignee", self.desk.staff.pk)
        if self.desk.unreplaced:
            self.initial.setdefault("replaces", self.desk.unreplaced[0].pk)
        else:
            del self.fields["replaces"]

    @property
    def has_typical(self) -> bool:
        """Some type says more than its name: the page may fill in or warn."""
        return bool(self.desk.told_of_types())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("done_by_name"):
            cleaned["assignee"] = None
        cleaned["is_delivered"] = is_delivered = "is_delivered" in self.data
        if is_delivered:  # what it came to, no longer a guess
            cleaned["actual_amount"] = cleaned.pop("estimated_amount", None)
        return cleaned


class DeliverForm(DeskForm):
    """It has reached the customer. One that needs a receipt asks for the amount and the day."""

    actual_amount = AmountField(label=_("What it came to"), required=False)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=0, max_value=100_000)
    delivered_at = MomentField(
        label=_("When"), required=False, past=True, help_text=_("Leave it empty if it was just now.")
    )
    paid_on = forms.CharField(label=_("Paid back on"), required=False, max_length=10, widget=DayInput())

    def __init__(self, *args: Any, remedy: Remedy, **kwargs: Any) -> None:
        self.remedy = remedy
        kwargs.setdefault("name", f"deliver{remedy.pk}")
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        amount = self.fields["actual_amount"]
        amount.label = _("What it came to (%(currency)s)") % {"currency": self.remedy.currency}
        if self.remedy.amount is not None:
            self.initial.setdefault("actual_amount", self.remedy.amount)
        if self.remedy.needs_receipt:
            amount.required = self.fields["paid_on"].required = True
            amount.error_messages["required"] = _("Say how much was paid back.")
            self.fields["paid_on"].error_messages["required"] = _("Say on which day it was paid back.")
            self.initial.setdefault("paid_on", self.desk.now.astimezone(self.desk.zone).date())
        else:
            del self.fields["paid_on"]

    def clean_paid_on(self) -> Any:
        day = parse_day(self.cleaned_data["paid_on"])
        if day > self.desk.now.astimezone(self.desk.zone).date():
            raise ValidationError(_("That day is still to come."))
        return day


class EndRemedyForm(DeskForm):
    """It failed, or we take it back. The button says which."""

    state = forms.ChoiceField(
        choices=[(RemedyState.FAILED.value, _("It did not work")), (RemedyState.WITHDRAWN.value, _("Take it back"))],
        error_messages={"required": _("Say whether it failed or is taken back.")},
    )
    note = WordsField(label=_("What happened"), required=False, max_length=LINE)


class TapForm(DeskForm):
    """One tap says it all."""


class DeclineForm(DeskForm):
    """They do not take it: not enough, or they want nothing at all. The button says which."""

    declined_as = forms.ChoiceField(
        choices=Declined.choices, error_messages={"required": _("Say whether it was not enough or they want nothing.")}
    )
    note = WordsField(label=_("What they said"), required=False, max_length=LINE)


class ChangeRemedyForm(DeskForm):
    """What, how much, who and until when. Another amount is judged anew."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    what = WordsField(label=_("In a few words"), required=False, max_length=LINE)
    estimated_amount = AmountField(label=_("About how much"), required=False)
    assignee = RowField(label=_("Who does it"), required=False)
    done_by_name = WordsField(label=_("Or someone without a login"), required=False, max_length=SHORT)
    due_at = MomentField(label=_("Until when"), required=False)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=0, max_value=100_000)

    def __init__(self, *args: Any, remedy: Remedy, **kwargs: Any) -> None:
        self.remedy = remedy
        kwargs.setdefault("name", f"change{remedy.pk}")
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        remedy = self.remedy
        people = self.desk.people
        if remedy.assignee and remedy.assignee not in people:
            people = (remedy.assignee, *people)
        self.fields["assignee"].offer(people, _("Nobody yet"))  # type: ignore[attr-defined]
        self.fields["estimated_amount"].label = _("About how much (%(currency)s)") % {"currency": remedy.currency}
        local = remedy.due_at.astimezone(self.desk.zone).strftime("%Y-%m-%dT%H:%M") if remedy.due_at else ""
        self.initial.update(version=remedy.version, due_at=local, assignee=remedy.assignee_id)
        self.initial["estimated_amount"] = remedy.amount
        for name in ("what", "done_by_name", "minutes"):
            self.initial[name] = getattr(remedy, name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("done_by_name"):
            cleaned["assignee"] = None
        cleaned["expected_version"] = cleaned.pop("version", None)
        return cleaned


class WaiveReceiptForm(DeskForm):
    """A manager does without the receipt, and says why."""

    note = WordsField(
        label=_("Why it may go without a receipt"),
        max_length=LINE,
        error_messages={"required": _("Say why, in a few words.")},
    )


class LetGoForm(DeskForm):
    """The customer does not want it any more."""

    note = WordsField(label=_("What they said"), required=False, max_length=LINE)


class AskAgainForm(DeskForm):
    """The same question in other words."""

    words = StoryField(label=_("Why they should have it"), required=False, max_length=STORY, rows=2)


class GoAheadForm(DeskForm):
    """Nobody answered, and the customer cannot wait."""

    reason = WordsField(
        label=_("Why it cannot wait"),
        max_length=LINE,
        error_messages={"required": _("Say why it cannot wait: a manager looks at it afterwards.")},
    )


class WantsNothingForm(DeskForm):
    """The customer wants nothing, in one tap."""

    note = WordsField(label=_("What they said"), required=False, max_length=LINE)

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"waived_as": Waiver.WANTS_NOTHING}


class NoRemedyDueForm(DeskForm):
    """A manager finds that nothing is due; the customer has been told so."""

    note = WordsField(
        label=_("Why nothing is due"), max_length=LINE, error_messages={"required": _("Say why, in a few words.")}
    )
    is_told = forms.BooleanField(label=_("We told the customer"), required=False)

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"waived_as": Waiver.NO_REMEDY_DUE}
