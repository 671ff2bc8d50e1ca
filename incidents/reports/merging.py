"""From pieces to the rows of a count: sums add up, the middle one is found among sorted runs, who came again is told
apart by customer."""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from math import ceil, floor
from typing import Any

from incidents.reports.counting import Counts
from incidents.reports.pieces import TIMES, TOTALS, Cut, Piece
from incidents.reports.seen import REPEAT

MICROSECOND = dt.timedelta(microseconds=1)
ZERO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
OPEN = ("sorry", "step", "first_step", "review", "calls", "promises")
CENT = Decimal("0.01")
NEAR = REPEAT // MICROSECOND


def merged(pieces: dict[Cut, list[Piece]], now: dt.datetime) -> tuple[Counts, dt.datetime | None]:
    """The parts of `counting.PARTS` that pieces give, and how long they hold; repeats are apart."""
    counts: Counts = defaultdict(list)
    by_slot: dict[int, list[Piece]] = defaultdict(list)
    for cut, found in pieces.items():
        if cut.slot is not None:
            by_slot[cut.slot] += found
    for slot, found in by_slot.items():
        for part, row in _rows(found, (now - ZERO) // MICROSECOND):
            counts[part].append({"slot": slot, **row})
    nexts = [row.pop("next") for row in counts["overdue"]]
    until = min((each for each in nexts if each is not None), default=None)
    return counts, None if until is None else ZERO + until * MICROSECOND


def _rows(pieces: list[Piece], now: int) -> Iterator[tuple[str, dict[str, Any]]]:
    flags = sum((piece.flags for piece in pieces), Counter[int]())
    totals: dict[str, int] = {name: sum(piece.totals[name] for piece in pieces) for name in TOTALS}
    for each, n in flags.items():
        yield "tallies", {"flags": each, "n": n, **totals}
        totals = dict.fromkeys(TOTALS, 0)
    for name in TIMES:
        runs = [piece.values[name] for piece in pieces if piece.values.get(name)]
        if runs:
            total = {"total": int(sum(map(sum, runs)))} if name == "minutes" else {}
            at = [percentile(runs, share) for share in (0.5, 0.9)]
            yield name, {"n": sum(map(len, runs)), "at": at, **total}
    for currency in sorted({each for piece in pieces for each in piece.spent}):
        yield "costs", _cost(currency, pieces)
    spenders, closed, reopened = (sum(getattr(p, name) for p in pieces) for name in ("spenders", "closed", "reopened"))
    if spenders:
        yield "spenders", {"n": spenders}
    if closed:
        yield "closed", {"n": closed, "hits": reopened}
    yield "overdue", _overdue(pieces, now)


def _overdue(pieces: list[Piece], now: int) -> dict[str, Any]:
    """How many of each kind are overdue, and when the next one is."""
    open_ = [(kind, run, bisect_left(run, now)) for piece in pieces for kind, run in piece.open.items()]
    row: dict[str, Any] = {kind: sum(at for each, _run, at in open_ if each == kind) for kind in OPEN}
    return row | {"next": min((run[at] for _kind, run, at in open_ if at < len(run)), default=None)}


def _cost(currency: str, pieces: list[Piece]) -> dict[str, Any]:
    runs = [piece.spent[currency] for piece in pieces if currency in piece.spent]
    n, total = sum(map(len, runs)), sum((p.costs[currency] for p in pieces if currency in p.costs), Decimal(0))
    middle = Decimal(f"{percentile(runs, 0.5):.15g}")
    average, middle = (each.quantize(CENT, ROUND_HALF_UP) for each in (total / n, middle))
    return {"currency": currency, "n": n, "total": str(total), "average": str(average), "middle": str(middle)}


def percentile(runs: Sequence[array[float]], share: float) -> float:
    """As `percentile_cont`: between two, in proportion."""
    at = share * (sum(map(len, runs)) - 1)
    low, high = nth(runs, floor(at)), nth(runs, ceil(at))
    return low if low == high else low + (at - floor(at)) * (high - low)


def nth(runs: Sequence[array[float]], at: int) -> float:
    """What would stand at this place if all of these sorted runs were one."""
    lows, highs = [0] * len(runs), [len(run) for run in runs]
    while True:
        width, widest = max((high - low, which) for which, (low, high) in enumerate(zip(lows, highs, strict=True)))
        pivot = runs[widest][lows[widest] + width // 2]
        ranges = list(zip(runs, lows, highs, strict=True))
        below = [bisect_left(run, pivot, low, high) for run, low, high in ranges]
        through = [bisect_right(run, pivot, low, high) for run, low, high in ranges]
        if at < sum(below):
            highs = below
        elif at >= sum(through):
            lows = through
        else:
            return pivot


def repeats(pieces: dict[Cut, list[Piece]]) -> list[dict[str, Any]] | None:
    """Customers of each slot, and those who had come within 90 days before; `pieces` oldest first.

    Within a cut the order says nothing: it is shorter than 90 days, so two are always a repeat, of its slot. None where
    by the clocks of two places somebody's earlier day came later than another slot's day: then a statement must tell.
    """
    if _is_crossed(pieces):
        return None
    last: dict[int, int] = {}
    came: dict[int, set[int]] = defaultdict(set)
    again: dict[int, set[int]] = defaultdict(set)
    for cut, found in pieces.items():
        hits: set[int] = set()
        for piece in found:
            if cut.slot is not None:
                came[cut.slot].update(piece.customers)
            _visit(piece, last, hits)
        if cut.slot is not None:
            again[cut.slot] |= hits
    return [{"slot": slot, "n": len(customers), "hits": len(again[slot])} for slot, customers in came.items()]


def _visit(piece: Piece, last: dict[int, int], hits: set[int]) -> None:
    get = last.get
    for customer, moment in zip(piece.customers, piece.moments, strict=True):
        before = get(customer)
        if before is None:
            last[customer] = moment
            continue
        if moment - before <= NEAR:
            hits.add(customer)
        if moment > before:
            last[customer] = moment


def _is_crossed(pieces: dict[Cut, list[Piece]]) -> bool:
    by_slot: dict[int | None, list[Piece]] = {}
    for cut, found in pieces.items():
        by_slot.setdefault(cut.slot, []).extend(found)
    for earlier, later in combinations(by_slot.values(), 2):
        final = max((piece.span[1] for piece in earlier if piece.span), default=-(1 << 63))
        first = min((piece.span[0] for piece in later if piece.span), default=final + 1)
        if final >= first and _between(first, final, earlier) & _between(first, final, later):
            return True
    return False


def _between(first: int, final: int, pieces: list[Piece]) -> set[int]:
    found = (zip(piece.customers, piece.moments, strict=True) for piece in pieces)
    return {customer for each in found for customer, moment in each if first <= moment <= final}
