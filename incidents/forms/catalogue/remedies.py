"""Something we do or give, and how a place differs about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.catalogue.base import (
    CatalogueForm,
    Difference,
    NameField,
    OwnAnswer,
    as_answer,
    key_field,
    version_field,
    yes_or_no,
)
from incidents.forms.fields import AmountField
from incidents.models import CostKind, RemedyNature, RemedyType, RemedyTypeHere
from incidents.models.base import SHORT

ON = (_("On"), _("Off"))
RECEIPT = (_("Receipt needed"), _("No receipt needed"))


class RemedyTypeForm(CatalogueForm):
    name = NameField(label=_("Name"), max_length=SHORT)
    nature = forms.ChoiceField(label=_("What is it?"), choices=RemedyNature.choices, widget=forms.RadioSelect)
    cost_kind = forms.ChoiceField(label=_("What does it cost us?"), choices=CostKind.choices, widget=forms.RadioSelect)
    typical_amount = AmountField(
        label=_("What it usually comes to"),
        required=False,
        help_text=_("In each place's own currency. Counts against limits until somebody says what it really came to."),
    )
    needs_receipt = forms.BooleanField(
        label=_("Needs a receipt"), required=False, help_text=_("It is not done before the receipt is here.")
    )
    names = ("name", "nature", "cost_kind", "typical_amount", "needs_receipt")

    def __init__(self, data: Any = None, *, changed: RemedyType | None = None) -> None:
        initial: dict[str, Any] = {"nature": RemedyNature.GOODWILL, "cost_kind": CostKind.GOODS}
        if changed:
            initial = {name: getattr(changed, name) for name in self.names}
            initial |= {"name": changed.label, "version": changed.version}
        super().__init__(data, initial=initial)
        if changed is None:
            self.fields["submit_key"] = key_field()
        else:
            self.fields["version"] = version_field()

    def both_versions(self, now: RemedyType) -> list[Difference]:
        return self.both({name: now.label if name == "name" else getattr(now, name) for name in self.names})


class RemedyHereForm(CatalogueForm):
    is_offered = OwnAnswer(label=_("At this place"))
    needs_receipt = OwnAnswer(label=_("Receipt"))
    typical_amount = AmountField(label=_("What it usually comes to, here"), required=False)
    version = version_field()

    def __init__(self, data: Any = None, *, type: RemedyType, own: RemedyTypeHere | None, currency: str) -> None:
        initial = {
            "is_offered": as_answer(own.is_offered if own else None),
            "needs_receipt": as_answer(own.needs_receipt if own else None),
            "typical_amount": own.typical_amount if own else None,
            "version": own.version if own else 0,
        }
        super().__init__(data, initial=initial)
        yes_or_no(self.fields["is_offered"], same=type.is_active, words=ON)
        yes_or_no(self.fields["needs_receipt"], same=type.needs_receipt, words=RECEIPT)
        amount = self.fields["typical_amount"]
        amount.label = _("What it usually comes to, here (%(currency)s)") % {"currency": currency}
        amount.help_text = (
            _("Left empty: %(amount)s, as the business has it.") % {"amount": type.typical_amount}
            if type.typical_amount is not None
            else _("Left empty: nothing is assumed.")
        )

    def both_versions(self, now: RemedyTypeHere) -> list[Difference]:
        data, rows = self.cleaned_data, []
        for name in ("is_offered", "needs_receipt"):
            said, typed = (as_answer(value) for value in (getattr(now, name), data[name]))
            rows.append((str(self.fields[name].label), self.shown(name, said), self.shown(name, typed)))
        amounts = (now.typical_amount, data["typical_amount"])
        label = str(self.fields["typical_amount"].label)
        rows.append((label, *("" if amount is None else str(amount) for amount in amounts)))  # type: ignore[arg-type]
        return [row for row in rows if row[1] != row[2]]
