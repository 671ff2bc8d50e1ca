"""What the timeline says of what managers did on their first page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Event, NeedKind
from incidents.story.words import day_and_time

Told = tuple[str, str, str, bool]


def _need(event: Event) -> str:
    kind = event.codes.get("need", "")
    return str(NeedKind(kind).label) if kind in NeedKind.values else ""


def _nudged(teller: Any, event: Event) -> Told:
    if who := teller.rows.name(event.codes.get("to")):
        return _("%(who)s was asked to see to it") % {"who": who}, "bell", "", False
    return _("Whoever has it was asked to see to it"), "bell", "", False


def _looked_at(teller: Any, event: Event) -> Told:
    return _("A manager looked at it: %(what)s") % {"what": _need(event)}, "check-lg", "", False


def _put_off(teller: Any, event: Event) -> Told:
    when = day_and_time(dt.datetime.fromisoformat(event.codes["until"]), teller.incident.location.zone)
    return _("A manager looks at it again %(when)s") % {"when": when}, "clock", "", False


def _back(teller: Any, event: Event) -> Told:
    return _("Back among what needs a manager: %(what)s") % {"what": _need(event)}, "arrow-counterclockwise", "", False


TOLD_OF_NEEDS: dict[str, Callable[[Any, Event], Told]] = {
    "nudged": _nudged,
    "looked_at": _looked_at,
    "put_off": _put_off,
    "brought_back": _back,
}
