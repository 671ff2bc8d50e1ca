"""When it happened and when we were told: the part of a form both logging and changing show."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.calendars import resolve_local
from incidents.forms.fields import DayInput, TimeOfDayInput
from incidents.models.values import parse_day

# Clocks of desks differ a little: this far ahead still counts as now.
TOLERANCE = dt.timedelta(minutes=5)
TODAY, YESTERDAY = "today", "yesterday"


class WhenFields(forms.Form):
    """A day without a time is enough: "Friday". A time alone means today."""

    occurred_day = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=[(TODAY, _("Today")), (YESTERDAY, _("Yesterday"))],
        required=False,
        widget=forms.RadioSelect,
    )
    occurred_on = forms.CharField(label=_("Another day"), required=False, max_length=10, widget=DayInput())
    occurred_time = forms.CharField(
        label=_("Time, if they know it"), required=False, max_length=8, widget=TimeOfDayInput()
    )

    def clean_when(self, now: dt.datetime, zone: dt.tzinfo) -> tuple[dt.date | None, dt.datetime | None]:
        """(occurred_on, occurred_at): a day alone, or an instant, or neither."""
        day = self._day(now.astimezone(zone).date())
        time = self._time()
        if time is None or self.errors.keys() & {"occurred_on", "occurred_time"}:
            return day, None
        day = day or now.astimezone(zone).date()
        moment = resolve_local(dt.datetime.combine(day, time), zone)
        if moment > now + TOLERANCE:
            self.add_error("occurred_time", _("That is still to come."))
        return None, moment

    def _day(self, today: dt.date) -> dt.date | None:
        if typed := self.cleaned_data.get("occurred_on"):
            try:
                day = parse_day(typed)
            except ValidationError as wrong:
                self.add_error("occurred_on", wrong)
                return None
        elif chosen := self.cleaned_data.get("occurred_day"):
            day = today - dt.timedelta(days=int(chosen == YESTERDAY))
        else:
            return None
        if day > today:
            self.add_error("occurred_on", _("That day is still to come."))
        return day

    def _time(self) -> dt.time | None:
        typed = self.cleaned_data.get("occurred_time")
        if not typed:
            return None
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", typed):
            self.add_error("occurred_time", _("Write a time, like 15:30."))
            return None
        return dt.time.fromisoformat(typed)


def day_typed(values: dict[str, Any], saved_on: dt.date, today: dt.date) -> dict[str, Any]:
    """A kept draft of another day: its "today" is a date by now."""
    day = values.get("occurred_day")
    if day not in (TODAY, YESTERDAY) or saved_on == today or values.get("occurred_on"):
        return values
    meant = saved_on - dt.timedelta(days=int(day == YESTERDAY))
    return values | {"occurred_day": "", "occurred_on": meant.isoformat()}
