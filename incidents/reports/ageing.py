"""How long what is open has been open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText

from incidents.models import Staff
from incidents.reports.scope import Scope


@dataclass(frozen=True)
class Age:
    """Open since so many days (`until` None: and more), and how many of them have an overdue step."""

    since: int
    until: int | None
    label: LazyText | str
    open: int
    late: int


def ageing(staff: Staff, scope: Scope, now: dt.datetime) -> list[Age]:
    """Whenever it was reported: of a scope only place, category, cause and severity count."""
    return []
