"""How long what is open has been open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.models import Staff
from incidents.reports.keeping import keep
from incidents.reports.scope import Scope
from incidents.reports.seen import facts_near, named_sql, restricted_ids


@dataclass(frozen=True)
class Age:
    """Open since so many days (`until` None: and more), and how many of them have an overdue step."""

    since: int
    until: int | None
    label: LazyText | str
    open: int
    late: int


_BANDS: tuple[tuple[int, int | None, LazyText], ...] = (
    (0, 0, _("Since today")),
    (1, 2, _("1 to 2 days")),
    (3, 7, _("3 to 7 days")),
    (8, 30, _("8 to 30 days")),
    (31, None, _("Longer")),
)
_SQL = """
    WITH near AS NOT MATERIALIZED ({near})
    SELECT width_bucket((%(now)s AT TIME ZONE l.time_zone)::date - near.day, ARRAY[1, 3, 8, 31]) AS band,
        count(*), count(*) FILTER (WHERE near.step_open < %(now)s),
        min(near.step_open) FILTER (WHERE near.step_open >= %(now)s)
    FROM near JOIN incidents_location l ON l.id = near.location_id GROUP BY band
"""
_QUARTER = 900  # seconds: no zone has its midnight between two of them


def ageing(staff: Staff, scope: Scope, now: dt.datetime) -> list[Age]:
    """Whenever it was reported: of a scope only place, category, cause and severity count.

    Days of the place's calendar. Three statements; one while nothing changed.
    """
    found = keep(
        ("ageing", now.timestamp() // _QUARTER),
        lambda: _count(staff, scope, now),
        staff=staff,
        scope=scope,
        now=now,
        first=None,
    )
    return [Age(since, until, label, *found.get(at, (0, 0))) for at, (since, until, label) in enumerate(_BANDS)]


def _count(staff: Staff, scope: Scope, now: dt.datetime) -> tuple[dict[int, tuple[int, int]], dt.datetime | None]:
    """(open, late) of each band, and when the next one is late."""
    open_ = facts_near(staff, scope, restricted_ids(staff, scope)).filter(
        waits_until__isnull=False, step_open__isnull=False, reported_at__lte=now
    )
    sql, values = named_sql(open_.order_by().values("day", "step_open", "location_id"), "near_")
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(near=sql), values | {"now": now})
        rows = cursor.fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}, min((row[3] for row in rows if row[3]), default=None)
