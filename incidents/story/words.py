"""Small words that several parts of a page say the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incidents.models.values import duration_words
from incidents.vocabulary import Channel, Clock, Outcome

_HOW = {
    Channel.IN_PERSON: gettext_lazy("in person"),
    Channel.PHONE: gettext_lazy("by phone"),
    Channel.VIDEO: gettext_lazy("by video"),
    Channel.NOTE: gettext_lazy("with a handwritten note"),
    Channel.LETTER: gettext_lazy("by letter"),
    Channel.EMAIL: gettext_lazy("by e-mail"),
    Channel.CHAT: gettext_lazy("by chat"),
    Channel.PUBLIC: gettext_lazy("in public"),
}
_DUE = {
    Clock.ACKNOWLEDGE: gettext_lazy("First answer due in %(time)s"),
    Clock.APOLOGIZE: gettext_lazy("Apology due in %(time)s"),
    Clock.OFFER: gettext_lazy("Offer due in %(time)s"),
    Clock.DELIVER: gettext_lazy("To be put right in %(time)s"),
    Clock.FOLLOW_UP: gettext_lazy("Call due in %(time)s"),
}
_LATE = {
    Clock.ACKNOWLEDGE: gettext_lazy("First answer late by %(time)s"),
    Clock.APOLOGIZE: gettext_lazy("Apology late by %(time)s"),
    Clock.OFFER: gettext_lazy("Offer late by %(time)s"),
    Clock.DELIVER: gettext_lazy("Late by %(time)s"),
    Clock.FOLLOW_UP: gettext_lazy("Call late by %(time)s"),
}
_SOON = dt.timedelta(hours=1)


def how(channel: str) -> str:
    """ "by phone"."""
    return _how(get_language(), channel)


def outcome_words(outcome: str) -> str:
    """ "No answer"."""
    return _outcome(get_language(), outcome)


@lru_cache(maxsize=256)
def _how(language: str | None, channel: str) -> str:
    """A long story looks a few words up in the catalogue a hundred times: they are remembered."""
    return str(_HOW[Channel(channel)])


@lru_cache(maxsize=256)
def _outcome(language: str | None, outcome: str) -> str:
    return str(Outcome(outcome).label)


def about(length: dt.timedelta) -> str:
    """The largest of days, hours and minutes: "3 days", "40 minutes"."""
    if length >= dt.timedelta(days=1):
        length = dt.timedelta(days=length.days)
    elif length >= dt.timedelta(hours=1):
        length = dt.timedelta(hours=length.total_seconds() // 3600)
    return duration_words(length)


def ago(length: dt.timedelta, words: Callable[[], str] | None = None) -> str:
    """How long it has been; in its first minute "just now", which "0 minutes ago" would mean.

    `words` say the length in another way than `about()`.
    """
    if length < dt.timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": words() if words else about(length)}


def money(amount: Decimal, currency: str) -> str:
    return f"{formats.number_format(amount, decimal_pos=2, use_l10n=True)} {currency}"


def clock_words(clock: str, due_at: dt.datetime, now: dt.datetime) -> str:
    """ "Apology due in 40 minutes", "Call late by 2 hours"."""
    table = _LATE if due_at < now else _DUE
    return table[Clock(clock)] % {"time": about(abs(due_at - now))}


def is_soon(due_at: dt.datetime, now: dt.datetime) -> bool:
    return now <= due_at < now + _SOON


def ordinal_try(number: int) -> str:
    """ "2nd try"; nothing for the first."""
    if number < 2:
        return ""
    return {2: _("2nd try"), 3: _("3rd try")}.get(number, _("%(number)dth try") % {"number": number})


@lru_cache(maxsize=1024)
def asked_words(language: str | None, channel: str, outcome: str, score: int | None) -> str:
    """ "Asked by phone: all right, 4 of 5". `language` is the one in use."""
    asked = _("Asked %(how)s: %(outcome)s") % {"how": _how(language, channel), "outcome": _outcome(language, outcome)}
    return _("%(asked)s, %(score)s of 5") % {"asked": asked, "score": score} if score else asked


def day_and_time(moment: dt.datetime, zone: dt.tzinfo, language: str | None = None) -> str:
    """ "Wed 4 Mar, 09:05" in `zone`. `language` is the one in use, where it is known."""
    return _minute(language or get_language(), moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0))


@lru_cache(maxsize=4096)
def _minute(language: str | None, local: dt.datetime) -> str:
    """A page names a hundred moments; Django takes longer over each of them than over a row."""
    return formats.date_format(local, _("D j M, H:i"))
