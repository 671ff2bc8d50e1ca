"""What the numbers are asked for, read from the address. What cannot be understood is left out, never refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

DAY = dt.timedelta(days=1)
PERIODS: dict[str, LazyText] = {
    "month": _("This month"),
    "last": _("Last month"),
    "28": _("Last 28 days"),
    "90": _("Last 90 days"),
    "year": _("Last 12 months"),
}
FIRST_CHOICE = "90"
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
LONGEST = 3 * 366  # days
FILTERS = ("place", "category", "cause", "severity")


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def days_of(period: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of a period, both included."""
    first = today.replace(day=1)
    if period == "month":
        return first, today
    if period == "last":
        return (first - DAY).replace(day=1), first - DAY
    return today - ({"28": 28, "90": 90}.get(period, 365) - 1) * DAY, today


@dataclass
class Asked:
    """`offers`: of each filter what there is to choose from. `wrong`: days were asked for that make no stretch."""

    sent: QueryDict
    today: dt.date
    offers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    wrong: bool = False

    def __post_init__(self) -> None:
        sent_from, sent_to = (self.sent.get(name, "") for name in ("from", "to"))
        start, end = _day(sent_from), _day(sent_to)
        period = self.sent.get("period", "")
        self.period = period if period in PERIODS else FIRST_CHOICE
        self.start, self.end = days_of(self.period, self.today)
        if start and end and DAY * 0 <= end - start < LONGEST * DAY:
            self.start, self.end, self.period = start, end, ""
        elif sent_from or sent_to:
            self.wrong = True

    def number(self, name: str) -> int | None:
        """The key that was chosen, when it is one."""
        text = self.sent.get(name, "")
        is_number = text.isascii() and text.isdecimal() and len(text) < 19
        if not is_number or (name in self.offers and text not in dict(self.offers[name])):
            return None
        return int(text)

    @property
    def filters(self) -> dict[str, int | None]:
        return {name: self.number(name) for name in FILTERS}

    def address(self, **instead: Any) -> str:
        """The query string, with some of it changed; None takes one out."""
        said: dict[str, Any] = {"period": self.period} if self.period else {"from": self.start, "to": self.end}
        query = QueryDict(mutable=True)
        if "period" in instead:
            said.clear()
        for name, value in {**said, **self.filters, **instead}.items():
            if value:
                query[name] = str(value)
        return f"?{query.urlencode()}"

    def periods(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self.address(period=key), "current": key == self.period}
            for key, label in PERIODS.items()
        ]

    def chips(self) -> list[dict[str, str]]:
        """Each chosen filter in words, with the address without it."""
        chips = [] if self.period else [{"label": self.days, "url": self.address(period=FIRST_CHOICE)}]
        for name, value in self.filters.items():
            label = dict(self.offers.get(name, ())).get(str(value), "")
            if label:
                chips.append({"label": label, "url": self.address(**{name: None})})
        return chips

    def fields(self) -> Iterable[dict[str, Any]]:
        """What can be chosen, field by field, with what is."""
        for name, label in LABELS.items():
            chosen = self.number(name)
            choices = self.offers.get(name, [])
            if len(choices) > 1 or chosen is not None:
                yield {"name": name, "label": label, "choices": choices, "chosen": str(chosen or "")}

    @property
    def days(self) -> str:
        return f"{formats.date_format(self.start, 'j M Y')} – {formats.date_format(self.end, 'j M Y')}"


LABELS: dict[str, LazyText] = {
    "place": _("Place"),
    "category": _("What kind of mistake"),
    "cause": _("What let it happen"),
    "severity": _("How bad"),
}
