"""How long a step may take, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.targets import Target

HOUR = 60


def target_words(target: Target) -> str:
    """ "within 4 opening hours", "by the end of the day"."""
    if target.is_same_day:
        return _("by closing time") if target.is_business else _("by the end of the day")
    if target.days is not None:
        return _days(target.days, is_business=target.is_business)
    hours, minutes = divmod(target.minutes or 0, HOUR)
    return _minutes(target.minutes or 0, target) if minutes else _hours(hours, target)


def _days(days: int, *, is_business: bool) -> str:
    if is_business:
        return ngettext("within %(n)d opening day", "within %(n)d opening days", days) % {"n": days}
    return ngettext("within %(n)d day", "within %(n)d days", days) % {"n": days}


def _hours(hours: int, target: Target) -> str:
    if target.is_business:
        return ngettext("within %(n)d opening hour", "within %(n)d opening hours", hours) % {"n": hours}
    return ngettext("within %(n)d hour", "within %(n)d hours", hours) % {"n": hours}


def _minutes(minutes: int, target: Target) -> str:
    if target.is_business:
        words = ngettext("within %(n)d minute of opening hours", "within %(n)d minutes of opening hours", minutes)
    else:
        words = ngettext("within %(n)d minute", "within %(n)d minutes", minutes)
    return words % {"n": minutes}


def said_words(said: Sequence[Target]) -> str:
    """One, or the calls of one severity: "within 1 day, again within 7 days"; nothing for none."""
    told = [target_words(target) for target in said]
    return ", ".join([*told[:1], *(_("again %(when)s") % {"when": words} for words in told[1:])])
