"""The parts that stand on a page dozens of times, made without a template each."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.counting import told
from incidents.forms.markup import NOTHING, fill
from incidents.story import words

register = template.Library()
FOUR_WEEKS = dt.timedelta(days=28)
register.filter("told", told)
_BEGINNING = dt.datetime(2001, 1, 1)  # noqa: DTZ001  any day will do
SPRITE = "vendor/bootstrap-icons-1.13.2/sprite.svg"


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """One icon of the sprite, for decoration only (hidden from screen readers). `extra`: more classes."""
    return fill(
        '<svg class="icon{}{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        " " if extra else "",
        extra or "",
        static(SPRITE),
        name,
    )


@register.simple_tag
def clock(
    due: dt.datetime | str | None = None,
    now: dt.datetime | str | None = None,
    words: str = "",
    is_late: object = False,
    is_soon: object = False,
) -> SafeString:
    """When something is due, in words; late is bold, red and says so. `words` are ready ones instead."""
    moment = due if isinstance(due, dt.datetime) else None
    if not words:
        if moment is None or not isinstance(now, dt.datetime):
            return NOTHING
        is_late = moment < now
        passed = {"time": between(moment, now) if is_late else between(now, moment)}
        words = (_("Late by %(time)s") if is_late else _("Due in %(time)s")) % passed
    state = " is-late" if is_late else " is-soon" if is_soon else ""
    if moment is None:
        return fill('<span class="clock{}">{}</span>', state, words)
    return clock_at(moment, timezone.get_current_timezone(), words, get_language(), state)


@lru_cache(maxsize=4096, typed=True)  # typed: what is marked safe equals what is not
def clock_at(moment: dt.datetime, zone: dt.tzinfo, words: object, language: str | None, state: str = "") -> SafeString:
    """The same, of a moment in a zone that is known. `state`: " is-late" or " is-soon".

    A list that is open says the same a minute long, to whoever looks at it.
    """
    here = moment.astimezone(zone)
    return fill(
        '<span class="clock{}"><time datetime="{}" title="{}">{}</time></span>',
        state,
        stamp(here),
        day_and_time(here.replace(second=0, microsecond=0, tzinfo=None), language),
        words,
    )


@register.simple_tag
def moment(at: dt.datetime) -> SafeString:
    """When something was done, by the clock of the zone in use: "Wed 4 Mar, 09:05"."""
    return _moment(at, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4096)
def _moment(at: dt.datetime, zone: dt.tzinfo, language: str | None) -> SafeString:
    """By its zone too: one instant is the same in all of them."""
    here = at.astimezone(zone)
    return fill('<time datetime="{}">{}</time>', stamp(here), _short(_whole_minute(here), language))


@register.simple_tag
def short_moment(at: dt.datetime) -> str:
    """The same, in words only."""
    return _short(_whole_minute(timezone.localtime(at)), get_language())


def _whole_minute(here: dt.datetime) -> dt.datetime:
    return here.replace(second=0, microsecond=0, tzinfo=None)


@lru_cache(maxsize=4096)
def _short(here: dt.datetime, language: str | None) -> str:
    return formats.date_format(here, "D j M, H:i")


def stamp(here: dt.datetime) -> str:
    """As `%Y-%m-%dT%H:%M:%S%z` says it, in a tenth of the time."""
    text = here.isoformat(timespec="seconds")
    return f"{text[:-3]}{text[-2:]}"


def between(earlier: dt.datetime, later: dt.datetime, language: str | None = None) -> str:
    """Django's `timesince`, which looks up every unit anew, remembered for lengths without months in them.

    `language` is the one in use, where it is known.
    """
    length = later - earlier
    if not dt.timedelta(0) < length < FOUR_WEEKS:
        return timesince(earlier, later)
    seconds = int(length.total_seconds())
    unit = 86400 if length.days >= 7 else 3600 if length.days else 60  # of what it names, the smaller
    return _length(seconds - seconds % unit, language or get_language())


@register.filter
def ago(earlier: dt.datetime, now: dt.datetime) -> str:
    """How long it has been, to the smaller unit; "just now" in its first minute."""
    return words.ago(now - earlier, lambda: between(earlier, now))


@lru_cache(maxsize=2048)
def _length(seconds: int, language: str | None) -> str:
    return timesince(_BEGINNING, _BEGINNING + dt.timedelta(seconds=seconds))


@lru_cache(maxsize=4096)
def day_and_time(here: dt.datetime, language: str | None) -> str:
    return formats.date_format(here, "DATETIME_FORMAT")
