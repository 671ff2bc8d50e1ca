"""When a target falls due. Today every location counts as always open."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from incidents.targets import Target


class Calendar(Protocol):
    """A location's clock: adds a target to an instant, both UTC."""

    def due(self, start: dt.datetime, target: Target) -> dt.datetime: ...


class AlwaysOpen:
    """Business time is wall time; *same day* ends at midnight in `zone`."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self.zone = zone

    def due(self, start: dt.datetime, target: Target) -> dt.datetime:
        if not target.is_same_day:
            return start + target.length
        local = start.astimezone(self.zone)
        midnight = dt.datetime.combine(local.date() + target.length, dt.time(), self.zone)
        return midnight.astimezone(dt.UTC)


def resolve_local(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """A naive local time as UTC: in a gap the next valid minute, in an overlap the first."""
    aware = moment.replace(tzinfo=zone, fold=0)
    utc = aware.astimezone(dt.UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == moment:
        return utc
    # In a gap: the clock jumps from `before` to the first minute that exists.
    low, high = utc - dt.timedelta(hours=3), utc + dt.timedelta(hours=3)
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(second=0, microsecond=0)
