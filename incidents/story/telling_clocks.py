"""What the timeline says of how bad it is, and of waiting for the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import Event
from incidents.story.words import day_and_time
from incidents.vocabulary import Raised, Severity

Told = tuple[str, str, str, bool]
_WHY = {
    Raised.FIRST_ORDER: gettext_lazy("their first order"),
    Raised.KEY_ACCOUNT: gettext_lazy("a key account"),
    Raised.SECOND_FAILURE: gettext_lazy("we made it worse"),
    Raised.REPEAT: gettext_lazy("it happened again within 90 days"),
    Raised.UNHAPPY: gettext_lazy("still unhappy when we called"),
}


def raised_words(rule: str) -> str:
    """ "a key account"; nothing for what is not raised."""
    return str(_WHY[Raised(rule)]) if rule in Raised.values else ""


def _level(event: Event) -> str:
    level = event.codes.get("to")
    return str(Severity(level).label) if level in Severity.values else ""


def _raised(teller: Any, event: Event) -> Told:
    words = {"level": _level(event), "why": raised_words(event.codes.get("rule", ""))}
    return _("Raised to %(level)s: %(why)s") % words, "exclamation-circle", "", False


def _lowered(teller: Any, event: Event) -> Told:
    words = {"level": _level(event), "why": raised_words(event.codes.get("rule", ""))}
    return _("Back to %(level)s: no longer “%(why)s”") % words, "arrow-counterclockwise", "", False


def _waiting(teller: Any, event: Event) -> Told:
    note = teller.subject("notes", event)
    until = day_and_time(dt.datetime.fromisoformat(event.codes["until"]), teller.incident.location.zone)
    words = _("We wait for the customer until %(when)s")
    if event.codes.get("was"):
        words = _("We wait for the customer until %(when)s now")
    return words % {"when": until}, "hourglass-split", note.words if note else "", False


def _heard(teller: Any, event: Event) -> Told:
    if event.codes.get("why") == "answered":
        return _("They answered us"), "chat-left-text", "", False
    return _("We no longer wait for the customer"), "hourglass-split", "", False


TOLD_OF_CLOCKS: dict[str, Callable[[Any, Event], Told]] = {
    "severity_raised": _raised,
    "severity_lowered": _lowered,
    "waiting_began": _waiting,
    "waiting_ended": _heard,
}
