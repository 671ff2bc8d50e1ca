"""What we do and give, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, MomentField, RowField, WordsField
from incidents.forms.fields import AmountField, DayInput
from incidents.models import Remedy, RemedyNature
from incidents.models.base import LINE, SHORT
from incidents.models.values import parse_day
from incidents.vocabulary import RemedyState


class RemedyForm(CreatingForm):
    type = RowField(label=_("What do we do or give?"))
    what = WordsField(
        label=_("In a few words"), required=False, max_length=LINE, help_text=_("Like: new toner, to their door.")
    )
    estimated_amount = AmountField(label=_("About how much"), required=False)
    assignee = RowField(label=_("Who does it"), required=False)
    done_by_name = WordsField(label=_("Or someone without a login"), required=False, max_length=SHORT)
    due_at = MomentField(label=_("Until when"), required=False)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=0, max_value=100_000)
    replaces = RowField(label=_("Takes the place of"), required=False)

    def prepare(self) -> None:
        types = [t for t in self.desk.types if t.is_active]
        groups = [
            (str(label), [(str(t.pk), t.label) for t in types if t.nature == nature])
            for nature, label in RemedyNature.choices
        ]
        self.fields["type"].offer(types, choices=[("", _("Choose")), *groups])  # type: ignore[attr-defined]
        self.fields["assignee"].offer(self.desk.people, _("Nobody yet"))  # type: ignore[attr-defined]
        self.fields["replaces"].offer(self.desk.unreplaced, _("Nothing"))  # type: ignore[attr-defined]
        self.fields["estimated_amount"].label = _("About how much (%(currency)s)") % {"currency": self.desk.currency}
        self.initial.setdefault("assignee", self.desk.staff.pk)
        if self.desk.unreplaced:
            self.initial.setdefault("replaces", self.desk.unreplaced[0].pk)
        else:
            del self.fields["replaces"]

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
        if self.remedy.estimated_amount is not None:
            self.initial.setdefault("actual_amount", self.remedy.estimated_amount)
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
