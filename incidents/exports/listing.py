"""What a list is as a file: its columns, and how its rows are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from incidents.exports.cells import Cell
from incidents.models import Incident, Staff


class Kind(Enum):
    """How a spreadsheet shows a column."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """`value` of one row, as `Listing.read` gives it; `width` in characters.

    `is_own`: empty in rows of which the reader has only their own part (`is_whole` of the row).
    """

    head: LazyText
    value: Callable[[Any], Cell]
    kind: Kind = Kind.TEXT
    width: int = 16
    is_own: bool = False


# Of which numbers whoever asks may see rows, in the same order, as things stand now. One statement.
Read = Callable[[Staff, Sequence[int], dt.datetime], list[Any]]


@dataclass(frozen=True)
class Listing:
    """One kind of list. `file_name` has no words of anybody in it."""

    name: str
    file_name: str
    label: LazyText
    columns: tuple[Column, ...]
    read: Read
    incident_of: Callable[[Any], Incident | None]

    def heads(self) -> list[str]:
        return [str(column.head) for column in self.columns]

    def cells(self, row: Any) -> list[Cell]:
        return [column.value(row) if row.is_whole or not column.is_own else None for column in self.columns]

    def restricted(self, rows: Sequence[Any]) -> list[Incident]:
        """The restricted incidents among them, each once."""
        found = (self.incident_of(row) for row in rows)
        return list({each.pk: each for each in found if each is not None and each.is_restricted}.values())


def in_order(rows: dict[int, Any], numbers: Sequence[int]) -> list[Any]:
    """`rows` by number in the order of `numbers`; those that are gone, or may not be seen any more, are left out."""
    return [rows[number] for number in numbers if number in rows]


def yes(is_so: bool) -> str:
    return _("Yes") if is_so else _("No")
