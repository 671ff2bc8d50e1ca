"""What let it happen: causes by how often and by what they cost."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext

from incidents.models import RootCause, Staff
from incidents.reports.counting import count
from incidents.reports.keeping import keep
from incidents.reports.scope import Scope
from incidents.reports.slots import whole


@dataclass(frozen=True)
class CauseRow:
    """`cause_id` None: not known yet, or none named. `share` and `so_far` go from 0 to 1."""

    cause_id: int | None
    name: str
    count: int
    cost: Decimal  # in `currency` of the Pareto
    share: float
    so_far: float


@dataclass(frozen=True)
class Pareto:
    """The greatest first. `currencies`: those in which there is any cost; `currency`: the one that is shown."""

    rows: tuple[CauseRow, ...]
    currency: str = ""
    currencies: tuple[str, ...] = ()


def pareto(staff: Staff, scope: Scope, by: Literal["count", "cost"] = "count", *, currency: str = "") -> Pareto:
    """Without a `currency`, the one with the most cost. At most four statements; two while nothing changed."""
    slots = whole(scope)
    counts = keep(
        "pareto",
        lambda: count(staff, scope, now_of_day(scope), slots, ("causes", "cause_costs")),
        staff=staff,
        scope=scope,
        now=now_of_day(scope),
        first=scope.start,
    )
    costs = {(row["cause_id"], row["currency"]): Decimal(row["total"]) for row in counts["cause_costs"]}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_cause, each), cost in costs.items():
        sums[each] += cost
    currencies = tuple(sorted(sums, key=lambda each: (-sums[each], each)))
    shown = currency if currency in sums else next(iter(currencies), "")
    rows = [(row["cause_id"], row["n"], costs.get((row["cause_id"], shown), Decimal(0))) for row in counts["causes"]]
    return Pareto(_ordered(rows, by), shown, currencies)


def now_of_day(scope: Scope) -> dt.datetime:
    """Nothing in it depends on the clock."""
    return dt.datetime.combine(scope.end, dt.time.min, dt.UTC)


def _ordered(rows: list[tuple[int | None, int, Decimal]], by: str) -> tuple[CauseRow, ...]:
    causes = RootCause.objects.filter(pk__in=[pk for pk, _n, _cost in rows if pk])
    names = {each.pk: each.label for each in causes} if any(pk for pk, _n, _cost in rows) else {}
    size = {pk: float(cost) if by == "cost" else float(n) for pk, n, cost in rows}
    whole = sum(size.values()) or 1.0
    made, so_far = [], 0.0
    for pk, n, cost in sorted(rows, key=lambda row: (-size[row[0]], -row[1], row[0] or 0)):
        so_far += size[pk]
        name = names[pk] if pk else gettext("Nobody has said yet")
        made.append(CauseRow(pk, name, n, cost, size[pk] / whole, so_far / whole))
    return tuple(made)
