"""Counts of a place and some days of a month, kept in this process until a fact of that place and month changes.

Pieces hold what nobody is kept from seeing; the few restricted ones that a reader sees are counted on top each time.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from incidents.models import Flag, Staff
from incidents.reports.scope import DAY, Scope
from incidents.reports.seen import REPEAT, facts_near, named_sql
from incidents.reports.slots import Slots

MOST_VALUES = 3_000_000  # of 8 bytes, that are kept
TIMES = ("remedy", "recovery", "lag", "minutes")
TOTALS = ("scores", "high_scores", "calls_kept", "calls_missed", "promises_kept", "promises_missed")


@dataclass(frozen=True)
class Cut:
    """Days of one month, all of one slot; of none where only who came is asked."""

    first: dt.date
    last: dt.date
    slot: int | None


@dataclass
class Piece:
    """Values are sorted, so that the middle of many pieces is found without sorting them again.

    `open`: when what is not settled is due. Moments are microseconds since 2000.
    """

    flags: Counter[int] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    values: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    spent: dict[str, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    open: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    costs: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    spenders: int = 0
    customers: array[int] = field(default_factory=lambda: array("q"))
    moments: array[int] = field(default_factory=lambda: array("q"))  # one for each of `customers`
    closed: int = 0
    reopened: int = 0

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The first and the last moment."""
        return (min(self.moments), max(self.moments)) if self.moments else None

    @property
    def size(self) -> int:
        values = sum(len(run) for runs in (self.values, self.spent) for run in runs.values())
        return values + sum(len(run) for run in self.open.values()) + 2 * (len(self.customers) + len(self.flags))


Months = dict[tuple[int, dt.date], int]
_kept: dict[tuple[Any, ...], tuple[int, Piece]] = {}


def months_of(stamped: str | None) -> Months:
    """The versions of places and months, from what a stamp says."""
    rows = (row.split() for row in (stamped or "").split(",") if row)
    return {(int(place), dt.date.fromisoformat(month)): int(version) for place, month, version in rows}


def cuts_of(slots: Slots, months: Months) -> list[Cut]:
    """Oldest first, from 90 days before on."""
    begin, found = slots.first - REPEAT - 2 * DAY, []
    for month in sorted({month for _place, month in months}):
        end = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        low, high = max(month, begin), min(end, slots.last)
        starts = sorted({low, *(day for day in (slots.first, slots.zero) if low < day <= high)})
        for first, following in zip(starts, [*starts[1:], high + DAY], strict=True):
            if first < following:
                found.append(Cut(first, following - DAY, slots.of(first) if first >= slots.first else None))
    return found


def pieces_of(
    staff: Staff, scope: Scope, months: Months, cuts: list[Cut], restricted: list[int]
) -> dict[Cut, list[Piece]]:
    """Of each cut its places, and the restricted ones. One statement, none where all of it is kept."""
    chosen = (scope.category_id, scope.cause_id, scope.severity)
    wanted = [
        (place, cut, version)
        for cut in cuts
        for (place, month), version in months.items()
        if month == cut.first.replace(day=1)
        and scope.location_id in {None, place}
        and (staff.sees_all or place in staff.location_ids)
    ]
    found: dict[Cut, list[Piece]] = {cut: [] for cut in cuts}
    versions: dict[tuple[int, Cut], int] = {}
    missing: dict[int, list[Cut]] = defaultdict(list)
    for place, cut, version in wanted:
        kept = _kept.get((place, cut, *chosen))
        if kept is not None and kept[0] == version:
            found[cut].append(kept[1])
        else:
            versions[place, cut] = version
            missing[place].append(cut)
    if cuts and (missing or restricted):
        for (place, cut), piece in _count(staff, scope, cuts, missing, restricted).items():
            found[cut].append(piece)
            if place:
                _kept[place, cut, *chosen] = (versions[place, cut], piece)
        _forget()
    return found


def _forget() -> None:
    """Oldest first, as many as are too many."""
    most = sum(piece.size for _version, piece in list(_kept.values())) - MOST_VALUES
    for key, (_version, piece) in list(_kept.items()):
        if most <= 0:
            return
        _kept.pop(key, None)
        most -= piece.size


_TALLY = " || ".join(f"int8send({each})" for each in ("count(*)", *(f"sum({name})" for name in TOTALS)))
_NO_RUNS = ", ".join(["NULL::bytea"] * 6)
_SENT = """
    SELECT 'tally' AS what, {place} AS place, {at} AS at, flags::text AS name, {tally}, {no_runs}, NULL::numeric, NULL
    FROM ({near}) near WHERE {days} GROUP BY 2, 3, flags
    UNION ALL
    SELECT 'runs', {place}, {at}, currency,
        string_agg(float8send(remedy_seconds), ''::bytea), string_agg(float8send(recovery_seconds), ''::bytea),
        string_agg(float8send(lag_days), ''::bytea), string_agg(float8send(minutes), ''::bytea),
        string_agg(float8send(cost::float8), ''::bytea), string_agg(int8send(customer_id), ''::bytea),
        string_agg(timestamptz_send(reported_at), ''::bytea) FILTER (WHERE customer_id IS NOT NULL),
        sum(cost), json_agg(more_costs) FILTER (WHERE more_costs IS NOT NULL)::text
    FROM ({near}) near WHERE {days} GROUP BY 2, 3, currency
    UNION ALL
    SELECT 'open', {place}, {at}, kind, string_agg(timestamptz_send(due), ''::bytea), {no_runs}, NULL, NULL
    FROM ({near}) near, LATERAL (
        VALUES ('sorry', sorry_open), ('step', step_open), ('review', review_open),
            ('first_step', CASE WHEN flags & %(second_try)s = 0 THEN step_open END)
        UNION ALL SELECT 'calls', unnest(calls_open) UNION ALL SELECT 'promises', unnest(promises_open)
    ) AS open (kind, due) WHERE waits_until IS NOT NULL AND due IS NOT NULL AND {days} GROUP BY 2, 3, kind
    UNION ALL
    SELECT 'closed', {place}, {closed_at}, NULL,
        int8send(count(*)) || int8send(count(*) FILTER (WHERE flags & %(reopened)s <> 0)), {no_runs}, NULL, NULL
    FROM ({near}) near WHERE {closed_days} GROUP BY 2, 3
"""
_COLUMNS = (
    *("incident_id", "location_id", "day", "first_closed_on", "reported_at", "customer_id", "flags", "currency"),
    *("cost", "more_costs", "remedy_seconds", "recovery_seconds", "lag_days", "minutes", *TOTALS, "waits_until"),
    *("sorry_open", "step_open", "review_open", "calls_open", "promises_open"),
)


def _count(
    staff: Staff, scope: Scope, cuts: list[Cut], missing: dict[int, list[Cut]], restricted: list[int]
) -> dict[tuple[int, Cut], Piece]:
    """A piece for each place and cut of `missing`, and for place 0 the restricted ones of each of `cuts`."""
    values: dict[str, Any] = {"second_try": int(Flag.SECOND_TRY), "reopened": int(Flag.REOPENED)}
    values |= {"firsts": [cut.first for cut in cuts]}
    branches = []
    if missing:
        days = [(place, *span) for place, found in missing.items() for span in _spans(found)]
        branches.append(_branch(facts_near(staff, scope, []), "free", "location_id", days, values))
    if restricted:
        days = [(0, *span) for span in _spans(cuts)]
        shut = facts_near(staff, scope, restricted).filter(is_restricted=True)
        branches.append(_branch(shut, "shut", "0::bigint", days, values))
        missing = missing | {0: cuts}
    made = {(place, cut): Piece() for place, found in missing.items() for cut in found}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branches), values)
        for what, place, at, *row in cursor.fetchall():
            _ADD[what](made[place, cuts[at - 1]], *row)
    for piece in made.values():
        for sums in (piece.values, piece.spent):
            sums.update({name: array("d", sorted(run)) for name, run in sums.items()})
        piece.open.update({name: array("q", sorted(run)) for name, run in piece.open.items()})
    return made


def _spans(cuts: list[Cut]) -> list[tuple[dt.date, dt.date]]:
    """Those that follow each other as one."""
    found: list[tuple[dt.date, dt.date]] = []
    for cut in cuts:
        if found and found[-1][1] + DAY == cut.first:
            found[-1] = (found[-1][0], cut.last)
        else:
            found.append((cut.first, cut.last))
    return found


def _branch(
    facts: QuerySet[Any, Any], name: str, place: str, days: list[tuple[int, dt.date, dt.date]], values: dict[str, Any]
) -> str:
    near, more = named_sql(facts.order_by().values(*_COLUMNS), f"{name}_near_")
    values |= more
    within = []
    for number, (at, first, last) in enumerate(days):
        names = [f"{name}_{of}{number}" for of in ("at", "first", "last")]
        values |= dict(zip(names, (at, first, last), strict=True))
        within.append("({} = %({})s AND {{day}} >= %({})s AND {{day}} <= %({})s)".format(place, *names))
    test, bucket = f"({' OR '.join(within)})", "width_bucket({day}, %(firsts)s::date[])"
    said = {"days": test.format(day="day"), "at": bucket.format(day="day"), "tally": _TALLY, "no_runs": _NO_RUNS}
    said |= {"closed_days": test.format(day="first_closed_on"), "closed_at": bucket.format(day="first_closed_on")}
    return _SENT.format(near=near, place=place, **said)


def _numbers(kind: str, sent: Any) -> array[Any]:
    """What PostgreSQL sends has its bytes the other way round."""
    run: array[Any] = array(kind)
    run.frombytes(bytes(sent or b""))
    run.byteswap()
    return run


def _add_tally(piece: Piece, flags: str, sent: Any, *_none: Any) -> None:
    n, *sums = _numbers("q", sent)
    piece.flags[int(flags)] += n
    for name, each in zip(TOTALS, sums, strict=True):
        piece.totals[name] += each


def _add_runs(piece: Piece, currency: str, *row: Any) -> None:
    *runs, costs, customers, moments, cost, more = row
    for name, sent in zip(TIMES, runs, strict=True):
        piece.values[name].extend(_numbers("d", sent))
    piece.customers.extend(_numbers("q", customers))
    piece.moments.extend(_numbers("q", moments))
    if cost is not None:
        spent = _numbers("d", costs)
        piece.spent[currency].extend(spent)
        piece.costs[currency] += cost
        piece.spenders += len(spent)
    for each in json.loads(more, parse_float=Decimal, parse_int=Decimal) if more else ():
        for other, amount in each.items():
            piece.spent[other].append(float(amount))
            piece.costs[other] += amount


def _add_open(piece: Piece, kind: str, sent: Any, *_none: Any) -> None:
    piece.open[kind].extend(_numbers("q", sent))


def _add_closed(piece: Piece, _name: None, sent: Any, *_none: Any) -> None:
    piece.closed, piece.reopened = _numbers("q", sent)


_ADD: dict[str, Callable[..., None]] = {
    "tally": _add_tally,
    "runs": _add_runs,
    "open": _add_open,
    "closed": _add_closed,
}
