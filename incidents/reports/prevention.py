"""Before and after each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from incidents.models import CheckVerdict, PreventionAction, Staff
from incidents.reports.scope import Scope


@dataclass(frozen=True)
class BeforeAfter:
    """So many of its category and cause at the place in the 90 days before it took effect, and after (so far)."""

    action: PreventionAction
    days: int  # that have passed, 90 at most
    before: int
    after: int
    verdict: CheckVerdict


def before_after(staff: Staff, scope: Scope, now: dt.datetime) -> list[BeforeAfter]:
    """Of changes that were in effect at some time of the scope, newest first."""
    return []
