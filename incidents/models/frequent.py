"""What comes most often, of everything somebody may see: what `tally()` counts, in time that hardly grows.

The newest window is counted from one index that holds no more than is counted; the windows before it only for what is
named. Restricted incidents are few: each of them is looked at for itself, as everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from incidents import access
from incidents.models.incident import Incident
from incidents.models.pattern import SUBJECTS, PatternKind
from incidents.models.staff import Location, Staff
from incidents.models.tally import BASICS_DAYS, DAY, Tally, countable, slipping
from incidents.rising import FEWEST, MOST_BEFORE, Trend

# (kind, value, how often, the newest, how many of that kind there are)
Newest = tuple[PatternKind, str, int, int, int]
WORDS = (PatternKind.PLACE, PatternKind.ITEM)
_READ = ("id", "reported_at", "category_id", "root_cause_id", "customer_id", "item", "place")
_COLUMNS = {kind: "word" if kind == PatternKind.PLACE else column for kind, column in SUBJECTS.items()}
_VALUES = ", ".join(f"{column}::text" for column in _COLUMNS.values())
_WORD = "CASE WHEN place = '' THEN '' ELSE lower(unaccent(place)) END"
# In the words of the indexes `incident_counted…`: PostgreSQL takes them where the words are the same.
_COUNTED = "NOT is_restricted AND NOT close_reason IN ('void', 'duplicate')"
_BEFORE = "reported_at > %(since)s AND reported_at <= %(last)s"
# How many windows before the newest one: `ends` are those of all but one of them, the oldest first.
_BACK = "%(windows)s - width_bucket(reported_at, %(ends)s::timestamptz[])"

_NEWEST = f"""
    WITH hidden AS ({{hidden}}), seen AS (
        SELECT {", ".join(_READ)} FROM incidents_incident
        WHERE {_COUNTED} AND {{here}} AND reported_at > %(last)s AND reported_at <= %(now)s
        UNION ALL SELECT * FROM hidden WHERE reported_at > %(last)s
    ), found AS (
        SELECT GROUPING({", ".join(_COLUMNS.values())}) AS kind, COALESCE({_VALUES}) AS value,
            count(*) AS number, max(id) AS newest
        FROM (SELECT *, {_WORD} AS word FROM seen) seen
        GROUP BY GROUPING SETS ({", ".join(f"({column})" for column in _COLUMNS.values())})
        HAVING count(*) >= %(fewest)s AND COALESCE({_VALUES}) <> ''
    )
    SELECT kind, value, number, newest, kinds FROM (
        SELECT *, count(*) OVER (PARTITION BY kind) AS kinds,
            row_number() OVER (PARTITION BY kind ORDER BY number DESC, newest DESC) AS at FROM found
    ) placed WHERE at <= %(most)s ORDER BY number DESC, newest DESC
"""  # noqa: S608  # nosec B608 - put together of the words above, no value is among them
_HERE = f"incidents_incident WHERE {_COUNTED} AND {{here}} AND {_BEFORE}"
# Of kinds that much is of: a range of an index for each of them and each window, with no more than a count of it.
_COUNT = f"""
    SELECT '{{kind}}', value::text, back, (
        SELECT count(*) FROM incidents_incident
        WHERE {_COUNTED} AND {{{{here}}}} AND {{column}} = value AND reported_at > since AND reported_at <= until)
    FROM unnest(%({{kind}})s::bigint[]) AS value,
        unnest(%(begins)s::timestamptz[], %(finishes)s::timestamptz[]) WITH ORDINALITY AS spans (since, until, back)
"""  # noqa: S608  # nosec B608
# What each kind adds to the numbers of the windows before; of places the spellings are folded when they are counted.
_WAYS = {
    PatternKind.CATEGORY: _COUNT.format(kind=PatternKind.CATEGORY, column="category_id"),
    PatternKind.CAUSE: _COUNT.format(kind=PatternKind.CAUSE, column="root_cause_id"),
    PatternKind.PLACE: f"SELECT 'place', {_WORD}, back, sum(number) FROM (SELECT place, {_BACK} AS back,"  # noqa: S608  # nosec B608
    f" count(*) AS number FROM {_HERE} AND place <> '' GROUP BY 1, 2) spelled GROUP BY 2, 3",
    PatternKind.ITEM: f"SELECT 'item', item, {_BACK}, count(*) FROM {_HERE}"  # noqa: S608  # nosec B608
    " AND item <> '' AND item = ANY (%(item)s) GROUP BY 2, 3",
    PatternKind.CUSTOMER: f"SELECT 'customer', customer_id::text, {_BACK}, count(*) FROM {_HERE}"  # noqa: S608  # nosec B608
    " AND customer_id = ANY (%(customer)s) GROUP BY 2, 3",
}
_PAIRS = ", ".join(f"('{kind}', {_WORD if column == 'word' else column}::text)" for kind, column in _COLUMNS.items())
_OLDER = f"""
    WITH hidden AS ({{hidden}}) {{ways}} UNION ALL
    SELECT kind, value, {_BACK}, count(*) FROM hidden
    CROSS JOIN LATERAL (VALUES {_PAIRS}) AS pairs (kind, value) WHERE value <> '' AND {_BEFORE} GROUP BY 1, 2, 3
"""  # noqa: S608  # nosec B608

_BASICS = f"""
    WITH hidden AS ({{hidden}}), basics AS (SELECT ARRAY(SELECT id FROM incidents_category WHERE is_basics) AS those)
    SELECT (SELECT count(*) FROM incidents_incident WHERE {_COUNTED} AND {{here}}
            AND category_id = ANY ((SELECT those FROM basics)::bigint[])
            AND reported_at > since AND reported_at <= until)
        + (SELECT count(*) FROM hidden, basics
            WHERE category_id = ANY (those) AND reported_at > since AND reported_at <= until)
    FROM unnest(%(begins)s::timestamptz[], %(finishes)s::timestamptz[]) WITH ORDINALITY AS spans (since, until, back)
    ORDER BY back
"""  # noqa: S608  # nosec B608


def basics_of_place(staff: Staff, place: Location, *, now: dt.datetime) -> Trend | None:
    """What `basics_of()` finds of all they may see there. At most two queries."""
    ends = [now - back * BASICS_DAYS * DAY for back in range(MOST_BEFORE + 2)]
    reach = _Reach.of(staff, place, since=ends[-1], last=now, now=now)
    counts = [number for (number,) in reach.asked(_BASICS, begins=ends[1:], finishes=ends[:-1])]
    return slipping(counts, access.visible_to(Incident.objects.filter(location=place), staff), now=now)


def frequent(
    staff: Staff, place: Location | None, *, now: dt.datetime, days: int, windows: int, most: int
) -> tuple[list[Tally], Counter[str]]:
    """The `most` frequent of each kind, the most frequent first, and how many there are of each. Two queries.

    The same as `tally()` counts of all they may see, there or everywhere.
    """
    try:
        reach = _Reach.of(staff, place, since=now - (windows + 1) * days * DAY, last=now - days * DAY, now=now)
    except EmptyResultSet:  # somebody without a place
        return [], Counter()
    newest = reach.newest(most)
    before = reach.before(newest, windows) if windows and newest else {}
    none = [0] * windows
    found = [
        Tally(kind, value if kind in WORDS else int(value), Trend(number, tuple(before.get((kind, value), none))), pk)
        for kind, value, number, pk, _kinds in newest
    ]
    return found, Counter({kind: kinds for kind, _value, _number, _pk, kinds in newest})


@dataclass(frozen=True)
class _Reach:
    """What somebody sees of some time: what is not restricted by its place, the restricted ones one by one."""

    here: str
    hidden: str
    values: dict[str, Any]

    @classmethod
    def of(cls, staff: Staff, place: Location | None, **times: dt.datetime) -> _Reach:
        restricted = access.visible_to(Incident.objects.filter(is_restricted=True), staff)
        if place is not None:
            restricted = restricted.filter(location=place)
        times_of = countable(restricted).filter(reported_at__gt=times["since"], reported_at__lte=times["now"])
        sql, values = times_of.order_by().values_list(*_READ).query.sql_with_params()
        named = {f"hidden_{at}": value for at, value in enumerate(values)}
        places = None if staff.sees_all else staff.location_ids
        if place is not None:
            places = [place.pk] if places is None or place.pk in places else []
        here = "TRUE" if places is None else "location_id = ANY (%(places)s::bigint[])"
        return cls(here, sql % tuple(f"%({name})s" for name in named), {**times, **named, "places": places})

    def asked(self, sql: str, ways: str = "", **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            filled = sql.format(hidden=self.hidden, here=self.here, ways=ways.format(here=self.here))
            cursor.execute(filled, self.values | more)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def newest(self, most: int) -> list[Newest]:
        rows = self.asked(_NEWEST, fewest=FEWEST, most=most)
        # GROUPING() has a bit for each column that a row is not about, the first one's the highest.
        every, highest = (1 << len(_COLUMNS)) - 1, 1 << (len(_COLUMNS) - 1)
        kinds = {every - (highest >> at): kind for at, kind in enumerate(_COLUMNS)}
        return [(kinds[kind], *others) for kind, *others in rows]

    def before(self, newest: Sequence[Newest], windows: int) -> dict[tuple[str, str], list[int]]:
        """How often what is named in `newest` came in each of the windows before, the newest of them first."""
        named: dict[str, list[Any]] = {kind: [] for kind in _WAYS}
        for kind, value, *_ in newest:
            named[kind].append(value if kind in WORDS else int(value))
        last: dt.datetime = self.values["last"]
        length: dt.timedelta = self.values["now"] - last
        times: dict[str, Any] = {
            "begins": [last - back * length for back in range(1, windows + 1)],
            "finishes": [last - back * length for back in range(windows)],
            # What was reported at the very moment a window ends is in it still: the next begins one later.
            "ends": [last - back * length + dt.timedelta.resolution for back in range(windows - 1, 0, -1)],
        }
        ways = " UNION ALL ".join(way for kind, way in _WAYS.items() if named[kind])
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * windows)
        for kind, value, back, number in self.asked(_OLDER, ways, windows=windows, **times, **named):
            counts[kind, value][back - 1] += int(number)
        return counts
