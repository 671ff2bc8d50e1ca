"""When a reminder speaks and to whom: one row for each time, and for whom the page plays it through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.catalogue.base import CatalogueForm, Difference, version_field
from incidents.forms.desk import MomentField, RowField
from incidents.ladder import Audience, Kind, Ladders, Rung, Whose
from incidents.models import Staff
from incidents.models.escalation import EARLIEST_MINUTES, LATEST_MINUTES

MOST_ROWS, SPARE = 8, 2
UNUSED, BEFORE, AT, AFTER = "", "before", "at", "after"
SIDES: Sequence[tuple[str, LazyText | str]] = (
    (UNUSED, gettext_lazy("no reminder")),
    (BEFORE, gettext_lazy("before it is due")),
    (AT, gettext_lazy("when it is due")),
    (AFTER, gettext_lazy("after it was due")),
)
UNITS: Sequence[tuple[str, LazyText | str]] = (
    ("1", gettext_lazy("minutes")),
    ("60", gettext_lazy("hours")),
    ("1440", gettext_lazy("days")),
)
HEARERS: Sequence[tuple[str, LazyText | str]] = (
    (Audience.ASSIGNEE.value, gettext_lazy("who has it")),
    (Audience.MANAGERS.value, gettext_lazy("and the managers")),
    (Audience.ADMINISTRATORS.value, gettext_lazy("managers and administrators")),
)


@dataclass(frozen=True)
class RungRow:
    label: str
    number: forms.BoundField
    unit: forms.BoundField
    side: forms.BoundField
    to: forms.BoundField


class LadderForm(CatalogueForm):
    version = version_field()

    def __init__(
        self, data: Any = None, *, ladders: Ladders, severity: int, kind: Kind, level: Whose, say: Any = None
    ) -> None:
        """`say` puts a ladder into words, for two versions side by side."""
        self.severity, self.kind, self.level, self.say = severity, kind, level, say
        ladder = ladders.of(severity, kind)
        self.shown_rows = min(len(ladder) + SPARE, MOST_ROWS)
        initial: dict[str, Any] = {"version": ladders.version(severity, kind, level)}
        for row, rung in enumerate(ladder[:MOST_ROWS]):
            initial |= _typed(row, rung)
        super().__init__(data, initial=initial)
        for row in range(MOST_ROWS):
            self._add(row)

    def _add(self, row: int) -> None:
        which = {"n": row + 1}
        most = LATEST_MINUTES
        number = forms.IntegerField(
            label=_("Reminder %(n)d: how many") % which, required=False, min_value=1, max_value=most
        )
        number.widget.attrs |= {"class": "form-control field-amount", "inputmode": "numeric", "autocomplete": "off"}
        unit = forms.ChoiceField(
            label=_("Reminder %(n)d: minutes, hours or days") % which, choices=UNITS, required=False
        )
        side = forms.ChoiceField(label=_("Reminder %(n)d: before or after") % which, choices=SIDES, required=False)
        to = forms.ChoiceField(label=_("Reminder %(n)d: who hears it") % which, choices=HEARERS, required=False)
        for field in (unit, side, to):
            field.widget.attrs |= {"class": "form-select"}
        side.widget.attrs |= {"class": "form-select rung-side"}
        self.fields |= {f"r{row}_number": number, f"r{row}_unit": unit, f"r{row}_side": side, f"r{row}_to": to}

    def rows(self) -> Iterator[RungRow]:
        """Those in use, and some to add."""
        used = [row for row in range(MOST_ROWS) if self.is_bound and self.data.get(f"r{row}_side")]
        for row in range(max(self.shown_rows, min(max(used, default=0) + 1 + SPARE, MOST_ROWS) if used else 0)):
            fields = (self[f"r{row}_{part}"] for part in ("number", "unit", "side", "to"))
            yield RungRow(_("Reminder %(n)d") % {"n": row + 1}, *fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for row in range(MOST_ROWS):
            side, number = data.get(f"r{row}_side"), data.get(f"r{row}_number")
            if side not in (BEFORE, AFTER) or f"r{row}_number" in self.errors:
                continue
            if number is None:
                self.add_error(f"r{row}_number", _("Write how many."))
            elif not EARLIEST_MINUTES <= self._minutes(row) <= LATEST_MINUTES:
                self.add_error(f"r{row}_number", _("From a week before it is due to 30 days after it."))
        return data

    def said(self) -> list[Rung]:
        return [
            Rung(
                dt.timedelta(minutes=self._minutes(row)), Audience(self.cleaned_data[f"r{row}_to"] or Audience.ASSIGNEE)
            )
            for row in range(MOST_ROWS)
            if self.cleaned_data.get(f"r{row}_side")
        ]

    def _minutes(self, row: int) -> int:
        data = self.cleaned_data
        if data.get(f"r{row}_side") == AT:
            return 0
        minutes = (data.get(f"r{row}_number") or 0) * int(data.get(f"r{row}_unit") or 1)
        return -minutes if data.get(f"r{row}_side") == BEFORE else minutes

    def both_versions(self, now: Ladders) -> list[Difference]:
        """As saved now and as typed here."""
        typed = now.saying(self.level, self.severity, self.kind, self.said())
        both = [self.say(ladders.of(self.severity, self.kind)) for ladders in (now, typed)]
        return [(str(self.kind.label), both[0], both[1])] if both[0] != both[1] else []


class PlayForm(forms.Form):
    """A moment and a person to play a ladder through with. What is wrong is left out: it is only a picture."""

    moment = MomentField(label=gettext_lazy("When it begins"), required=False)
    person = RowField(label=gettext_lazy("Who has it"), required=False)

    def __init__(
        self, data: Any = None, *, people: Sequence[Staff], reader: Staff, zone: dt.tzinfo, now: dt.datetime
    ) -> None:
        """Of `reader` when they work there."""
        self.first = reader if reader in people else next(iter(people), None)
        local = now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        super().__init__(data, prefix="play", initial={"moment": local, "person": self.first and self.first.pk})
        self.fields["moment"].zone = zone  # type: ignore[attr-defined]
        self.fields["person"].offer(people)  # type: ignore[attr-defined]
        self.fields["person"].widget.attrs |= {"class": "form-select"}
        self.begin = now

    def chosen(self) -> tuple[dt.datetime, Staff | None]:
        """The moment and the person, as far as they make sense."""
        if self.is_bound:
            self.is_valid()
        data = self.cleaned_data if self.is_bound else {}
        return data.get("moment") or self.begin, data.get("person") or self.first


def _typed(row: int, rung: Rung) -> dict[str, Any]:
    """What the inputs of one row show."""
    minutes = abs(rung.minutes)
    unit = next(size for size in (1440, 60, 1) if minutes % size == 0)
    side = AT if not rung.minutes else BEFORE if rung.minutes < 0 else AFTER
    number = minutes // unit if minutes else None
    return {f"r{row}_number": number, f"r{row}_unit": str(unit) if minutes else "1"} | {
        f"r{row}_side": side,
        f"r{row}_to": rung.to.value,
    }
