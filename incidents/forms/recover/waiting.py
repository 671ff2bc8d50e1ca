"""Waiting for the customer: until when, and what for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, MomentField, StoryField
from incidents.models.base import STORY
from incidents.models.hours import calendar_of
from incidents.targets import WAIT_AT_MOST, WAIT_USUALLY, Target

TOMORROW, USUALLY, WEEK, MOMENT = "tomorrow", "open_days", "week", "moment"
_LENGTHS = {TOMORROW: Target(days=1), USUALLY: WAIT_USUALLY, WEEK: Target(days=7)}
_WORDS = {TOMORROW: _("Tomorrow"), USUALLY: _("3 open days"), WEEK: _("A week")}


class WaitForm(CreatingForm):
    """What is chosen becomes a moment at which the place is open."""

    how_long = forms.ChoiceField(
        label=_("How long do we wait?"),
        choices=[(name, words) for name, words in [*_WORDS.items(), (MOMENT, _("A day and time"))]],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say until when we wait."),
            "invalid_choice": _("Say until when we wait."),
        },
    )
    until = MomentField(label=_("Which day and time"), required=False)
    note = StoryField(label=_("What do we wait for?"), required=False, max_length=STORY, rows=2)

    def prepare(self) -> None:
        self.initial.setdefault("how_long", USUALLY)

    @property
    def chips(self) -> Any:
        """The choices, each with its day. One query."""
        days = {name: formats.date_format(at.astimezone(self.desk.zone), "D j M") for name, at in self._moments.items()}
        bound = self["how_long"]
        field: Any = bound.field
        field.choices = [(name, f"{words}, {days[name]}") for name, words in _WORDS.items()] + [
            (MOMENT, _("A day and time"))
        ]
        return bound

    @cached_property
    def _moments(self) -> dict[str, dt.datetime]:
        calendar, now = calendar_of(self.desk.incident.location), self.desk.now
        ends = {name: calendar.next_open(calendar.due(now, length)) for name, length in _LENGTHS.items()}
        longest = now + WAIT_AT_MOST  # a place may stay closed for a season
        return {name: min(end, longest).replace(second=0, microsecond=0) for name, end in ends.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("how_long")
        until = cleaned.get("until") if chosen == MOMENT else self._moments.get(str(chosen))
        if chosen == MOMENT and "until" not in self.errors:
            if until is None:
                self.add_error("until", _("Say which day and time."))
            elif not self.desk.now < until <= self.desk.now + WAIT_AT_MOST:
                self.add_error("until", _("Choose a moment still to come, within the next 60 days."))
        elif chosen != MOMENT:
            self.errors.pop("until", None)
        return {"until": until, "note": cleaned.get("note", ""), "submit_key": cleaned.get("submit_key")}
