"""A week of opening hours in words. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

Interval = tuple[int, dt.time, dt.time]  # Monday is 0; ends when or before it begins: past midnight
MIDNIGHT = dt.time()


def day_words(week: Sequence[Interval], day: int) -> str:
    """ "09:00-12:30, 13:30-17:30" with long dashes, "closed", "around the clock"."""
    pairs = sorted((opens, closes) for at, opens, closes in week if at == day)
    if not week or (MIDNIGHT, MIDNIGHT) in pairs:
        return _("around the clock")
    if not pairs:
        return _("closed")
    return ", ".join(f"{time_words(opens)}\u2013{_end(opens, closes)}" for opens, closes in pairs)


def time_words(time: dt.time) -> str:
    return formats.time_format(time, _("H:i"))


def _end(opens: dt.time, closes: dt.time) -> str:
    if closes == MIDNIGHT:
        return _("24:00")
    words = time_words(closes)
    return _("%(time)s the next day") % {"time": words} if closes <= opens else words


def week_words(week: Sequence[Interval]) -> list[str]:
    """A line for days in a row that are alike: "Mon-Fri 09:00-17:30", "Sat-Sun closed"."""
    if not week:
        return [_("Open around the clock, every day")]
    alike = groupby(range(7), key=lambda day: day_words(week, day))
    return [f"{_run([*days])} {words}" for words, days in alike]


def _run(days: Sequence[int]) -> str:
    names = [str(WEEKDAYS_ABBR[day]) for day in days]
    return f"{names[0]}\u2013{names[-1]}" if len(names) > 1 else names[0]
