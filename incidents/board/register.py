"""The list of recoveries: views with counts, filters, keyset pages. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from incidents.access import can_read_whole
from incidents.board.keyset import first_page, page_by
from incidents.models import Incident, Staff
from incidents.models.chosen import ALL, CLOSED, LATE, ME, Filters, Option, Options, chosen_from, options_for
from incidents.models.incident import IncidentQuerySet
from incidents.models.looking import beside, has_free_words, kept, looked_up
from incidents.models.matching import filtered, in_view, rows_of, urgent_first, with_names
from incidents.models.prepared import find

__all__ = [
    "ALL",
    "CLOSED",
    "LATE",
    "ME",
    "Card",
    "Filters",
    "Option",
    "Options",
    "Page",
    "card",
    "chosen_from",
    "filtered",
    "for_cards",
    "in_view",
    "is_new_installation",
    "options_for",
    "page_of",
    "rows_of",
    "with_names",
]

PAGE = 25


@dataclass(frozen=True)
class Card:
    """One recovery; `story` is empty where the reader may not have it."""

    incident: Incident
    story: str
    lacks: str = ""


def card(staff: Staff, incident: Incident, lacks: str = "") -> Card:
    return Card(incident, incident.what_happened if can_read_whole(staff, incident) else "", lacks)


@dataclass(frozen=True)
class Page:
    """One page of the list. The cursors go into `before` and `after`."""

    cards: list[Card]
    newer: str = ""
    older: str = ""
    number: int | None = None  # how many there are in all, where this page says so


# What a card says: a third of the columns, and half the time.
ON_A_CARD = (
    *("reference", "customer_hint", "what_happened", "place", "severity", "is_restricted", "stage", "round_number"),
    *("next_due_at", "closed_at", "close_reason", "customer__name", "category__name", "location__time_zone"),
    *("assignee__name", "assignee__email", "waiting_until"),
)


def for_cards(incidents: IncidentQuerySet) -> IncidentQuerySet:
    return incidents.select_related("customer", "category", "assignee", "location").only(*ON_A_CARD)


def page_of(staff: Staff, chosen: Filters, *, now: dt.datetime, after: str = "", before: str = "") -> Page:
    """Up to PAGE incidents: the most urgent first, of closed ones the newest first. One statement, two with words.

    A cursor that cannot be read begins at the first page.
    """
    chosen = looked_up(staff, chosen, now)
    view = _View(chosen, PAGE)
    if has_free_words(chosen) or after or before:
        found, newer, older = page_by(
            view.rows(staff, now),
            view.column,
            is_down=view.is_down,
            size=PAGE,
            after=after,
            before=before,
            keep=view.keep(now),
        )
    else:
        rows = find(_View(kept(chosen), PAGE), staff=staff, now=now, beside=beside(chosen))
        found, newer, older = first_page(rows, view.column, size=PAGE, keep=view.keep(now))
    return Page(
        cards=[card(staff, incident) for incident in found],
        newer=newer,
        older=older,
        number=None if after or before or older else len(found),
    )


@dataclass(frozen=True)
class _View:
    """The rows of one view; called, those of its first page."""

    chosen: Filters
    size: int

    @property
    def is_down(self) -> bool:
        return self.chosen.view == CLOSED

    @property
    def column(self) -> str:
        return "closed_at" if self.is_down else "next_due_at"

    def rows(self, staff: Staff, now: dt.datetime) -> IncidentQuerySet:
        return for_cards(urgent_first(staff, self.chosen, now)[0])

    def keep(self, now: dt.datetime) -> Callable[[Incident], bool]:
        is_late_only = not self.is_down and (self.chosen.view == LATE or self.chosen.overdue)
        return lambda incident: not is_late_only or (incident.next_due_at is not None and incident.next_due_at < now)

    def __call__(self, staff: Staff, now: dt.datetime) -> QuerySet[Incident]:
        return self.rows(staff, now)[: self.size + 1]


def is_new_installation() -> bool:
    """Nobody can sign in yet: the first page asks for the business."""
    return not Staff.objects.exists()
