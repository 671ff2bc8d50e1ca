"""What comes most often, of everything somebody may see: what `tally()` counts, in time that hardly grows.

The newest window is counted from one index that holds no more than is counted; the windows before it only for what is
named. Restricted incidents are few: each of them is looked at for itself, as everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from incidents import access
from incidents.models.incident import Incident
from incidents.models.pattern import SUBJECTS, PatternKind
from incidents.models.prepared import Search, sql_of
from incidents.models.staff import Location, Staff
from incidents.models.tally import BASICS_DAYS, DAY, Tally, by_number, countable, slipping
from incidents.rising import FEWEST, MOST_BEFORE, Trend

# (kind, value, how often, the newest, how many of that kind there are)
Newest = tuple[PatternKind, str, int, int, int]
JUST = dt.timedelta.resolution
WORDS = (PatternKind.PLACE, PatternKind.ITEM)
_READ = ("id", "location_id", "reported_at", "category_id", "root_cause_id", "customer_id", "item", "place")
_WORD = "CASE WHEN place = '' THEN '' ELSE lower(unaccent(place)) END"
# In the words of the indexes `incident_counted…`: PostgreSQL takes them where the words are the same.
_COUNTED = "NOT is_restricted AND NOT close_reason IN ('void', 'duplicate')"
_BEFORE = "reported_at > %(since)s AND reported_at <= %(last)s"
# How many windows before the newest one: `ends` are those of all but one of them, the oldest first.
_BACK = "%(windows)s - width_bucket(reported_at, %(ends)s::timestamptz[])"

# Rows and words are counted apart: few have words, and each pass is narrow. GROUPING() has a bit for each column that a
# row is not about, the first one's the highest.
_KINDS = {
    3: PatternKind.CATEGORY,
    5: PatternKind.CAUSE,
    6: PatternKind.CUSTOMER,
    1: PatternKind.PLACE,
    2: PatternKind.ITEM,
}
_LATEST = f"FROM incidents_incident WHERE {_COUNTED} AND {{here}} AND reported_at > %(last)s AND reported_at <= %(now)s"
_NEWEST = f"""
    WITH hidden AS NOT MATERIALIZED ({{hidden}}), found AS (
        SELECT GROUPING(category_id, root_cause_id, customer_id) AS kind,
            COALESCE(category_id, root_cause_id, customer_id)::text AS value, count(*) AS number, max(id) AS newest
        FROM (
            SELECT id, category_id, root_cause_id, customer_id {_LATEST} UNION ALL
            SELECT id, category_id, root_cause_id, customer_id FROM hidden WHERE reported_at > %(last)s
        ) seen GROUP BY GROUPING SETS ((category_id), (root_cause_id), (customer_id))
        HAVING count(*) >= %(fewest)s AND COALESCE(category_id, root_cause_id, customer_id) IS NOT NULL
        UNION ALL SELECT GROUPING(word, item), COALESCE(word, item), count(*), max(id) FROM (
            SELECT id, {_WORD} AS word, item {_LATEST} AND (place <> '' OR item <> '') UNION ALL
            SELECT id, {_WORD}, item FROM hidden WHERE reported_at > %(last)s
        ) said GROUP BY GROUPING SETS ((word), (item))
        HAVING count(*) >= %(fewest)s AND COALESCE(word, item) <> ''
    )
    SELECT kind, value, number, newest, kinds FROM (
        SELECT *, count(*) OVER (PARTITION BY kind) AS kinds,
            row_number() OVER (PARTITION BY kind ORDER BY number DESC, newest DESC) AS at FROM found
    ) placed WHERE at <= %(most)s
"""  # noqa: S608  # nosec B608 - put together of the words above, no value is among them
# Whole days are counted already; of the day in which a window begins or ends, incidents. (`to_day` is not in it.)
# OFFSET: each span is a range of an index, whatever PostgreSQL expects of all of them together.
_DAYS = """
    FROM unnest(%(from_days)s::date[], %(to_days)s::date[]) WITH ORDINALITY AS spans (from_day, to_day, back)
    CROSS JOIN LATERAL (SELECT category_id, number FROM incidents_daycount
        WHERE day >= from_day AND day < to_day AND {here} OFFSET 0) counted
"""
_EDGES = f"""
    FROM unnest(%(edges)s::timestamptz[], %(edges_end)s::timestamptz[], %(edges_of)s::int[]) spans (since, until, back)
    CROSS JOIN LATERAL (SELECT category_id FROM incidents_incident
        WHERE reported_at > since AND reported_at <= until AND {_COUNTED} AND {{here}} OFFSET 0) counted
"""  # noqa: S608  # nosec B608
_HERE = f"incidents_incident WHERE {_COUNTED} AND {{here}}"


# What each kind adds to the numbers of the windows before: of causes and items with a range of an index for each of
# them and each window; of places the spellings are folded when they are counted.
def _ranges(kind: str, column: str, *, known: str) -> str:
    return f"""
        SELECT '{kind}', value::text, back, (SELECT count(*) FROM {_HERE}
            AND {known} AND {column} = value AND reported_at > since AND reported_at <= until)
        FROM {_named(kind, column)}, unnest(%(begins)s::timestamptz[], %(finishes)s::timestamptz[])
            WITH ORDINALITY AS spans (since, until, back)
    """  # noqa: S608  # nosec B608


def _named(kind: str, column: str) -> str:
    return f"unnest(%({kind})s::{'text' if column == 'item' else 'bigint'}[]) AS value"


# The newest of each customer, as many as there are since: by both its ends PostgreSQL would look for all of that time.
_OF_CUSTOMERS = f"""
    SELECT 'customer', value::text, back, number FROM {_named("customer", "customer_id")} CROSS JOIN LATERAL (
        SELECT {_BACK} AS back, count(*) AS number FROM (
            SELECT reported_at FROM {_HERE} AND customer_id = value AND reported_at > %(since)s OFFSET 0
        ) every WHERE reported_at <= %(last)s GROUP BY 1
    ) theirs
"""  # noqa: S608  # nosec B608
_HIDDEN = " UNION ALL ".join(
    f"SELECT '{kind}', value::text, back, 1 FROM earlier JOIN {_named(kind, column)} ON {column} = value"  # noqa: S608  # nosec B608
    for kind, column in SUBJECTS.items()
    if kind not in (PatternKind.CATEGORY, PatternKind.PLACE)
)
_OLDER = f"""
    WITH hidden AS ({{hidden}}), earlier AS (SELECT *, {_BACK} AS back FROM hidden WHERE {_BEFORE})
    SELECT kind, value, {{backs}} FROM (
        SELECT 'category' AS kind, category_id::text AS value, back, sum(number) AS number {_DAYS}
        GROUP BY category_id, back
        UNION ALL SELECT 'category', category_id::text, back, count(*) {_EDGES} GROUP BY category_id, back
        UNION ALL
        SELECT 'category', category_id::text, back, count(*) FROM earlier GROUP BY category_id, back
        UNION ALL SELECT 'place', {_WORD}, back, sum(number) FROM (
            SELECT place, {_BACK} AS back, count(*) AS number FROM {_HERE} AND place <> '' AND {_BEFORE} GROUP BY 1, 2
            UNION ALL SELECT place, back, count(*) FROM earlier WHERE place <> '' GROUP BY 1, 2
        ) spelled GROUP BY 2, 3
        UNION ALL {_ranges("cause", "root_cause_id", known="root_cause_id IS NOT NULL")}
        UNION ALL {_ranges("item", "item", known="item <> ''")}
        UNION ALL {_OF_CUSTOMERS} UNION ALL {_HIDDEN}
    ) every GROUP BY kind, value
"""  # noqa: S608  # nosec B608

_BASICS = f"""
    WITH hidden AS ({{hidden}}), basics AS (SELECT id FROM incidents_category WHERE is_basics)
    SELECT {{backs}} FROM (
        SELECT category_id, back, number {_DAYS} UNION ALL SELECT category_id, back, 1 {_EDGES} UNION ALL
        SELECT category_id, {_BACK}, 1 FROM hidden
    ) every WHERE category_id IN (SELECT id FROM basics)
"""  # noqa: S608  # nosec B608


def basics_of_place(staff: Staff, place: Location, *, now: dt.datetime) -> Trend | None:
    """What `basics_of()` finds of all they may see there. At most two queries."""
    ends = [now - back * BASICS_DAYS * DAY for back in range(MOST_BEFORE + 2)]
    reach = _Reach.of(staff, place, since=ends[-1], last=now, now=now)
    (counts,) = reach.asked(_BASICS, ends)
    return slipping(list(counts), access.visible_to(Incident.objects.filter(location=place), staff), now=now)


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
    return sorted(found, key=by_number), Counter({kind: kinds for kind, _value, _number, _pk, kinds in newest})


def _restricted(staff: Staff) -> QuerySet[Any]:
    rows = access.visible_to(Incident.objects.filter(is_restricted=True), staff)
    return countable(rows).order_by().values_list(*_READ)


@dataclass(frozen=True)
class _Reach:
    """What somebody sees of some time: what is not restricted by its place, the restricted ones one by one."""

    here: str
    hidden: str
    values: dict[str, Any]

    @classmethod
    def of(cls, staff: Staff, place: Location | None, **times: dt.datetime) -> _Reach:
        restricted, real = sql_of(_restricted, staff)
        if not restricted:
            raise EmptyResultSet
        hidden = f"SELECT * FROM ({restricted}) AS theirs WHERE reported_at > %(since)s AND reported_at <= %(now)s"  # noqa: S608  # nosec B608
        places = None if staff.sees_all else staff.location_ids
        if place is not None:
            hidden += " AND location_id = %(there)s"
            places = [place.pk] if places is None or place.pk in places else []
        here = "TRUE" if places is None else "location_id = ANY (%(places)s::bigint[])"
        return cls(here, hidden, {**real, **times, "there": place.pk if place else None, "places": places})

    def asked(self, sql: str, ends: Sequence[dt.datetime] = (), **more: Any) -> list[tuple[Any, ...]]:
        """With a column for each of the windows between `ends`, the newest first. PostgreSQL keeps the statement."""
        backs = ", ".join(f"COALESCE(sum(number) FILTER (WHERE back = {at}), 0)::int" for at in range(1, len(ends)))
        filled = sql.format(hidden=self.hidden, here=self.here, backs=backs)
        return Search[Incident](filled, ()).rows(self.values | _spans(ends) | more)

    def newest(self, most: int) -> list[Newest]:
        rows = self.asked(_NEWEST, fewest=FEWEST, most=most)
        return [(_KINDS[kind], *others) for kind, *others in rows]

    def before(self, newest: Sequence[Newest], windows: int) -> dict[tuple[str, str], list[int]]:
        """How often what is named in `newest` came in each of the windows before, the newest of them first."""
        named: dict[str, list[Any]] = {str(kind): [] for kind in SUBJECTS}
        for kind, value, *_ in newest:
            named[kind].append(value if kind in WORDS else int(value))
        last: dt.datetime = self.values["last"]
        ends = [last - back * (self.values["now"] - last) for back in range(windows + 1)]
        return {(kind, value): counts for kind, value, *counts in self.asked(_OLDER, ends, **named)}


def _spans(ends: Sequence[dt.datetime]) -> dict[str, Any]:
    """The windows between `ends`, the newest first: the whole days of each, and what is left at its two ends."""
    begins, finishes = ends[1:], ends[:-1]
    spans: dict[str, Any] = {"windows": len(begins), "begins": begins, "finishes": finishes}
    # What was reported at the very moment a window ends is in it still: the next begins one later.
    spans["ends"] = [end + JUST for end in reversed(ends[1:-1])]
    spans["from_days"] = [begin.astimezone(dt.UTC).date() + DAY for begin in begins]
    spans["to_days"] = [finish.astimezone(dt.UTC).date() for finish in finishes]
    mornings = [dt.datetime.combine(day, dt.time(), dt.UTC) - JUST for day in spans["from_days"]]
    nights = [dt.datetime.combine(day, dt.time(), dt.UTC) - JUST for day in spans["to_days"]]
    every = range(1, len(ends))
    return spans | {"edges": [*begins, *nights], "edges_end": [*mornings, *finishes], "edges_of": [*every, *every]}
