"""Counting incidents by what they share, in this window and in those before it: one statement, whatever is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q

from incidents.models.catalogue import Category
from incidents.models.incident import IncidentQuerySet
from incidents.models.pattern import SUBJECTS, PatternKind, folded
from incidents.rising import FEWEST, MOST_BEFORE, Trend, windows_between
from incidents.vocabulary import CloseReason

DAY = dt.timedelta(days=1)
NOT_COUNTED = (CloseReason.VOID, CloseReason.DUPLICATE)
ALL_KINDS = tuple(SUBJECTS)
BASICS_DAYS = 14
FIRSTS = 50  # so many old ones may be written down later before we count too few windows
MOST_BASICS = 5  # in so many days: fewer are no reason to go back to them


@dataclass(frozen=True)
class Tally:
    """What incidents share, how often, and the newest of them. `value`: the key of a row, or the words."""

    kind: PatternKind
    value: int | str
    trend: Trend
    newest: int


def by_number(each: Tally) -> tuple[int, int, int]:
    """The most frequent first, then the newest; what the same incidents share, in the order in which it is shown."""
    return -each.trend.newest, -each.newest, ALL_KINDS.index(each.kind)


def countable(rows: IncidentQuerySet) -> IncidentQuerySet:
    """Without what was entered by mistake or twice."""
    return rows.exclude(close_reason__in=NOT_COUNTED)


def windows_known(rows: IncidentQuerySet, *, now: dt.datetime, days: int) -> int:
    """How many whole windows there are before this one: since anything was written down. One query.

    Of the first that were reported, as some were when nobody wrote anything down yet.
    """
    return windows_since([each.created_at for each in first_reported(rows)], now=now, days=days)


def first_reported(rows: IncidentQuerySet) -> IncidentQuerySet:
    """Of which `windows_since()` wants to know when they were written down."""
    return rows.order_by("reported_at", "category_id").only("created_at")[:FIRSTS]


def windows_since(firsts: Iterable[dt.datetime], *, now: dt.datetime, days: int) -> int:
    begun = min(firsts, default=None)
    return windows_between((now - begun) / DAY, length=days) if begun else 0


def tally(
    rows: IncidentQuerySet,
    *,
    now: dt.datetime,
    days: int,
    windows: int,
    kinds: Iterable[PatternKind] = ALL_KINDS,
    fewest: int = FEWEST,
) -> list[Tally]:
    """What at least `fewest` of `rows` share that were reported in the last `days`, and how often it was before.

    The most frequent first. `windows`: how many before this one are counted too. One query.
    """
    counted = tuple(kinds)
    since = now - (windows + 1) * days * DAY
    seen = countable(rows).filter(reported_at__gt=since, reported_at__lte=now).order_by()
    columns = {f"shared_{kind}": folded("place") if kind == PatternKind.PLACE else SUBJECTS[kind] for kind in counted}
    named = {name: column for name, column in columns.items() if not isinstance(column, str)}
    plain = [column for column in columns.values() if isinstance(column, str)]
    try:
        inner, params = seen.values_list("pk", "reported_at", *plain, *named.values()).query.sql_with_params()
    except EmptyResultSet:  # somebody without a place
        return []
    order = [name for name in columns if name not in named] + list(named)
    sql = _SQL.format(
        columns=", ".join(["pk", "reported_at", *order]),
        seen=inner,
        shared=", ".join(f"{name}::text" for name in columns),
        before=", ".join(f"count(*) FILTER (WHERE back = {number})" for number in range(1, windows + 1)) or "NULL",
        sets=", ".join(f"({name})" for name in columns),
        known=" OR ".join(f"{name}::text <> ''" for name in columns),
    )
    values: list[Any] = [*params, now, days * DAY, fewest]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    return sorted((_read(counted, row, windows) for row in found), key=by_number)


_SQL = """
    WITH seen ({columns}) AS ({seen}),
    placed AS (SELECT *, floor(extract(epoch FROM %s - reported_at) / extract(epoch FROM %s)) AS back FROM seen)
    SELECT count(*) FILTER (WHERE back = 0), max(pk) FILTER (WHERE back = 0), ARRAY[{before}]::bigint[], {shared}
    FROM placed GROUP BY GROUPING SETS ({sets})
    HAVING count(*) FILTER (WHERE back = 0) >= %s AND ({known})
"""


def _read(kinds: tuple[PatternKind, ...], row: tuple[Any, ...], windows: int) -> Tally:
    newest, pk, before, *shared = row
    at = next(number for number, value in enumerate(shared) if value is not None)
    is_words = kinds[at] in (PatternKind.PLACE, PatternKind.ITEM)
    value = str(shared[at])
    return Tally(kinds[at], value if is_words else int(value), Trend(newest, tuple(before)[:windows]), pk or 0)


def basics_of(rows: IncidentQuerySet, *, now: dt.datetime) -> Trend | None:
    """The basics of `rows` taken together, when there are too many lately and more than usual. At most two queries."""
    basics = countable(rows.filter(category__in=Category.objects.filter(is_basics=True)))
    length = BASICS_DAYS * DAY
    parts = {
        f"back_{n}": Count("pk", filter=Q(reported_at__lte=now - n * length, reported_at__gt=now - (n + 1) * length))
        for n in range(MOST_BEFORE + 1)
    }
    since = basics.filter(reported_at__lte=now, reported_at__gt=now - (MOST_BEFORE + 1) * length)
    counts = list(since.order_by().aggregate(**parts).values())
    return slipping(counts, rows, now=now)


def slipping(counts: list[int], rows: IncidentQuerySet, *, now: dt.datetime) -> Trend | None:
    """`counts` are of the basics among `rows`, of each window, the newest first. One query where they are too many."""
    newest, *before = counts
    if newest < MOST_BASICS:
        return None
    windows = windows_known(rows, now=now, days=BASICS_DAYS)
    trend = Trend(newest, tuple(before[:windows]))
    return trend if trend.is_rising else None
