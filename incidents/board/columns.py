"""The board: what is open by the step it lacks, the most urgent first; in few statements at any size. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from incidents.access import can_read_whole
from incidents.board.keyset import beyond, cursor_of
from incidents.board.register import Filters
from incidents.counting import MOST, told
from incidents.models import Incident, Remedy, Staff
from incidents.models.allowing import NOT_COUNTED
from incidents.models.base import Among
from incidents.models.incident import IncidentQuerySet
from incidents.models.matching import filtered, in_view, with_names
from incidents.models.prepared import ask, find
from incidents.vocabulary import Stage

PAGE = 20
DEEPEST = 100  # as many of one part are shown, and renewed, at once
STAGES = (Stage.APOLOGIZE, Stage.REMEDY, Stage.FOLLOW_UP)
WAITING = "_waiting"  # the foot of a column: what waits for the customer
KEYS = tuple(f"{stage.value}{end}" for stage in STAGES for end in ("", WAITING))
# What a card says: no story, which is longer than all the rest.
ON_THE_BOARD = (
    *("reference", "customer_hint", "place", "severity", "is_restricted", "stage", "round_number", "next_due_at"),
    *("waiting_until", "customer__name", "customer__account__is_key", "category__name", "assignee__name"),
    *("assignee__email", "location__name", "location__time_zone", "location__currency"),
)


@dataclass(frozen=True)
class BoardCard:
    """One recovery. `money` is what was given or promised; nothing of it where the reader may not read it whole."""

    incident: Incident
    is_whole: bool
    money: Any = None


@dataclass(frozen=True)
class Part:
    """The cards of a column, or of its foot. `more`: the cursor after the last one; `shown`: how many were wanted."""

    key: str
    cards: list[BoardCard] = field(default_factory=list)
    number: int = 0
    late: int = 0
    more: str = ""
    shown: int = PAGE
    is_later: bool = False

    @property
    def deeper(self) -> int:
        """How many to ask for next; 0 when that is more than one page holds."""
        return self.shown + PAGE if self.more and self.shown < DEEPEST else 0


@dataclass(frozen=True)
class Column:
    stage: Stage
    main: Part
    waiting: Part

    @property
    def number(self) -> int:
        return self.main.number + self.waiting.number

    @property
    def count(self) -> str:
        return str(told(self.number))

    @property
    def late(self) -> str:
        """How many are late; nothing when none is."""
        late = self.main.late + self.waiting.late
        return str(told(late) or "")

    @property
    def is_empty(self) -> bool:
        return not (self.main.cards or self.waiting.cards or self.number)


@dataclass(frozen=True)
class Depth:
    """How far each part is shown (`shown`), and after which cursor it begins (`after`)."""

    shown: Mapping[str, int] = field(default_factory=dict)
    after: Mapping[str, tuple[dt.datetime, int]] = field(default_factory=dict)


def columns_of(staff: Staff, chosen: Filters, *, now: dt.datetime, depth: Depth | None = None) -> list[Column]:
    """The three steps, or those that were chosen; two statements, three with words."""
    depth, chosen = depth or Depth(), with_names(chosen)
    stages = [stage for stage in STAGES if not chosen.stage or stage in chosen.stage]
    found = _heads(staff, chosen, now, depth)
    wanted = {key: _first(found, key, depth) for key in KEYS}
    cards = {card.incident.pk: card for card in _cards(staff, [pk for pks in wanted.values() for pk in pks], now)}
    parts = {key: _part(key, wanted[key], cards, found, depth) for key in KEYS}
    return [Column(stage, parts[stage.value], parts[f"{stage.value}{WAITING}"]) for stage in stages]


def number_of(columns: Iterable[Column]) -> int:
    """How many stand on the board; past MOST no more than that there are more."""
    return sum(column.number for column in columns)


def open_ones(staff: Staff, chosen: Filters, now: dt.datetime) -> IncidentQuerySet:
    """What is on the board, in no order."""
    return in_view(filtered(staff, chosen, now), chosen.view, staff=staff, now=now).open().order_by()


def _rows(staff: Staff, chosen: Filters, now: dt.datetime, key: str) -> IncidentQuerySet:
    stage = key.removesuffix(WAITING)
    found = open_ones(staff, replace(chosen, stage=()), now).filter(stage=stage)
    waits = Q(waiting_until__gt=now)
    is_ours = Q(waiting_until__isnull=True) | Q(waiting_until__lte=now)  # ~waits says twice that it may be null
    return found.filter(waits if key.endswith(WAITING) else is_ours).by_urgency()


def _read() -> int:
    """One more than is counted, or shown."""
    return max(MOST, DEEPEST) + 1


@dataclass(frozen=True)
class _Heads:
    """The numbers of what stands in each part, late ones below zero; called, the one row that says so."""

    chosen: Filters

    def __call__(self, staff: Staff, now: dt.datetime) -> Any:
        signed: Any = Case(When(next_due_at__lt=now, then=-F("pk")), default=F("pk"), output_field=BigIntegerField())
        parts = {key: _rows(staff, self.chosen, now, key).values(at=signed)[: _read()] for key in KEYS}
        return Staff.objects.filter(pk=staff.pk).values(**{key: ArraySubquery(rows) for key, rows in parts.items()})


def _heads(staff: Staff, chosen: Filters, now: dt.datetime, depth: Depth) -> dict[str, list[int]]:
    heads = _Heads(chosen)
    if not chosen.q and not depth.after:
        return _told(ask(heads, staff=staff, now=now))
    later = {
        f"{key}_later": ArraySubquery(
            _rows(staff, chosen, now, key).filter(beyond("next_due_at", at, down=False)).values("pk")[: _read()]
        )
        for key, at in depth.after.items()
    }
    return _told(heads(staff, now).annotate(**later).values(*KEYS, *later).get())


def _told(row: dict[str, Any]) -> dict[str, list[int]]:
    return {name: list(numbers or ()) for name, numbers in row.items()}


def _first(found: dict[str, list[int]], key: str, depth: Depth) -> list[int]:
    numbers = found.get(f"{key}_later", found[key])
    return [abs(number) for number in numbers[: depth.shown.get(key, PAGE)]]


def _part(key: str, pks: Iterable[int], cards: dict[int, BoardCard], found: dict[str, list[int]], depth: Depth) -> Part:
    shown = depth.shown.get(key, PAGE)
    mine = [cards[pk] for pk in pks if pk in cards]
    has_more = len(found.get(f"{key}_later", found[key])) > shown
    return Part(
        key=key,
        cards=mine,
        number=len(found[key]),
        late=sum(number < 0 for number in found[key]),
        more=cursor_of(mine[-1].incident, "next_due_at") if has_more and mine else "",
        shown=shown,
        is_later=key in depth.after,
    )


def _cards(staff: Staff, pks: list[int], now: dt.datetime) -> list[BoardCard]:
    """One statement; none for nothing."""
    if not pks:
        return []
    return [card_of(staff, row) for row in find(_named, staff=staff, now=now, about=",".join(map(str, pks)))]


def _named(staff: Staff, now: dt.datetime, about: str) -> QuerySet[Incident]:
    """No part of it depends on the clock."""
    return for_board(Incident.objects.visible_to(staff).filter(Among(F("pk"), Value(about))))


def for_board(incidents: IncidentQuerySet, *more: str) -> IncidentQuerySet:
    """What a card says, and the columns that are named; each with `money`."""
    named = incidents.select_related("customer__account", "category", "assignee", "location")
    return named.only(*ON_THE_BOARD, *more).annotate(money=money())


def money() -> Any:
    """What was given or promised in an incident, in the currency of its place."""
    counted = Remedy.objects.filter(incident=OuterRef("pk"), currency=OuterRef("location__currency"))
    total = counted.exclude(state__in=NOT_COUNTED).order_by().values("incident")
    summed = total.annotate(total=Sum(Coalesce(F("actual_amount"), F("estimated_amount")))).values("total")
    return Subquery(summed, output_field=DecimalField())


def card_of(staff: Staff, incident: Any) -> BoardCard:
    is_whole = can_read_whole(staff, incident)
    return BoardCard(incident, is_whole, incident.money or None if is_whole else None)
