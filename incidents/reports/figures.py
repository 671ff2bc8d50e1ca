"""Every figure of a scope."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from incidents.models import Flag, Staff
from incidents.reports.counting import Counts, count
from incidents.reports.definitions import DEFINITION_OF, FIGURES, Better, Definition, Rows, Unit
from incidents.reports.keeping import keep
from incidents.reports.merging import merged, repeats
from incidents.reports.pieces import Months, cuts_of, months_of, pieces_of
from incidents.reports.prevention import on_time, recurrences
from incidents.reports.scope import Scope
from incidents.reports.seen import counted_up_to, restricted_ids, stamp
from incidents.reports.slots import Slots, period_and_before
from incidents.reports.sums import PARTS_OF, SHARES, TIMES, Sums, sums_of

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


def nothing(key: str) -> Figure:
    """Where nothing was counted."""
    return Figure(key, 0 if DEFINITION_OF[key].unit == Unit.COUNT else None, 0)


def figures(staff: Staff, scope: Scope, now: dt.datetime) -> dict[str, Figure]:
    """All of them by key, of what `staff` sees."""
    return with_before(staff, scope, now)[0]


def with_before(staff: Staff, scope: Scope, now: dt.datetime) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Those of the scope and of `scope.before`. At most eight statements; five once the facts have been counted."""
    slots = period_and_before(scope)
    is_from = stamp(staff, scope, slots.first)
    counted = keep(
        "figures",
        lambda: _from_pieces(staff, scope, now, slots, months_of(is_from[0])),
        staff=staff,
        scope=scope,
        now=now,
        first=slots.first,
        is_from=is_from,
    )
    changes = of_changes(staff, scope, now, slots)
    both = [counted.get(at, {}) | changes.get(at, {}) for at in (0, 1)]
    now_, before = ({each.key: found.get(each.key, nothing(each.key)) for each in FIGURES} for found in both)
    return now_, before


def by_slot(
    staff: Staff, scope: Scope, now: dt.datetime, slots: Slots, keys: Iterable[str]
) -> tuple[dict[int, dict[str, Figure]], dt.datetime | None]:
    """The figures of `keys` that facts give, and until when they hold."""
    wanted = [key for key in keys if key in PARTS_OF]
    parts = dict.fromkeys(part for key in wanted for part in PARTS_OF[key])
    counts, until = count(staff, scope, now, slots, parts)
    return _all_made(counts, wanted), until


def _from_pieces(
    staff: Staff, scope: Scope, now: dt.datetime, slots: Slots, months: Months
) -> tuple[dict[int, dict[str, Figure]], dt.datetime | None]:
    """All that facts give. Two statements, and seldom one more."""
    restricted = restricted_ids(staff, scope)
    pieces = pieces_of(staff, scope, months, cuts_of(slots, months), restricted)
    counts, until = merged(pieces, now)
    came = repeats(pieces)
    if came is None:
        came = count(staff, scope, now, slots, ["repeats"], restricted=restricted)[0]["repeats"]
    return _all_made(counts | {"repeats": came}, PARTS_OF), until


def _all_made(counts: Counts, keys: Iterable[str]) -> dict[int, dict[str, Figure]]:
    made: dict[int, dict[str, Figure]] = defaultdict(dict)
    for at, sums in sums_of(counts).items():
        for key in keys:
            made[at][key] = _made(key, sums)
    return made


def of_changes(staff: Staff, scope: Scope, now: dt.datetime, slots: Slots) -> dict[int, dict[str, Figure]]:
    """What we changed: of few rows, so it is counted each time. Two statements at most."""
    made: dict[int, dict[str, Figure]] = defaultdict(dict)
    for at, verdicts in on_time(staff, scope, now, slots).items():
        made[at]["prevention_on_time"] = _percent("prevention_on_time", sum(verdicts), len(verdicts))
    for at, pairs in recurrences(staff, scope, now, slots).items():
        before, after = (sum(column) for column in zip(*pairs, strict=True))
        made[at]["recurrence"] = _percent("recurrence", after, before)
    return made


def _percent(key: str, hits: int, n: int) -> Figure:
    return Figure(key, 100 * hits / n if n else None, n, hits)


def _made(key: str, sums: Sums) -> Figure:
    if key in SHARES:
        hits, n = SHARES[key](sums)
        return _percent(key, hits, n)
    if key in TIMES:
        row = sums.row(TIMES[key])
        if row is None:
            return Figure(key, None, 0, total=0 if key == "minutes" else None)
        middle, high = row["at"]
        return Figure(key, middle, row["n"], p90=high, total=row.get("total"))
    if key == "cost":
        return _cost(sums)
    number = sums.n if key == "incidents" else sums.of(Flag.APOLOGY_ONLY)
    return Figure(key, number, sums.n if key == "incidents" else sums.of(Flag.RECOVERED), hits=number)


def _cost(sums: Sums) -> Figure:
    parts = tuple(
        Part(row["currency"], Decimal(row["middle"]), row["n"], Decimal(row["total"]), Decimal(row["average"]))
        for row in sums.rows("costs")
    )
    only = parts[0] if len(parts) == 1 else None
    return Figure(
        "cost",
        only.value if only else None,
        sums.number("spenders"),
        total=only.total if only else None,
        parts=parts,
    )
