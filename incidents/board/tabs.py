"""The ready-made views of the list, and how many each has. Counting stops: a tab costs the same at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.counting import MOST, told
from incidents.models import Staff
from incidents.models.chosen import ALL, CLOSED, LATE, MINE, UNHAPPY, Filters
from incidents.models.looking import beside, has_free_words, kept, known_number
from incidents.models.matching import in_view, unhappy, urgent_first
from incidents.models.prepared import ask

__all__ = ["ALL", "CLOSED", "LATE", "MINE", "UNHAPPY", "VIEWS", "in_view", "unhappy"]

VIEWS: dict[str, LazyText] = {
    ALL: _("All"),
    MINE: _("Mine"),
    LATE: _("Late"),
    UNHAPPY: _("Unhappy"),
    CLOSED: _("Closed"),
}


@dataclass(frozen=True)
class Counting:
    """How many each of these has; called, the one row that says so, in an order that an index has, so that it reads no
    more than is counted. Late ones come first: counting them stops at the same number.
    """

    views: tuple[Filters, ...]

    def __call__(self, staff: Staff, now: dt.datetime) -> Any:
        counted = {
            f"in_{number}": self._rows(staff, chosen, now)
            for number, chosen in enumerate(self.views)
            if not (chosen.is_open_only and chosen.view == CLOSED)  # nothing can be both
        }
        return Staff.objects.filter(pk=staff.pk).values(**counted)

    def _rows(self, staff: Staff, chosen: Filters, now: dt.datetime) -> ArraySubquery:
        rows, is_late_only = urgent_first(staff, chosen, now)
        is_late: Any = ExpressionWrapper(Q(next_due_at__lt=now), BooleanField()) if is_late_only else Value(True)
        return ArraySubquery(rows.values(counts=is_late)[: MOST + 1])


def counts_of(
    staff: Staff, views: tuple[Filters, ...], now: dt.datetime, known: Mapping[Filters, int] | None = None
) -> list[int | str]:
    """How many each of them has, as people read it; one statement, kept unless PostgreSQL has to see the words.

    Those `known` are not counted again. Views with words want `looked_up()`, all of them the same words.
    """
    numbers = {chosen: number for chosen in views if (number := _number(chosen, known or {})) is not None}
    asked = tuple(chosen for chosen in views if chosen not in numbers)
    row: dict[str, Any] = {}
    if any(has_free_words(chosen) for chosen in asked):
        row = Counting(asked)(staff, now).get()
    elif asked:
        words = {name: value for chosen in asked for name, value in beside(chosen).items()}
        row = ask(Counting(tuple(map(kept, asked))), staff=staff, now=now, beside=words)
    numbers |= {chosen: sum(row.get(f"in_{at}") or ()) for at, chosen in enumerate(asked)}
    return [told(numbers[chosen]) for chosen in views]


def _number(chosen: Filters, known: Mapping[Filters, int]) -> int | None:
    """Without counting; None where it is to be counted."""
    number = known.get(chosen)
    if number is None and (found := known_number(chosen)) is not None:
        is_whole = chosen.view != CLOSED or found > MOST or not (chosen.found and chosen.found.is_cut)
        return found if is_whole else None
    return number
