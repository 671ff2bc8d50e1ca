"""What it says in the timeline once an act was taken back at once."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

_UNDONE: dict[str, Callable[[], str]] = {
    "closed": lambda: _("Undone at once: it is not closed"),
    "handed_over": lambda: _("Undone at once: it was not handed over"),
    "handed_over_with_many": lambda: _("Given back, with all that was handed over together"),
    "promise_kept": lambda: _("Undone at once: the promise is still open"),
    "promise_broken": lambda: _("Undone at once: the promise is still open"),
    "remedy_failed": lambda: _("Undone at once: it is still on its way"),
    "remedy_withdrawn": lambda: _("Undone at once: it is still on its way"),
    "remedy_declined": lambda: _("Undone at once: it was not declined"),
    "remedy_let_go": lambda: _("Undone at once: it is still on its way"),
    "remedy_waived": lambda: _("Undone at once: something is still due to them"),
    "waiting_began": lambda: _("Undone at once: we wait no longer than before"),
    "waiting_ended": lambda: _("Undone at once: we still wait for their answer"),
    "second_failure_noted": lambda: _("Undone at once: we did not make it worse"),
}


def undone_words(act: str) -> str:
    """`act`: the kind of the event that was undone."""
    return _UNDONE[act]() if act in _UNDONE else _("Undone at once")
