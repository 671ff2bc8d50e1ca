"""The rows behind a figure, one page after another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents.models import FollowUp, Incident, PreventionAction, PromiseMade, Staff
from incidents.reports.figures import Value
from incidents.reports.scope import Scope

PAGE = 50


@dataclass(frozen=True)
class RowBehind:
    """`subject`: the call, promise or change that was counted; None where it is the incident.

    `is_hit`: whether it counts for the figure (of a percentage), None where there is nothing to hit.
    `value`: of a duration, money, minutes or score its own, in the figure's unit.
    """

    incident: Incident
    subject: FollowUp | PromiseMade | PreventionAction | None = None
    is_hit: bool | None = None
    due_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    value: Value = None
    currency: str = ""


@dataclass(frozen=True)
class Page:
    """`after`: hand it in for the next page; empty on the last one."""

    rows: tuple[RowBehind, ...]
    after: str = ""


def rows_behind(staff: Staff, scope: Scope, key: str, now: dt.datetime, *, after: str = "", only: str = "") -> Page:
    """Newest first. `only`: "hits" or "misses". At most three statements."""
    return Page(())
