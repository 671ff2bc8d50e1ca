"""Limits, playbooks and delays, each page as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.access import Role
from incidents.forms.catalogue.base import CatalogueForm, Difference, stamp_field
from incidents.forms.desk import StoryField
from incidents.forms.fields import AmountField
from incidents.models import LONGEST_DELAY, RETRIED, Playbook, PlaybookRemedy, RemedyType
from incidents.models.base import LINE, STORY
from incidents.models.values import duration_words, parse_money

Said = Decimal | str | None
Cell = tuple[str, int | None]
MOST_STEPS = 20


class LimitField(forms.CharField):
    """An amount, nothing, or "no limit"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Said:
        text = super().clean(value)
        if text.casefold() in ("no limit", _("no limit").casefold()):
            return "no limit"
        return parse_money(text) if text else None


def typed_limit(said: Said) -> str:
    return "" if said is None else _("no limit") if said == "no limit" else str(said)


class LimitsForm(CatalogueForm):
    """A cell for each role and remedy; the first row is any remedy."""

    stamp = stamp_field()

    def __init__(
        self,
        data: Any = None,
        *,
        types: Sequence[RemedyType],
        said: Mapping[Cell, Said],
        otherwise: Callable[[str, int | None], Said],
        stamp: str,
    ) -> None:
        self.types = types
        cells = [(role, type_) for type_ in (None, *types) for role in Role]
        self.names = {self._name(role, type_): (role.value, type_.pk if type_ else None) for role, type_ in cells}
        initial: dict[str, Any] = {name: typed_limit(said.get(cell)) for name, cell in self.names.items()}
        super().__init__(data, initial=initial | {"stamp": stamp})
        for role, type_ in cells:
            what = type_.label if type_ else _("Any remedy")
            label = _("%(role)s, %(remedy)s") % {"role": role.label, "remedy": what}
            field = self.fields[self._name(role, type_)] = LimitField(label=label)
            usual = otherwise(role.value, type_.pk if type_ else None)
            field.widget.attrs |= {"class": "form-control", "placeholder": typed_limit(usual) or _("no limit")}

    @staticmethod
    def _name(role: Role, type_: RemedyType | None) -> str:
        return f"{role.value}_{type_.pk if type_ else 'any'}"

    def rows(self) -> Iterator[tuple[RemedyType | None, list[tuple[Role, forms.BoundField]]]]:
        for type_ in (None, *self.types):
            yield type_, [(role, self[self._name(role, type_)]) for role in Role]

    def cells(self) -> dict[Cell, Said]:
        return {cell: self.cleaned_data[name] for name, cell in self.names.items()}

    def both_versions(self, now: Mapping[Cell, Said]) -> list[Difference]:
        rows = [
            (str(self.fields[name].label), typed_limit(now.get(cell)), typed_limit(self.cleaned_data[name]))
            for name, cell in self.names.items()
        ]
        return [row for row in rows if row[1] != row[2]]


class LinesField(forms.CharField):
    """One line each, none of them empty."""

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_STEPS:
            raise ValidationError(_("Keep this under %(most)s lines.") % {"most": MOST_STEPS})
        if any(len(line) > LINE for line in lines):
            raise ValidationError(_("Keep each line under %(most)s characters.") % {"most": LINE})
        return lines


class PlaybookForm(CatalogueForm):
    """Words, steps, and remedies with what may be given ahead of a yes."""

    stamp = stamp_field()
    words = StoryField(
        label=gettext_lazy("What to say and to keep in mind"),
        required=False,
        max_length=STORY,
        rows=4,
        help_text=gettext_lazy("Tips for whoever stands in front of the customer. Nobody has to follow them."),
    )
    steps = LinesField(
        label=gettext_lazy("Steps"),
        required=False,
        max_length=STORY,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One on each line."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        types: Sequence[RemedyType],
        book: Playbook | None,
        usual: Sequence[PlaybookRemedy],
        stamp: str,
    ) -> None:
        self.types = types
        initial: dict[str, Any] = {"stamp": stamp}
        if book:
            initial |= {"words": book.words, "steps": "\n".join(book.steps)}
        for row in usual:
            initial |= {f"usual_{row.type_id}": True, f"upto_{row.type_id}": row.pre_approved_up_to}
        super().__init__(data, initial=initial)
        for type_ in types:
            self.fields[f"usual_{type_.pk}"] = forms.BooleanField(label=type_.label, required=False)
            label = _("%(remedy)s: pre-approved up to") % {"remedy": type_.label}
            amount = self.fields[f"upto_{type_.pk}"] = AmountField(label=label, required=False)
            amount.widget.attrs["class"] = "form-control field-amount"
            self.fields[f"usual_{type_.pk}"].widget.attrs["class"] = "form-check-input"

    def clean_steps(self) -> list[str]:
        steps: list[str] = self.cleaned_data["steps"]
        return steps

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for type_ in self.types:
            if data.get(f"upto_{type_.pk}") is not None and not data.get(f"usual_{type_.pk}"):
                self.add_error(f"upto_{type_.pk}", _("Tick it as usual too, or leave the amount out."))
        return data

    def rows(self) -> Iterator[tuple[RemedyType, forms.BoundField, forms.BoundField]]:
        for type_ in self.types:
            yield type_, self[f"usual_{type_.pk}"], self[f"upto_{type_.pk}"]

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        usual = {t.pk: data[f"upto_{t.pk}"] for t in self.types if data[f"usual_{t.pk}"]}
        return {"words": data["words"], "steps": data["steps"], "remedies": usual}

    def both_versions(self, now: Playbook | None) -> list[Difference]:
        data = self.cleaned_data
        labels = {t.pk: t.label for t in self.types}
        usual = {row.type_id: row.pre_approved_up_to for row in now.remedies.all()} if now else {}
        saved = {
            "words": now.words if now else "",
            "steps": " · ".join(now.steps) if now else "",
            "remedies": _usual_words(usual, labels),
        }
        typed = {
            "words": data["words"],
            "steps": " · ".join(data["steps"]),
            "remedies": _usual_words(self.asked()["remedies"], labels),
        }
        names = {"words": self.fields["words"].label, "steps": self.fields["steps"].label}
        rows = [(str(names.get(name, _("Usual remedies"))), saved[name], typed[name]) for name in saved]
        return [row for row in rows if row[1] != row[2]]


def _usual_words(usual: Mapping[int, Decimal | None], labels: Mapping[int, str]) -> str:
    return ", ".join(
        labels.get(pk, "")
        if amount is None
        else _("%(remedy)s up to %(amount)s") % {"remedy": labels.get(pk, ""), "amount": amount}
        for pk, amount in sorted(usual.items())
    )


class DelaysForm(CatalogueForm):
    """Hours and minutes until the next try, by how the last one ended."""

    stamp = stamp_field()

    def __init__(self, data: Any = None, *, said: Mapping[str, int], stamp: str) -> None:
        initial: dict[str, Any] = {"stamp": stamp}
        for outcome, minutes in said.items():
            initial |= {f"{outcome}_hours": minutes // 60, f"{outcome}_minutes": minutes % 60}
        super().__init__(data, initial=initial)
        for outcome in RETRIED:
            words = {"outcome": outcome.label}
            self.fields[f"{outcome.value}_hours"] = forms.IntegerField(
                label=_("%(outcome)s: hours") % words, required=False, min_value=0, max_value=LONGEST_DELAY // 60
            )
            self.fields[f"{outcome.value}_minutes"] = forms.IntegerField(
                label=_("%(outcome)s: minutes") % words, required=False, min_value=0, max_value=59
            )

        for name, field in self.fields.items():
            if name != "stamp":
                field.widget.attrs |= {"class": "form-control field-amount", "inputmode": "numeric"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for outcome in RETRIED:
            names = f"{outcome.value}_hours", f"{outcome.value}_minutes"
            typed = [data.get(name) for name in names]
            if any(value is not None for value in typed) and not any(name in self.errors for name in names):
                length = (typed[0] or 0) * 60 + (typed[1] or 0)
                if not 1 <= length <= LONGEST_DELAY:
                    self.add_error(names[0], _("Between 1 minute and 30 days."))
        return data

    def minutes(self) -> dict[str, int | None]:
        data, found = self.cleaned_data, {}
        for outcome in RETRIED:
            typed = data[f"{outcome.value}_hours"], data[f"{outcome.value}_minutes"]
            is_empty = typed == (None, None)
            found[outcome.value] = None if is_empty else (typed[0] or 0) * 60 + (typed[1] or 0)
        return found

    def both_versions(self, now: Mapping[str, int]) -> list[Difference]:
        typed = self.minutes()
        rows = [
            (str(outcome.label), _in_words(now.get(outcome.value)), _in_words(typed[outcome.value]))
            for outcome in RETRIED
        ]
        return [row for row in rows if row[1] != row[2]]

    def pairs(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        for outcome in RETRIED:
            yield outcome.value, self[f"{outcome.value}_hours"], self[f"{outcome.value}_minutes"]


def _in_words(minutes: int | None) -> str:
    return "" if minutes is None else duration_words(dt.timedelta(minutes=minutes))
