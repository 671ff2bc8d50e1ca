"""Going back to the customer, closing, the second failure, and undoing."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import DeskForm, WordsField
from incidents.models import Incident
from incidents.models.base import LINE, SHORT, STORY
from incidents.vocabulary import CHOSEN_ENDINGS, CloseReason, RoundReason

REASONS = (
    (RoundReason.CONTACTED_US, _("They came back to us")),
    (RoundReason.REMEDY_FAILED, _("What we gave did not hold")),
    (RoundReason.SECOND_THOUGHT, _("We thought again")),
    (RoundReason.NOT_TRUE, _("It was closed by mistake")),
)
UNTRUE = (
    ("apology", _("Nobody had apologized")),
    ("remedy", _("They had not got it")),
    ("call", _("Nobody had asked them")),
)


class GoBackForm(DeskForm):
    """One tap: the button is the reason. `expected_round` makes a second tap harmless."""

    reason = forms.ChoiceField(
        choices=[(reason.value, words) for reason, words in REASONS],
        error_messages={
            "required": _("Say why you are going back."),
            "invalid_choice": _("Say why you are going back."),
        },
    )
    untrue = forms.ChoiceField(choices=[("", ""), *UNTRUE], required=False)
    expected_round = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("expected_round", self.desk.incident.round_number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == RoundReason.NOT_TRUE and not cleaned.get("untrue") and "untrue" not in self.errors:
            self.add_error("untrue", _("Say what was not true."))
        return cleaned


class WhyField(WordsField):
    """Not needed for every answer, so the form asks for it itself; its label does not call it optional."""

    is_needed_for_some = True


class CloseForm(DeskForm):
    """Every ending is read, so that the action can say why one is refused; few are offered."""

    reason = forms.ChoiceField(
        label=_("How did it end?"),
        choices=CloseReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended."), "invalid_choice": _("Choose how it ended.")},
    )
    duplicate_of = forms.CharField(
        label=_("The number of the other one"),
        required=False,
        max_length=SHORT,
        help_text=_("Only if it is already logged. Like R-2026-00042."),
    )
    note = WhyField(label=_("Why, in a few words"), required=False, max_length=STORY)
    is_told = forms.BooleanField(label=_("We told them our final position"), required=False)

    @property
    def offered(self) -> list[tuple[str, Any]]:
        """What this person can choose here. *Recovered* always: choosing it early says what is missing."""
        return [
            (reason.value, reason.label)
            for reason, words in self.desk.endings().items()
            if words is None or reason == CloseReason.RECOVERED
        ]

    @property
    def not_offered(self) -> list[tuple[Any, Any]]:
        """The other endings, each with the words why not."""
        return [(reason.label, words) for reason, words in self.desk.endings().items() if words is not None]

    @property
    def has_twin(self) -> bool:
        return self._may(CloseReason.DUPLICATE)

    @property
    def has_position(self) -> bool:
        return self._may(CloseReason.UNRESOLVED)

    def clean_duplicate_of(self) -> Incident | None:
        typed = self.cleaned_data["duplicate_of"].strip().upper()
        if not typed or self.cleaned_data.get("reason") != CloseReason.DUPLICATE:
            return None
        if not re.fullmatch(r"R-[0-9]{4}-[0-9]{5,9}", typed):
            raise ValidationError(_("Write its number, like R-2026-00042."))
        seen = Incident.objects.visible_to(self.desk.staff).exclude(pk=self.desk.incident.pk)
        twin: Incident | None = seen.filter(reference=typed).first()
        if twin is None:
            raise ValidationError(_("There is no other incident with this number that you can see."))
        return twin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reason = cleaned.get("reason")
        if reason in CHOSEN_ENDINGS and not cleaned.get("note", "").strip() and self._may(reason):
            self.add_error("note", _("Say why, in a few words."))
        lacks_twin = not cleaned.get("duplicate_of") and "duplicate_of" not in self.errors
        if reason == CloseReason.DUPLICATE and lacks_twin and self._may(reason):
            self.add_error("duplicate_of", _("Name the incident that this one repeats."))
        if reason == CloseReason.UNRESOLVED and not cleaned.get("is_told") and self._may(reason):
            self.add_error("is_told", _("Tell them first, then say here that you did."))
        return cleaned

    def _may(self, reason: str) -> bool:
        """Someone who may not choose this hears that first, from the action."""
        return self.desk.endings().get(CloseReason(reason), "") is None


class SecondFailureForm(DeskForm):
    """We made it worse: how we spoke to them, for managers only."""

    words = WordsField(
        label=_("The words we used"),
        required=False,
        max_length=LINE,
        help_text=_("As they were said. Only managers see them."),
    )


class UndoForm(DeskForm):
    """`event`: the act that the page offered to undo; another one is not undone in its place."""

    event = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)
