"""Who hears of a change, and what they are reminded of."""

from __future__ import annotations

import datetime as dt

from incidents.models import Location, NoticeKind, PreventionAction, Staff


def remind(action: PreventionAction, *, now: dt.datetime) -> None:
    """At the end of the day by which it is due, and no longer at any other time."""


def forget(action: PreventionAction, *, now: dt.datetime) -> None:
    """Nobody is reminded of it any more."""


def tell_assignee(action: PreventionAction, *, by: Staff | None, now: dt.datetime) -> None:
    """That it is theirs, unless they said so themselves."""


def tell_verdict(action: PreventionAction, kind: NoticeKind, *, now: dt.datetime) -> None:
    """Whoever does it, and the managers of its place."""


def tell_elsewhere(action: PreventionAction, location: Location, *, by: Staff, now: dt.datetime) -> None:
    """The managers of another place, or administrators where there are none."""
