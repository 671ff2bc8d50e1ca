"""Pages without numbers: what comes after, or before, the row somebody saw last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Row = TypeVar("Row", bound=Model)
CURSOR = re.compile(r"([0-9]{15,16})-([0-9]{1,18})")


def all_of_them(row: Any) -> bool:
    return True


def first_page(
    found: Iterable[Row], column: str, *, size: int, keep: Callable[[Row], bool] = all_of_them
) -> tuple[list[Row], str, str]:
    """What `page_by` says of a first page, when its rows (one more than `size`) were read already."""
    kept = [row for row in found if keep(row)]
    return kept[:size], "", cursor_of(kept[size - 1], column) if len(kept) > size else ""


def page_by(
    rows: QuerySet[Row],
    column: str,
    *,
    is_down: bool,
    size: int,
    after: str = "",
    before: str = "",
    keep: Callable[[Row], bool] = all_of_them,
) -> tuple[list[Row], str, str]:
    """(rows, cursor to newer, cursor to older) in the order of an instant, then the id; or of "id". One statement.

    A cursor that cannot be read begins at the first page. What is not to `keep` comes after all that is.
    """
    back = position(before)
    at = back or position(after)
    if at:
        rows = rows.filter(beyond(column, at, down=is_down is (back is None)))
    sign = "-" if is_down is (back is None) else ""
    order = (f"{sign}{name}" for name in ([column, "id"] if column != "id" else ["id"]))
    found = [row for row in rows.order_by(*order)[: size + 1] if keep(row)]
    has_more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    newer = cursor_of(found[0], column) if found and (has_more if back else at) else ""
    older = cursor_of(found[-1], column) if found and (back or has_more) else ""
    return found, newer, older


def beyond(column: str, at: tuple[dt.datetime, int], *, down: bool) -> Q:
    moment, pk = at
    way = "lt" if down else "gt"
    if column == "id":
        return Q(**{f"id__{way}": pk})
    return Q(**{f"{column}__{way}": moment}) | Q(**{column: moment, f"id__{way}": pk})


def cursor_of(row: Any, column: str) -> str:
    moment: dt.datetime = EPOCH if column == "id" else getattr(row, column)
    return f"{(moment - EPOCH) // dt.timedelta(microseconds=1):016d}-{row.pk}"


def position(cursor: str) -> tuple[dt.datetime, int] | None:
    found = CURSOR.fullmatch(cursor)
    if not found:
        return None
    micros, pk = map(int, found.groups())
    return EPOCH + dt.timedelta(microseconds=micros), pk
