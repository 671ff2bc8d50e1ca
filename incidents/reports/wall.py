"""A few numbers of one place for the wall of its meeting: nothing restricted is in them."""

from __future__ import annotations

import datetime as dt

from incidents.models import Location, Staff
from incidents.reports.figures import with_before
from incidents.reports.scope import DAY, Scope
from incidents.reports.words import Line

ON_THE_WALL = ("incidents", "apologized_in_time", "time_to_remedy", "calls_kept", "promises_kept")
LENGTH = 28


def wall_figures(staff: Staff, location: Location, now: dt.datetime) -> list[Line]:
    """The last 28 days of the place and the 28 before; of what nothing can be said, nothing. Five statements."""
    today = now.astimezone(location.zone).date()
    scope = Scope(today - (LENGTH - 1) * DAY, today, location_id=location.pk, is_shared=True)
    found, before = with_before(staff, scope, now)
    lines = [Line(found[key], before[key]) for key in ON_THE_WALL]
    return [line for line in lines if line.words]
