"""A figure week by week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents.models import Staff
from incidents.reports.figures import Figure, by_slot, nothing, of_changes
from incidents.reports.keeping import keep
from incidents.reports.scope import DAY, Scope
from incidents.reports.slots import weeks_of
from incidents.reports.sums import PARTS_OF


@dataclass(frozen=True)
class Week:
    """`start` is its Monday; the first and the last week of a scope may be cut short."""

    start: dt.date
    figure: Figure


def weekly(staff: Staff, scope: Scope, key: str, now: dt.datetime) -> list[Week]:
    """Oldest first, a week without anything too. At most three statements; one while nothing changed."""
    slots = weeks_of(scope)
    if key in PARTS_OF:
        return weekly_of(staff, scope, (key,), now)[key]
    return _weeks(of_changes(staff, scope, now, slots), key, scope)


def weekly_of(staff: Staff, scope: Scope, keys: tuple[str, ...], now: dt.datetime) -> dict[str, list[Week]]:
    """Several that are counted from facts, with the statements of one."""
    slots = weeks_of(scope)
    found = keep(
        ("weekly", *keys),
        lambda: by_slot(staff, scope, now, slots, list(keys)),
        staff=staff,
        scope=scope,
        now=now,
        first=slots.first,
    )
    return {key: _weeks(found, key, scope) for key in keys}


def _weeks(found: dict[int, dict[str, Figure]], key: str, scope: Scope) -> list[Week]:
    slots = weeks_of(scope)
    last = slots.of(scope.end)
    return [Week(slots.zero + 7 * at * DAY, found.get(at, {}).get(key, nothing(key))) for at in range(last + 1)]
