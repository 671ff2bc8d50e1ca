"""Which incidents the numbers are about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """Reported from `start` to `end`, both included, on the calendar of each place.

    Without restricted ones where several people read along (`is_shared`): on the wall of a meeting.
    """

    start: dt.date
    end: dt.date
    location_id: int | None = None
    category_id: int | None = None
    cause_id: int | None = None
    severity: int | None = None
    is_shared: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start) // DAY + 1

    @property
    def before(self) -> Scope:
        """As many days, right before."""
        return replace(self, start=self.start - self.days * DAY, end=self.start - DAY)
