"""The board as a table: the same rows in an order that somebody chose, page by page. Reads only."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from incidents.board.columns import BoardCard, card_of, for_board, open_ones
from incidents.board.keyset import EPOCH
from incidents.board.register import Filters
from incidents.models import Incident, Staff
from incidents.models.incident import IncidentQuerySet
from incidents.models.matching import with_names
from incidents.models.prepared import find
from incidents.models.wording import may_read

PAGE = 25
LONGEST = 600  # of a cursor
NOBODY = "\uffff"  # whom nobody knows stands after everybody who has a name
NEWEST_YEARS = (2000, 2100)


def _instant(text: str) -> dt.datetime:
    moment = EPOCH + dt.timedelta(microseconds=int(text))
    if not NEWEST_YEARS[0] <= moment.year < NEWEST_YEARS[1]:
        raise ValueError
    return moment


def _micros(moment: dt.datetime) -> str:
    return str((moment - EPOCH) // dt.timedelta(microseconds=1))


def _name(text: str) -> str:
    if "\0" in text:
        raise ValueError
    text.encode()  # half a character is no text
    return text


def _small(text: str) -> int:
    number = int(text)
    if not 0 <= number < 100:
        raise ValueError
    return number


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= Decimal("1e12") or amount != round(amount, 4):
        raise ValueError
    return amount


@dataclass(frozen=True)
class Sort:
    """An order: what it is by, how its cursor is written and read, and whether it begins with the highest."""

    by: Any
    say: Callable[[Any], str] = str
    read: Callable[[str], Any] = str
    is_down_first: bool = False


SORTS: dict[str, Sort] = {
    "due": Sort(F("next_due_at"), _micros, _instant),
    "reported": Sort(F("reported_at"), _micros, _instant, is_down_first=True),
    "severity": Sort(F("severity"), str, _small),
    "customer": Sort(Coalesce("customer__sort_name", Value(NOBODY)), str, _name),
    "given": Sort(Coalesce(F("money"), Value(Decimal(0))), str, _amount, is_down_first=True),
}
DUE, GIVEN = "due", "given"


@dataclass(frozen=True)
class Order:
    """`sort` is one of SORTS."""

    sort: str = DUE
    is_down: bool = False

    @property
    def words(self) -> str:
        return f"-{self.sort}" if self.is_down else self.sort

    @classmethod
    def of(cls, asked: str) -> Order:
        """As the address says it; anything else is what is due first."""
        name = asked.removeprefix("-")
        return cls(name, asked.startswith("-")) if name in SORTS else cls()

    def instead(self, name: str) -> Order:
        """What the head of that column leads to: its own first way, and the other when it is in use."""
        return Order(name, not self.is_down if name == self.sort else SORTS[name].is_down_first)


@dataclass(frozen=True)
class TablePage:
    cards: list[BoardCard]
    newer: str = ""
    older: str = ""
    order: Order = field(default_factory=Order)


@dataclass(frozen=True)
class _Table:
    """The rows in their order; called, those of the first page."""

    chosen: Filters
    order: Order

    def rows(self, staff: Staff, now: dt.datetime) -> IncidentQuerySet:
        rows, by = for_board(open_ones(staff, self.chosen, now), "reported_at"), SORTS[self.order.sort].by
        if self.order.sort == GIVEN and not staff.is_manager:  # nor does its place say what they may not read
            by = Case(When(may_read(staff), then=by), default=Value(Decimal(0)))
        return rows.annotate(by=by)

    def __call__(self, staff: Staff, now: dt.datetime) -> QuerySet[Incident]:
        return _in_order(self.rows(staff, now), is_down=self.order.is_down)


def table_of(
    staff: Staff, chosen: Filters, order: Order, *, now: dt.datetime, after: str = "", before: str = ""
) -> TablePage:
    """One page; one statement, two with words. A cursor that cannot be read begins at the first page."""
    chosen = with_names(chosen)
    table, sort = _Table(chosen, order), SORTS[order.sort]
    back, on = _read(before, sort), _read(after, sort)
    if not (chosen.q or back or on):
        found = list(find(table, staff=staff, now=now))
    else:
        rows, is_down = table.rows(staff, now), order.is_down is (back is None)
        if at := back or on:
            rows = rows.filter(_beyond(at, down=is_down))
        found = list(_in_order(rows, is_down=is_down))
    has_more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    return TablePage(
        cards=[card_of(staff, row) for row in found],
        newer=_cursor(found[0], sort) if found and (has_more if back else on) else "",
        older=_cursor(found[-1], sort) if found and (back or has_more) else "",
        order=order,
    )


def rows_of_table(staff: Staff, chosen: Filters, order: Order, now: dt.datetime) -> IncidentQuerySet:
    """All of them in that order, for a file. One statement now when words are looked for."""
    return _ordered(_Table(with_names(chosen), order).rows(staff, now), is_down=order.is_down)


def _in_order(rows: IncidentQuerySet, *, is_down: bool) -> IncidentQuerySet:
    return _ordered(rows, is_down=is_down)[: PAGE + 1]


def _ordered(rows: IncidentQuerySet, *, is_down: bool) -> IncidentQuerySet:
    sign = "-" if is_down else ""
    return rows.order_by(f"{sign}by", f"{sign}id")


def _beyond(at: tuple[Any, int], *, down: bool) -> Q:
    value, pk = at
    way = "lt" if down else "gt"
    return Q(**{f"by__{way}": value}) | Q(**{"by": value, f"id__{way}": pk})


def _cursor(row: Any, sort: Sort) -> str:
    written = json.dumps([sort.say(row.by), row.pk], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _read(cursor: str, sort: Sort) -> tuple[Any, int] | None:
    if not cursor or len(cursor) > LONGEST or not cursor.isascii():
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if type(value) is not str or type(pk) is not int or not 0 < pk < 2**62:
            return None
        return sort.read(value), pk
    except (ValueError, TypeError, OverflowError, RecursionError, InvalidOperation, binascii.Error):
        return None
