"""The first page of the catalogue: how many of each, and what differs at a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.board.catalogue.lines import category_lines, here_and_elsewhere, remedy_lines
from incidents.board.catalogue.settings import (
    DelayLine,
    currency_of,
    delay_lines,
    limit_words,
    limits_of,
    playbook_lines,
)
from incidents.models import Location


@dataclass(frozen=True)
class Overview:
    """How many of each, and what differs at the place, in words with where to change it."""

    counts: Mapping[str, int]
    limits: list[str]
    delays: list[DelayLine]
    differs: Mapping[str, list[tuple[str, tuple[str, ...]]]]


def overview(place: Location | None, places: Sequence[Location]) -> Overview:
    """Seven statements."""
    kinds, remedies = category_lines(place, places), remedy_lines(place, places)
    books, delays = playbook_lines(place, places, [line.row for line in kinds]), delay_lines(place)
    types = [line.row for line in remedies if line.is_offered]
    limits = limits_of(place, types)
    differs: dict[str, list[tuple[str, tuple[str, ...]]]] = {
        "categories": [(line.row.label, line.differs) for line in kinds if line.differs],
        "remedies": [(line.row.label, line.differs) for line in remedies if line.differs],
        "playbooks": [(line.category.label, (_("its own"),)) for line in books if line.is_own],
        "limits": [(_("Limits"), (_("its own"),))] if limits.here else [],
        "delays": [
            (str(line.outcome.label), (here_and_elsewhere(line.words, line.elsewhere_words),))
            for line in delays
            if place and line.is_different
        ],
    }
    counts = {
        "categories": sum(line.is_offered for line in kinds),
        "remedies": len(types),
        "playbooks": sum(line.book is not None for line in books),
    }
    return Overview(counts, limit_words(limits, currency_of(place, places)), delays, differs)
