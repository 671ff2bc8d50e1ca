"""Opening hours of one place: a week on its own clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.catalogue.base import CatalogueForm, Difference, version_field
from incidents.forms.fields import TimeOfDayInput
from incidents.models import Location
from incidents.models.week_words import MIDNIGHT, Interval, day_words

ALWAYS, WEEK = "always", "week"
HOURS, ALL_DAY, CLOSED = "hours", "all_day", "closed"
MOST_INTERVALS, SHOWN_INTERVALS = 8, 2
TYPED_TIME = re.compile(r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])(:00)?")


class TimeOfDay(forms.CharField):
    """ "9:00"; "24:00" is midnight. None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=8, widget=TimeOfDayInput(attrs={"class": "form-control"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def clean(self, value: Any) -> dt.time | None:
        text = super().clean(value)
        if not text:
            return None
        parts = TYPED_TIME.fullmatch(text)
        if parts is None or (parts[1] == "24" and parts[2] != "00"):
            raise ValidationError(_("Write a time, like 15:30."))
        return dt.time(int(parts[1]) % 24, int(parts[2]))


@dataclass(frozen=True)
class DayRows:
    """One day of the week on the page: how, and from when to when."""

    weekday: int
    label: str
    how: forms.BoundField
    pairs: list[tuple[forms.BoundField, forms.BoundField]]

    @property
    def can_add(self) -> bool:
        return len(self.pairs) < MOST_INTERVALS


class WeekForm(CatalogueForm):
    """A week with up to eight intervals a day; rows left empty count for nothing."""

    version = version_field()
    opens = forms.ChoiceField(
        label=gettext_lazy("When is it open?"),
        choices=[(WEEK, gettext_lazy("At the hours below")), (ALWAYS, gettext_lazy("Around the clock, every day"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, week: Sequence[Interval], version: int, typed: Any = None) -> None:
        """`typed` is what stands on the page while it is still being filled in: nothing is checked yet."""
        by_day = {day: [(a, b) for at, a, b in week if at == day] for day in WEEKDAYS}
        initial: dict[str, Any] = {"version": version, "opens": WEEK if week else ALWAYS}
        for day, pairs in by_day.items():
            initial |= _typed_day(day, pairs, is_new=not week)
        if typed is not None:
            initial = dict(typed.items())
        super().__init__(data, initial=initial)
        sent = typed if data is None else data
        self.rows = {day: _row_count(day, len(pairs), sent) for day, pairs in by_day.items()}
        for day in WEEKDAYS:
            self._add_day(day)

    def _add_day(self, day: int) -> None:
        how = [(HOURS, _("Opening hours")), (ALL_DAY, _("Around the clock")), (CLOSED, _("Closed"))]
        name = str(WEEKDAYS[day])
        self.fields[f"d{day}_how"] = forms.ChoiceField(
            label=name, choices=how, widget=forms.Select(attrs={"class": "form-select"})
        )
        for number in range(self.rows[day]):
            words = {"day": name, "number": number + 1}
            self.fields[f"d{day}_from_{number}"] = TimeOfDay(label=_("%(day)s, %(number)s. from") % words)
            self.fields[f"d{day}_to_{number}"] = TimeOfDay(label=_("%(day)s, %(number)s. until") % words)

    def with_another(self, day: str) -> None:
        """One more row on that day, if there is room."""
        number = next((each for each in WEEKDAYS if str(each) == day), None)
        if number is None or self.rows[number] >= MOST_INTERVALS:
            return
        self.rows[number] += 1
        self.initial[f"d{number}_how"] = HOURS
        self._add_day(number)
        self.fields[f"d{number}_from_{self.rows[number] - 1}"].widget.attrs["autofocus"] = True

    def copy_monday(self) -> None:
        """Tuesday to Friday as Monday stands on the page."""
        for day in range(1, 5):
            self.rows[day] = max(self.rows[0], self.rows[day])
            self._add_day(day)
            for name in ("how", *(f"{end}_{n}" for n in range(self.rows[day]) for end in ("from", "to"))):
                self.initial[f"d{day}_{name}"] = self.initial.get(f"d0_{name}", "")

    def days(self) -> Iterator[DayRows]:
        for day in WEEKDAYS:
            pairs = [(self[f"d{day}_from_{n}"], self[f"d{day}_to_{n}"]) for n in range(self.rows[day])]
            yield DayRows(day, str(WEEKDAYS[day]), self[f"d{day}_how"], pairs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("opens") == WEEK:
            for day in WEEKDAYS:
                self._check_day(day, data)
            if not self.errors and not self.week():
                self.add_error(None, _("Say when it is open at least once a week, or choose around the clock."))
        return data

    def _check_day(self, day: int, data: dict[str, Any]) -> None:
        if data.get(f"d{day}_how") != HOURS or any(name.startswith(f"d{day}_") for name in self.errors):
            return
        ends: list[tuple[dt.time, dt.time]] = []
        for number in range(self.rows[day]):
            opens, closes = data.get(f"d{day}_from_{number}"), data.get(f"d{day}_to_{number}")
            if (opens is None) != (closes is None):
                missing = "from" if opens is None else "to"
                self.add_error(f"d{day}_{missing}_{number}", _("Write both times, or leave both empty."))
            elif opens is not None and closes is not None:
                if any(_meet((opens, closes), other) for other in ends):
                    self.add_error(f"d{day}_from_{number}", _("That overlaps with the other hours of this day."))
                ends.append((opens, closes))
        if not ends and not any(name.startswith(f"d{day}_") for name in self.errors):
            self.add_error(f"d{day}_from_0", _("Write from when until when, or choose closed."))

    def week(self) -> list[Interval]:
        """In the order of the week; none: always open."""
        data, found = self.cleaned_data, []
        if data["opens"] == ALWAYS:
            return []
        for day in WEEKDAYS:
            if data[f"d{day}_how"] == ALL_DAY:
                found.append((day, MIDNIGHT, MIDNIGHT))
            elif data[f"d{day}_how"] == HOURS:
                pairs = [(data[f"d{day}_from_{n}"], data[f"d{day}_to_{n}"]) for n in range(self.rows[day])]
                found += sorted((day, opens, closes) for opens, closes in pairs if opens is not None)
        return found

    def both_versions(self, now: Location) -> list[Difference]:
        saved = list(now.open_hours.values_list("weekday", "opens", "closes"))
        rows = [(str(WEEKDAYS[day]), day_words(saved, day), day_words(self.week(), day)) for day in WEEKDAYS]
        return [row for row in rows if row[1] != row[2]]


def _row_count(day: int, saved: int, sent: Any) -> int:
    """Always a spare one; as many as were sent."""
    wanted = saved + 1
    if sent is not None:
        wanted = max((n + 1 for n in range(MOST_INTERVALS) if f"d{day}_from_{n}" in sent), default=0)
    return min(max(SHOWN_INTERVALS, wanted), MOST_INTERVALS)


def _typed_day(day: int, pairs: Sequence[tuple[dt.time, dt.time]], *, is_new: bool) -> dict[str, Any]:
    """What the inputs of a day begin with; a place without hours begins with an office week."""
    if is_new:
        pairs = [(dt.time(9), dt.time(17))] if day < 5 else []
    if pairs == [(MIDNIGHT, MIDNIGHT)]:
        return {f"d{day}_how": ALL_DAY}
    typed: dict[str, Any] = {f"d{day}_how": HOURS if pairs else CLOSED}
    for number, (opens, closes) in enumerate(pairs):
        typed |= {f"d{day}_from_{number}": opens, f"d{day}_to_{number}": closes}
    return typed


def _meet(one: tuple[dt.time, dt.time], other: tuple[dt.time, dt.time]) -> bool:
    """Whether two intervals that begin on the same day share a minute."""
    (a, b), (c, d) = ((_minutes(opens), _end(opens, closes)) for opens, closes in (one, other))
    return a < d and c < b


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _end(opens: dt.time, closes: dt.time) -> int:
    return _minutes(closes) + (24 * 60 if closes <= opens else 0)
