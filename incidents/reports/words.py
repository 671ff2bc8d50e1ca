"""Figures as people say them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.reports.figures import Definition, Figure, Unit, Value

MINUTE, HOUR, DAY = 60, 3600, 86400


def _number(value: float | Decimal, places: int = 0) -> str:
    return formats.number_format(value, places, use_l10n=True, force_grouping=True)


def _length(seconds: float) -> str:
    """The greatest unit of which there are two or more."""
    if seconds >= 2 * DAY:
        return _("%(n)s days") % {"n": _number(seconds / DAY, 1)}
    if seconds >= 2 * HOUR:
        return _("%(n)s hours") % {"n": _number(seconds / HOUR, 1)}
    return ngettext("%(n)s minute", "%(n)s minutes", round(seconds / MINUTE)) % {"n": _number(round(seconds / MINUTE))}


def _days(days: float) -> str:
    return ngettext("%(n)s day", "%(n)s days", round(days)) % {"n": _number(days, 0 if days == int(days) else 1)}


_SAID: dict[str, Callable[[float], str]] = {
    Unit.PERCENT: lambda value: _("%(n)s %%") % {"n": _number(round(value))},
    Unit.SECONDS: _length,
    Unit.MINUTES: lambda value: _length(value * MINUTE),
    Unit.DAYS: _days,
    Unit.COUNT: lambda value: _number(round(value)),
}


def say(value: Value, unit: str, currency: str = "") -> str:
    """One value with its unit; nothing for nothing."""
    if value is None:
        return ""
    return f"{_number(value, 2)} {currency}" if unit == Unit.MONEY else _SAID[unit](float(value))


def words_of(figure: Figure) -> str:
    """What stands where the figure stands. Of few, the numbers instead of a percentage."""
    unit = figure.definition.unit
    if figure.key == "recurrence" and figure.n:
        return _("%(after)d after, %(before)d before") % {"after": figure.hits or 0, "before": figure.n}
    if unit == Unit.PERCENT and figure.n == 0:
        return ""
    if figure.is_hidden:
        return _("%(hits)d of %(n)d") % {"hits": figure.hits or 0, "n": figure.n}
    if unit == Unit.MONEY:
        return " · ".join(say(part.value, unit, part.key) for part in figure.parts)
    return say(figure.value, unit)


def more_of(figure: Figure) -> str:
    """How many it was counted from, and what else there is to say."""
    unit = figure.definition.unit
    said = []
    if unit == Unit.PERCENT and figure.n and not figure.is_hidden and figure.key != "recurrence":
        said.append(_("%(hits)d of %(n)d") % {"hits": figure.hits or 0, "n": figure.n})
    elif unit in (Unit.SECONDS, Unit.DAYS, Unit.MINUTES, Unit.MONEY) and figure.n:
        said.append(_("n = %(n)d") % {"n": figure.n})
    elif figure.key == "apology_only" and figure.n:
        said.append(_("of %(n)d") % {"n": figure.n})
    if unit in (Unit.SECONDS, Unit.DAYS) and figure.p90 is not None:
        said.append(_("nine of ten within %(length)s") % {"length": say(figure.p90, unit)})
    if unit == Unit.MONEY:
        said += [_("%(sum)s in all") % {"sum": say(part.total, unit, part.key)} for part in figure.parts]
    if unit == Unit.MINUTES and figure.total:
        said.append(_("%(sum)s in all") % {"sum": say(figure.total, unit)})
    return ", ".join(said)


@dataclass(frozen=True)
class Line:
    """A figure and what it was before, in words."""

    figure: Figure
    before: Figure

    @property
    def definition(self) -> Definition:
        return self.figure.definition

    @property
    def words(self) -> str:
        return words_of(self.figure)

    @property
    def more(self) -> str:
        return more_of(self.figure)

    @property
    def before_words(self) -> str:
        return words_of(self.before)

    @property
    def is_alarming(self) -> bool:
        """What must be 0 is not."""
        return self.figure.key == "apology_only" and bool(self.figure.value)

    @property
    def sentence(self) -> str:
        """What changed."""
        if not self.words:
            return _("Nothing to count yet.")
        if not self.before_words:
            return _("%(now)s. There is nothing before to compare with.") % {"now": self.words}
        if self.words == self.before_words:
            return _("%(now)s, as in the time before.") % {"now": self.words}
        return _("%(now)s. It was %(before)s in the time before.") % {"now": self.words, "before": self.before_words}
