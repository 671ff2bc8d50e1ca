"""From counted rows to hits and numbers: what each figure is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from incidents.models import Flag
from incidents.reports.counting import Counts

# Which parts of the count a figure needs.
_TALLY, _OVERDUE = ("tallies",), ("tallies", "overdue")
PARTS_OF: dict[str, tuple[str, ...]] = {
    "incidents": _TALLY,
    "apologized_in_time": _OVERDUE,
    "time_to_remedy": ("remedy",),
    "recovery_time": ("recovery",),
    "first_try": _OVERDUE,
    "calls_kept": _OVERDUE,
    "satisfaction": _TALLY,
    "coverage": _TALLY,
    "recovered": _OVERDUE,
    "reopened": ("closed",),
    "repeats": ("repeats",),
    "cost": ("costs", "spenders"),
    "minutes": ("minutes",),
    "found_by_us": _TALLY,
    "detection_lag": ("lag",),
    "made_worse": _TALLY,
    "reviewed_in_time": _OVERDUE,
    "promises_kept": _OVERDUE,
    "apology_only": _TALLY,
}
TIMES = {"time_to_remedy": "remedy", "recovery_time": "recovery", "detection_lag": "lag", "minutes": "minutes"}


@dataclass
class Sums:
    """What was counted into one slot."""

    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    flags: Counter[int] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)

    def rows(self, part: str) -> list[dict[str, Any]]:
        return self.parts.get(part, [])

    def row(self, part: str) -> dict[str, Any] | None:
        return next(iter(self.rows(part)), None)

    @property
    def n(self) -> int:
        return self.flags.total()

    def of(self, any_of: Flag, *, but: int = 0) -> int:
        """Those with any of these flags, and none of `but`."""
        wanted, unwanted = int(any_of), int(but)  # of flags themselves `&` is slow
        return sum(n for flags, n in self.flags.items() if flags & wanted and not flags & unwanted)

    def overdue(self, what: str) -> int:
        row = self.row("overdue")
        return int(row[what]) if row else 0

    def number(self, part: str) -> int:
        row = self.row(part)
        return int(row["n"]) if row else 0

    def pair(self, part: str) -> tuple[int, int]:
        row = self.row(part)
        return (row["hits"], row["n"]) if row else (0, 0)


def sums_of(counts: Counts) -> dict[int, Sums]:
    made: dict[int, Sums] = {}
    for part, rows in counts.items():
        for row in rows:
            sums = made.setdefault(row["slot"], Sums())
            if part == "tallies":
                sums.flags[row["flags"]] += row["n"]
                sums.totals.update({name: row[name] for name in row.keys() - {"slot", "flags", "n"}})
            else:
                sums.parts.setdefault(part, []).append(row)
    return made


def _sorry(sums: Sums) -> tuple[int, int]:
    hits = sums.of(Flag.SORRY_IN_TIME)
    return hits, hits + sums.of(Flag.SORRY_LATE) + sums.overdue("sorry")


def _first_try(sums: Sums) -> tuple[int, int]:
    hits = sums.of(Flag.RECOVERED, but=Flag.SECOND_TRY)
    return hits, sums.of(Flag.CLOSED | Flag.SECOND_TRY) + sums.overdue("first_step")


def _calls(sums: Sums) -> tuple[int, int]:
    hits = sums.totals["calls_kept"]
    return hits, hits + sums.totals["calls_missed"] + sums.overdue("calls")


def _promises(sums: Sums) -> tuple[int, int]:
    hits = sums.totals["promises_kept"]
    return hits, hits + sums.totals["promises_missed"] + sums.overdue("promises")


def _reviewed(sums: Sums) -> tuple[int, int]:
    hits = sums.of(Flag.REVIEWED_IN_TIME)
    return hits, hits + sums.of(Flag.REVIEWED_LATE) + sums.overdue("review")


# Of each percentage: hits, and of how many.
SHARES: dict[str, Callable[[Sums], tuple[int, int]]] = {
    "apologized_in_time": _sorry,
    "first_try": _first_try,
    "calls_kept": _calls,
    "satisfaction": lambda sums: (sums.totals["high_scores"], sums.totals["scores"]),
    "coverage": lambda sums: (sums.of(Flag.SCORED), sums.n),
    "recovered": lambda sums: (sums.of(Flag.RECOVERED), sums.of(Flag.CLOSED) + sums.overdue("step")),
    "reopened": lambda sums: sums.pair("closed"),
    "repeats": lambda sums: sums.pair("repeats"),
    "found_by_us": lambda sums: (sums.of(Flag.FOUND_BY_US), sums.n),
    "made_worse": lambda sums: (sums.of(Flag.MADE_WORSE), sums.n),
    "reviewed_in_time": _reviewed,
    "promises_kept": _promises,
}
