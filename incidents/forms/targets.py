"""How long each step of one severity may take: so many minutes, hours or days, or the end of the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.catalogue.base import SAME, CatalogueForm, Difference, version_field
from incidents.models.hours import LONGEST_DAYS, LONGEST_MINUTES, SaidBy, Targets
from incidents.models.target_words import said_words
from incidents.targets import Target
from incidents.vocabulary import Clock

MINUTES, HOURS, DAYS, DAY_END, NONE = "minutes", "hours", "days", "day_end", "none"
UNITS: Sequence[tuple[str, LazyText | str]] = (
    (MINUTES, gettext_lazy("minutes")),
    (HOURS, gettext_lazy("hours")),
    (DAYS, gettext_lazy("days")),
    (DAY_END, gettext_lazy("the end of the day")),
)
MOST = {MINUTES: LONGEST_MINUTES, HOURS: LONGEST_MINUTES // 60, DAYS: LONGEST_DAYS}
AGAIN = "again"  # the second call
NAMES = (*(clock.value for clock in Clock), AGAIN)
Said = Mapping[str, tuple[Target, ...]]  # by clock; calls back may be two


@dataclass(frozen=True)
class ClockRow:
    """The fields of one clock."""

    name: str
    label: str
    number: forms.BoundField
    unit: forms.BoundField
    is_open: forms.BoundField


class TargetsForm(CatalogueForm):
    """A clock that is the same as elsewhere says nothing of its own. The second call goes with the first."""

    version = version_field()

    def __init__(self, data: Any = None, *, targets: Targets, severity: int, level: SaidBy) -> None:
        self.severity, self.level = severity, level
        said = own_of(targets, severity, level)
        initial: dict[str, Any] = {"version": targets.version(severity, level)}
        for name in NAMES:
            initial |= _typed(name, _target(said, name))
        super().__init__(data, initial=initial)
        for name in NAMES:
            self._add(name, is_place=level == SaidBy.PLACE)

    def _add(self, name: str, *, is_place: bool) -> None:
        label = _label(name)
        if name == AGAIN:
            none = (NONE, _("no second call"))
        elif is_place:
            none = (SAME, _("the same as the business"))
        else:
            none = (SAME, _("as Recovery comes"))
        number = forms.IntegerField(label=_("%(step)s: how many") % {"step": label}, required=False, min_value=1)
        number.widget.attrs |= {"class": "form-control field-amount", "inputmode": "numeric", "autocomplete": "off"}
        unit = forms.ChoiceField(label=_("%(step)s: minutes, hours or days") % {"step": label}, choices=[none, *UNITS])
        unit.widget.attrs |= {"class": "form-select target-unit"}
        is_open = forms.BooleanField(label=_("counts opening hours only"), required=False)
        is_open.widget.attrs |= {"class": "form-check-input"}
        self.fields |= {f"{name}_number": number, f"{name}_unit": unit, f"{name}_open": is_open}

    def rows(self) -> Iterator[ClockRow]:
        for name in NAMES:
            fields = (self[f"{name}_{part}"] for part in ("number", "unit", "open"))
            yield ClockRow(name, _label(name), *fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in NAMES:
            unit, number = data.get(f"{name}_unit"), data.get(f"{name}_number")
            if unit not in MOST or f"{name}_number" in self.errors:
                continue
            if number is None:
                self.add_error(f"{name}_number", _("Write how many."))
            elif number > MOST[unit]:
                self.add_error(f"{name}_number", _("That is longer than %(n)d days.") % {"n": LONGEST_DAYS})
        if data.get("follow_up_unit") == SAME and data.get(f"{AGAIN}_unit", NONE) != NONE:
            self.add_error(f"{AGAIN}_unit", _("Say when to call first, then when to call again."))
        return data

    def said(self) -> dict[str, tuple[Target, ...]]:
        """By clock; a clock that says nothing is not in it."""
        found = {clock.value: self._target(clock.value) for clock in Clock}
        told: dict[str, tuple[Target, ...]] = {name: (target,) for name, target in found.items() if target}
        again = self._target(AGAIN)
        if again and Clock.FOLLOW_UP.value in told:
            told[Clock.FOLLOW_UP.value] += (again,)
        return told

    def _target(self, name: str) -> Target | None:
        unit, number = self.cleaned_data[f"{name}_unit"], self.cleaned_data[f"{name}_number"]
        is_open = self.cleaned_data[f"{name}_open"]
        if unit in (SAME, NONE):
            return None
        if unit == DAY_END:
            return Target(days=0, is_business=is_open)
        if unit == DAYS:
            return Target(days=number, is_business=is_open)
        return Target(minutes=number * (60 if unit == HOURS else 1), is_business=is_open)

    def both_versions(self, now: Targets) -> list[Difference]:
        """By clock, as saved now and as typed here."""
        saved, typed = own_of(now, self.severity, self.level), self.said()
        rows = [
            (str(clock.label), said_words(saved.get(clock.value, ())), said_words(typed.get(clock.value, ())))
            for clock in Clock
        ]
        return [row for row in rows if row[1] != row[2]]


def own_of(targets: Targets, severity: int, level: SaidBy) -> dict[str, tuple[Target, ...]]:
    """What that level says itself, by clock."""
    rows = [row for row in targets.rows if (row.said_by, row.severity) == (level, severity)]
    return {clock: tuple(row.target for row in rows if row.clock == clock) for clock in {row.clock for row in rows}}


def _label(name: str) -> str:
    return _("Call a second time") if name == AGAIN else str(Clock(name).label)


def _target(said: Said, name: str) -> Target | None:
    if name == AGAIN:
        return (*said.get(Clock.FOLLOW_UP.value, ()), None, None)[1]
    return next(iter(said.get(name, ())), None)


def _typed(name: str, target: Target | None) -> dict[str, Any]:
    """What the inputs of a clock show."""
    if target is None:
        return {f"{name}_unit": NONE if name == AGAIN else SAME}
    number: int | None
    if target.minutes is not None:
        hours, minutes = divmod(target.minutes, 60)
        unit, number = (MINUTES, target.minutes) if minutes else (HOURS, hours)
    else:
        unit, number = (DAYS, target.days) if target.days else (DAY_END, None)
    return {f"{name}_unit": unit, f"{name}_number": number, f"{name}_open": target.is_business}
