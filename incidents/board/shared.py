"""What incidents share, in words: its name, and how often it comes beside how often it used to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from incidents.models import Category, Customer, Incident, Pattern, PatternKind, RootCause
from incidents.models.base import sort_key
from incidents.models.instances import made
from incidents.models.prepared import Search
from incidents.models.tally import Tally
from incidents.rising import Trend

NOT_YET_KNOWN = "unknown"
# What there is a short list of, and what every incident has. Of thousands of customers, rooms and items some come three
# times in any window by chance, and how many causes are written down changes with who writes: of those nothing is said
# of how unlikely it is.
COMPARED = (PatternKind.CATEGORY,)


@dataclass(frozen=True)
class Line:
    """Something incidents share, and how often. `value` as the address has it."""

    kind: PatternKind
    value: str
    label: str
    trend: Trend
    days: int

    @property
    def words(self) -> str:
        return trend_words(self.trend, self.days, is_rising=self.is_rising)

    @property
    def is_rising(self) -> bool:
        return self.kind in COMPARED and self.trend.is_rising

    @property
    def bars(self) -> list[tuple[int, int, int, int]]:
        """(number, x, height, y) of each window in a chart 32 high, the oldest first."""
        counts = [*reversed(self.trend.before), self.trend.newest]
        most = max(*counts, 1)
        heights = [max(2, round(number / most * 32)) for number in counts]
        return [(counts[at], at * 12, height, 32 - height) for at, height in enumerate(heights)]

    @property
    def width(self) -> int:
        return len(self.trend.before) * 12 + 8

    @property
    def stored(self) -> int | str:
        """As the column has it."""
        return self.value if self.kind in (PatternKind.PLACE, PatternKind.ITEM) else int(self.value)


def lines_of(found: Iterable[Tally], days: int) -> list[Line]:
    """With names: one statement for all, by the newest incident of each."""
    found = list(found)
    samples = _samples([each.newest for each in found])
    lines = []
    for each in found:
        incident = samples.get(each.newest)
        if incident is None or (each.kind == PatternKind.CAUSE and _is_not_known(incident)):
            continue
        lines.append(Line(each.kind, str(each.value), label_in(each.kind, each.value, incident), each.trend, days))
    return lines


_SAMPLES = """
    SELECT i.id, i.place, i.field_values, c.id, c.name, r.id, r.key, r.name, k.id, k.name
    FROM unnest(%(pks)s::bigint[]) AS wanted (id) JOIN incidents_incident i USING (id)
    JOIN incidents_category c ON c.id = i.category_id
    LEFT JOIN incidents_rootcause r ON r.id = i.root_cause_id
    LEFT JOIN incidents_customer k ON k.id = i.customer_id
"""


def _samples(pks: list[int]) -> dict[int, Incident]:
    """Some incidents with their names, and with nothing else. PostgreSQL keeps the statement."""
    return {row[0]: _sample(row) for row in Search[Incident](_SAMPLES, ()).rows({"pks": pks})} if pks else {}


def _sample(row: tuple[Any, ...]) -> Incident:
    fields = json.loads(row[2]) if isinstance(row[2], str) else row[2]  # as the driver gives it
    found: Incident = made(Incident, ("id", "place", "field_values"), [*row[:2], fields])
    found.category = made(Category, ("id", "name"), row[3:5])
    found.root_cause = made(RootCause, ("id", "key", "name"), row[5:8]) if row[5] else None
    found.customer = made(Customer, ("id", "name"), row[8:]) if row[8] else None
    return found


def _is_not_known(incident: Incident) -> bool:
    return incident.root_cause is not None and incident.root_cause.key == NOT_YET_KNOWN


def label_in(kind: PatternKind, value: int | str, incident: Incident) -> str:
    """What is shared, as it is written in one of them."""
    if kind == PatternKind.CATEGORY:
        return incident.category.label
    if kind == PatternKind.CAUSE:
        return incident.root_cause.label if incident.root_cause else ""
    if kind == PatternKind.CUSTOMER:
        return incident.customer.name if incident.customer else ""
    typed = [incident.place] if kind == PatternKind.PLACE else [str(v) for v in incident.field_values.values()]
    alike = (each for each in typed if " ".join(sort_key(each).split()) == " ".join(sort_key(str(value)).split()))
    return capfirst(" ".join(next(alike, str(value)).split()))


def label_of(pattern: Pattern) -> str:
    """What the incidents of a pattern share. No statement for one read `with_names()`."""
    if pattern.kind == PatternKind.CATEGORY and pattern.category:
        return pattern.category.label
    if pattern.kind == PatternKind.CAUSE and pattern.root_cause:
        return pattern.root_cause.label
    if pattern.kind == PatternKind.CUSTOMER and pattern.customer:
        return pattern.customer.name
    if pattern.kind == PatternKind.EVENT:
        first: str = getattr(pattern, "first_category", "") or ""
        return _("One event: %(what)s") % {"what": _(first)} if first else _("One event that hit several")
    return capfirst(pattern.item or pattern.place)


def window_words(days: int) -> str:
    """ "the last 4 weeks"."""
    if days % 7:
        return ngettext("the last day", "the last %(n)d days", days) % {"n": days}
    return ngettext("the last week", "the last %(n)d weeks", days // 7) % {"n": days // 7}


def length_words(days: int) -> str:
    """ "4 weeks"."""
    if days % 7:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return ngettext("%(n)d week", "%(n)d weeks", days // 7) % {"n": days // 7}


def trend_words(trend: Trend, days: int, *, is_rising: bool) -> str:
    """ "7 in the last 4 weeks, usually 2. By chance this happens about once in 80 times."."""
    usual = f"{trend.usual:.1f}".removesuffix(".0") if trend.usual else ""
    told = _told(get_language(), trend.newest, days, usual if trend.is_comparable else None)
    if not (is_rising and trend.is_comparable):
        return told
    if trend.once_in > 1000:
        return f"{told} {_('By chance this happens less than once in 1,000 times.')}"
    by_chance = _("By chance this happens about once in %(times)s times.") % {"times": trend.once_in}
    return f"{told} {by_chance}"


@lru_cache(maxsize=2048)
def _told(_language: str | None, number: int, days: int, usual: str | None) -> str:
    """`usual` is nothing where it cannot be said yet, and empty for none."""
    now = _("%(number)s in %(window)s") % {"number": number, "window": window_words(days)}
    if usual is None:
        return _("%(now)s.") % {"now": now}
    return _("%(now)s, usually %(usual)s.") % {"now": now, "usual": usual or _("none")}
