"""What let it happen: causes by how often and by what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from incidents.models import Staff
from incidents.reports.scope import Scope


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
    """Without a `currency`, the one with the most cost."""
    return Pareto(())
