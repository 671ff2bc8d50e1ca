"""Results kept in this process until a fact that may be in them changes, or a moment comes that changes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from incidents.models import Staff
from incidents.reports.scope import Scope
from incidents.reports.seen import Stamp, restricted_ids, stamp

K = TypeVar("K")
MOST = 300


@dataclass(frozen=True)
class _Kept:
    stamp: Stamp
    made_at: dt.datetime
    until: dt.datetime | None
    result: Any


_kept: dict[Hashable, _Kept] = {}


def keep(
    name: Hashable,
    make: Callable[[], tuple[K, dt.datetime | None]],
    *,
    staff: Staff,
    scope: Scope,
    now: dt.datetime,
    first: dt.date | None,
    is_from: Stamp | None = None,
) -> K:
    """The result of `make()`, which says until when it holds though no fact changes (None: as long as that).

    One statement when it is kept. `first`: the first day on which it looks; None for all days.
    `is_from`: its stamp, where that is known.
    """
    key = (name, staff.pk, staff.role, () if staff.sees_all else tuple(staff.location_ids), scope)
    is_from = stamp(staff, scope, first) if is_from is None else is_from
    found = _kept.get(key)
    if (
        found is not None
        and found.stamp == is_from
        and found.made_at <= now
        and (found.until is None or now <= found.until)
    ):
        return cast("K", found.result)
    result, until = make()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = _Kept(is_from, now, until, result)
    return result


def kept_restricted_ids(staff: Staff, scope: Scope, now: dt.datetime) -> list[int]:
    """`restricted_ids()`, looked up anew when any of them may have changed. Two statements then, else one."""
    if scope.is_shared or not staff.is_manager:
        return []
    anywhere = Scope(dt.date.min, dt.date.min)
    return keep(
        "restricted", lambda: (restricted_ids(staff, anywhere), None), staff=staff, scope=anywhere, now=now, first=None
    )
