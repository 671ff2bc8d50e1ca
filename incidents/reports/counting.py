"""Counting facts: one statement, with only the parts that are asked for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from incidents.models import Flag, Staff
from incidents.reports.scope import Scope
from incidents.reports.seen import REPEAT, facts_near, named_sql, restricted_ids
from incidents.reports.slots import Slots

Counts = dict[str, list[dict[str, Any]]]

_COLUMNS = (
    *("incident_id", "day", "first_closed_on", "reported_at", "customer_id", "cause_id", "flags", "currency", "cost"),
    *("more_costs", "remedy_seconds", "recovery_seconds", "lag_days", "minutes", "scores", "high_scores"),
    *("calls_kept", "calls_missed", "promises_kept", "promises_missed", "location_id"),
    *("sorry_open", "step_open", "review_open", "calls_open", "promises_open", "waits_until"),
)

_BEGIN = """
    WITH near AS NOT MATERIALIZED ({near}),
    seen AS NOT MATERIALIZED (SELECT {slot} AS slot, near.* FROM near WHERE day >= %(first)s AND day <= %(last)s),
    spent AS NOT MATERIALIZED (
        SELECT slot, cause_id, currency, cost FROM seen WHERE cost IS NOT NULL
        UNION ALL SELECT slot, cause_id, key, value::numeric FROM seen, jsonb_each_text(more_costs)
        WHERE more_costs IS NOT NULL
    )
    SELECT
"""

_AS_JSON = "(SELECT json_agg(each) FROM ({rows}) each)"
# Part: the statement whose rows it is.
PARTS: dict[str, str] = {
    "tallies": """
        SELECT slot, flags, count(*) AS n, sum(scores) AS scores, sum(high_scores) AS high_scores,
            sum(calls_kept) AS calls_kept, sum(calls_missed) AS calls_missed,
            sum(promises_kept) AS promises_kept, sum(promises_missed) AS promises_missed
        FROM seen GROUP BY slot, flags""",
    "overdue": """
        SELECT slot, count(*) FILTER (WHERE sorry_open < %(now)s) AS sorry,
            count(*) FILTER (WHERE step_open < %(now)s) AS step,
            count(*) FILTER (WHERE step_open < %(now)s AND flags & %(second_try)s = 0) AS first_step,
            count(*) FILTER (WHERE review_open < %(now)s) AS review,
            sum((SELECT count(*) FROM unnest(calls_open) AS due WHERE due < %(now)s)) AS calls,
            sum((SELECT count(*) FROM unnest(promises_open) AS due WHERE due < %(now)s)) AS promises
        FROM seen WHERE waits_until < %(now)s GROUP BY slot""",
    "remedy": """
        SELECT slot, count(*) AS n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY remedy_seconds) AS at
        FROM seen WHERE remedy_seconds IS NOT NULL GROUP BY slot""",
    "recovery": """
        SELECT slot, count(*) AS n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY recovery_seconds) AS at
        FROM seen WHERE recovery_seconds IS NOT NULL GROUP BY slot""",
    "lag": """
        SELECT slot, count(*) AS n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY lag_days) AS at
        FROM seen WHERE lag_days IS NOT NULL GROUP BY slot""",
    "minutes": """
        SELECT slot, count(*) AS n, sum(minutes) AS total,
            percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes) AS at
        FROM seen WHERE minutes IS NOT NULL GROUP BY slot""",
    "costs": """
        SELECT slot, currency, count(*) AS n, sum(cost)::text AS total, round(avg(cost), 2)::text AS average,
            round((percentile_cont(0.5) WITHIN GROUP (ORDER BY cost))::numeric, 2)::text AS middle
        FROM spent GROUP BY slot, currency ORDER BY slot, currency""",
    "spenders": "SELECT slot, count(*) AS n FROM seen WHERE cost IS NOT NULL GROUP BY slot",
    "closed": """
        SELECT {closed_slot} AS slot, count(*) AS n,
            count(*) FILTER (WHERE flags & %(reopened)s <> 0) AS hits
        FROM near WHERE first_closed_on >= %(first)s AND first_closed_on <= %(last)s GROUP BY 1""",
    "repeats": """
        SELECT slot, count(DISTINCT customer_id) AS n, count(DISTINCT customer_id) FILTER (WHERE is_again) AS hits
        FROM (SELECT {slot} AS slot, day, customer_id, reported_at - lag(reported_at)
                OVER (PARTITION BY customer_id ORDER BY reported_at, incident_id) <= %(repeat)s AS is_again
            FROM near WHERE customer_id IS NOT NULL AND day >= %(before)s AND day <= %(last)s) came
        WHERE day >= %(first)s GROUP BY slot""",
    "causes": "SELECT cause_id, count(*) AS n FROM seen GROUP BY cause_id",
    "cause_costs": """
        SELECT cause_id, currency, sum(cost)::text AS total FROM spent GROUP BY cause_id, currency""",
    # How long all this holds, though nothing happens: until the next thing is overdue.
    "holds": """
        SELECT min(due) AS until FROM seen, unnest(ARRAY[sorry_open, step_open, review_open]
            || calls_open || promises_open) AS due
        WHERE waits_until IS NOT NULL AND due >= %(now)s""",
}


def count(
    staff: Staff,
    scope: Scope,
    now: dt.datetime,
    slots: Slots,
    parts: Iterable[str],
    *,
    restricted: list[int] | None = None,
) -> tuple[Counts, dt.datetime | None]:
    """The rows of each part, and how long they hold. Two statements at most, one where `restricted` is known."""
    seen = restricted_ids(staff, scope) if restricted is None else restricted
    near = facts_near(staff, scope, seen).order_by().values(*_COLUMNS)
    sql, values = named_sql(near, "near_")
    asked = [*parts, "holds"]
    slot, closed_slot = slots.sql.format(day="day"), slots.sql.format(day="first_closed_on")
    columns = [_AS_JSON.format(rows=PARTS[part].format(slot=slot, closed_slot=closed_slot)) for part in asked]
    values |= {"first": slots.first, "last": slots.last, "zero": slots.zero, "now": now, "repeat": REPEAT}
    values |= {"second_try": int(Flag.SECOND_TRY), "reopened": int(Flag.REOPENED)}
    values["before"] = slots.first - REPEAT - dt.timedelta(days=2)
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN.format(near=sql, slot=slot) + ", ".join(columns), values)
        row = cursor.fetchone()
    counts = {part: _rows(found) for part, found in zip(asked, row, strict=True)}
    (holds,) = counts.pop("holds")
    return counts, dt.datetime.fromisoformat(holds["until"]) if holds["until"] else None


def _rows(found: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found or []
    return rows
