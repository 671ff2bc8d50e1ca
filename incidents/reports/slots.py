"""Into which of several figures a day goes: this period or the one before, or a week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents.reports.scope import DAY, Scope


@dataclass(frozen=True)
class Slots:
    """`sql` takes a day in the place of `{day}` and gives a number, from `first` to `last`; `zero` is %(zero)s."""

    first: dt.date
    last: dt.date
    zero: dt.date
    sql: str
    is_weeks: bool = False

    def of(self, day: dt.date) -> int:
        return (day - self.zero).days // 7 if self.is_weeks else int(day < self.zero)


def period_and_before(scope: Scope) -> Slots:
    """0 for the period, 1 for the one before."""
    return Slots(scope.before.start, scope.end, scope.start, "CASE WHEN {day} >= %(zero)s THEN 0 ELSE 1 END")


def weeks_of(scope: Scope) -> Slots:
    monday = scope.start - scope.start.weekday() * DAY
    return Slots(scope.start, scope.end, monday, "({day} - %(zero)s) / 7", is_weeks=True)


def whole(scope: Scope) -> Slots:
    """All in one."""
    return Slots(scope.start, scope.end, scope.start, "0")
