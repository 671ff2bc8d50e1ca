"""What the timeline says of what we change so that it does not happen again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.models import CheckVerdict, Event, ReviewState

Told = tuple[str, str, str, bool]


def _change(words: Any, icon: str) -> Callable[[Any, Event], Told]:
    def told(teller: Any, event: Event) -> Told:
        action = teller.subject("preventions", event)
        what = action.what if action else _("a change")
        return str(words) % {"what": what}, icon, "", False

    return told


def _moved(teller: Any, event: Event) -> Told:
    if event.codes["to"] == event.codes["from_"]:
        return _change(gettext_lazy("Somebody else changes it: %(what)s"), "person")(teller, event)
    title, icon, text, is_quote = _change(gettext_lazy("We change it later: %(what)s"), "clock-history")(teller, event)
    day = formats.date_format(dt.date.fromisoformat(event.codes["to"]), _("D j M"))
    return f"{title} ({day})", icon, text, is_quote


def _checked(teller: Any, event: Event) -> Told:
    said = event.codes.get("verdict", "")
    verdict = CheckVerdict(said).label if said in CheckVerdict.values else said
    return _("Looked whether it came back: %(verdict)s") % {"verdict": verdict}, "search", "", False


def _review_state(teller: Any, event: Event) -> Told:
    to = event.codes.get("to", "")
    state = ReviewState(to).label if to in ReviewState.values else to
    return _("What we learn from it: %(state)s") % {"state": state}, "lightbulb", "", False


TOLD_OF_CHANGES: dict[str, Callable[[Any, Event], Told]] = {
    "prevention_proposed": _change(gettext_lazy("An idea what to change: %(what)s"), "lightbulb"),
    "prevention_committed": _change(gettext_lazy("What we will change: %(what)s"), "wrench"),
    "prevention_moved": _moved,
    "prevention_done": _change(gettext_lazy("Changed: %(what)s"), "check-lg"),
    "prevention_dropped": _change(gettext_lazy("Not changed after all: %(what)s"), "slash-circle"),
    "prevention_checked": _checked,
    "prevention_back": _change(gettext_lazy("It came back, so this is open again: %(what)s"), "arrow-repeat"),
    "prevention_told": _change(gettext_lazy("Another place was told: %(what)s"), "megaphone"),
    "review_state_changed": _review_state,
}
