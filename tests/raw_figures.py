"""Every figure recomputed from the tables that people's work is written to, in plain SQL.

Imports nothing of the app, and reads no table that the app keeps for its figures:

    python tests/raw_figures.py postgresql://… --staff 3 --start 2026-01-01 --end 2026-03-31 [--location 1] …
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import Any

import psycopg

# Every incident that counts for this person: reported whenever, of the place, category, cause and severity asked for.
NEAR = """
CREATE TEMP TABLE raw_near ON COMMIT DROP AS
SELECT i.*, l.time_zone AS tz, (i.reported_at AT TIME ZONE l.time_zone)::date AS day
FROM incidents_incident i
JOIN incidents_location l ON l.id = i.location_id
JOIN incidents_staff me ON me.id = %(staff)s
WHERE i.close_reason NOT IN ('void', 'duplicate')
  AND (me.role = 'administrator'
    OR i.location_id IN (SELECT location_id FROM incidents_membership WHERE staff_id = me.id))
  AND (%(location)s::bigint IS NULL OR i.location_id = %(location)s)
  AND (%(category)s::bigint IS NULL OR i.category_id = %(category)s)
  AND (%(cause)s::bigint IS NULL OR i.root_cause_id = %(cause)s)
  AND (%(severity)s::int IS NULL OR i.severity = %(severity)s)
  AND (NOT i.is_restricted OR (
    NOT %(shared)s AND me.role IN ('manager', 'administrator')
    AND NOT EXISTS (SELECT FROM incidents_concern c WHERE c.incident_id = i.id AND c.staff_id = me.id)
    AND (me.role = 'administrator' OR me.id IN (i.logged_by_id, i.assignee_id)
      OR EXISTS (SELECT FROM incidents_followup s WHERE s.incident_id = i.id AND s.assignee_id = me.id)
      OR EXISTS (SELECT FROM incidents_remedy s WHERE s.incident_id = i.id AND s.assignee_id = me.id)
      OR EXISTS (SELECT FROM incidents_promisemade s WHERE s.incident_id = i.id AND s.assignee_id = me.id)
      OR NOT EXISTS (SELECT FROM incidents_concern c JOIN incidents_staff p ON p.id = c.staff_id
                     WHERE c.incident_id = i.id AND p.role <> 'front_desk'))))
"""
SEEN = "CREATE TEMP TABLE raw_seen ON COMMIT DROP AS SELECT * FROM raw_near WHERE day BETWEEN %(start)s AND %(end)s"

# Figure: a statement that gives (value, n, hits); of what has a middle, (median, n, NULL, ninety per cent).
FIGURES = {
    "incidents": "SELECT count(*), count(*), count(*) FROM raw_seen",
    "apologized_in_time": """
        WITH sorry AS (
            SELECT (SELECT due_at FROM incidents_deadline d JOIN incidents_round r ON r.id = d.round_id
                    WHERE r.incident_id = s.id AND r.number = 1 AND clock = 'apologize') AS due,
                (SELECT min(made_at) FROM incidents_apology a WHERE a.incident_id = s.id AND channel <> 'public'
                    AND (kind = 'apology' OR s.finding = 'not_ours')) AS made
            FROM raw_seen s)
        SELECT NULL, count(*), count(*) FILTER (WHERE made <= due) FROM sorry
        WHERE due IS NOT NULL AND (made IS NOT NULL OR due < %(now)s)""",
    "time_to_remedy": """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took), count(*), NULL,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
        FROM (SELECT extract(epoch FROM min(m.delivered_at) - s.reported_at)::float AS took
              FROM raw_seen s JOIN incidents_remedy m ON m.incident_id = s.id
              WHERE m.delivered_at IS NOT NULL GROUP BY s.id, s.reported_at) t""",
    "recovery_time": """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took), count(*), NULL,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
        FROM (SELECT extract(epoch FROM c.closed_at - s.reported_at)::float AS took
              FROM raw_seen s JOIN incidents_closure c ON c.incident_id = s.id
              WHERE c.reopened_at IS NULL AND c.reason = 'recovered') t""",
    "first_try": """
        SELECT NULL, count(*), count(*) FILTER (WHERE close_reason = 'recovered' AND rounds = 1)
        FROM (SELECT s.*, (SELECT count(*) FROM incidents_round r WHERE r.incident_id = s.id) AS rounds
              FROM raw_seen s) t
        WHERE closed_at IS NOT NULL OR rounds > 1 OR next_due_at < %(now)s""",
    "calls_kept": """
        WITH calls AS (
            SELECT f.answered_at, ((f.due_at AT TIME ZONE s.tz)::date + 1)::timestamp AT TIME ZONE s.tz AS over
            FROM incidents_followup f JOIN raw_seen s ON s.id = f.incident_id WHERE f.cancelled_at IS NULL)
        SELECT NULL, count(*), count(*) FILTER (WHERE answered_at < over) FROM calls
        WHERE answered_at IS NOT NULL OR over < %(now)s""",
    "satisfaction": """
        SELECT NULL, count(*), count(*) FILTER (WHERE t.score >= 4) FROM incidents_attempt t
        JOIN incidents_followup f ON f.id = t.follow_up_id JOIN raw_seen s ON s.id = f.incident_id
        WHERE t.score IS NOT NULL""",
    "coverage": """
        SELECT NULL, count(*), count(*) FILTER (WHERE EXISTS (
            SELECT FROM incidents_followup f JOIN incidents_attempt t ON t.follow_up_id = f.id
            WHERE f.incident_id = s.id AND t.score IS NOT NULL))
        FROM raw_seen s""",
    "recovered": """
        SELECT NULL, count(*), count(*) FILTER (WHERE close_reason = 'recovered') FROM raw_seen
        WHERE closed_at IS NOT NULL OR next_due_at < %(now)s""",
    "reopened": """
        SELECT NULL, count(*), count(*) FILTER (WHERE again) FROM (
            SELECT (min(c.closed_at) AT TIME ZONE n.tz)::date AS day, bool_or(c.reopened_at IS NOT NULL) AS again
            FROM raw_near n JOIN incidents_closure c ON c.incident_id = n.id GROUP BY n.id, n.tz) t
        WHERE day BETWEEN %(start)s AND %(end)s""",
    "repeats": """
        SELECT NULL, count(DISTINCT s.customer_id), count(DISTINCT s.customer_id) FILTER (WHERE EXISTS (
            SELECT FROM raw_near b WHERE b.customer_id = s.customer_id AND b.id <> s.id
              AND (b.reported_at, b.id) < (s.reported_at, s.id)
              AND s.reported_at - b.reported_at <= interval '90 days'))
        FROM raw_seen s WHERE s.customer_id IS NOT NULL""",
    "minutes": """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY spent), count(*), NULL,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY spent), sum(spent)
        FROM (SELECT sum(m.minutes) AS spent FROM raw_seen s JOIN incidents_remedy m ON m.incident_id = s.id
              WHERE m.state = 'delivered' AND m.minutes IS NOT NULL GROUP BY s.id) t""",
    "found_by_us": "SELECT NULL, count(*), count(*) FILTER (WHERE source IN ('noticed', 'asked')) FROM raw_seen",
    "detection_lag": """
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag), count(*), NULL,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY lag)
        FROM (SELECT day - coalesce(occurred_on, (occurred_at AT TIME ZONE tz)::date) AS lag FROM raw_seen
              WHERE occurred_on IS NOT NULL OR occurred_at IS NOT NULL) t""",
    "made_worse": "SELECT NULL, count(*), count(*) FILTER (WHERE is_second_failure) FROM raw_seen",
    "reviewed_in_time": """
        WITH talked AS (
            SELECT s.*, (SELECT min(ended_at) FROM incidents_review v WHERE v.incident_id = s.id
                    AND outcome NOT IN ('', 'next_time')) AS at,
                coalesce((SELECT min(e.at) FROM incidents_event e WHERE e.incident_id = s.id
                    AND kind = 'review_asked'), s.reported_at) AS asked
            FROM raw_seen s),
        due AS (
            SELECT at, CASE WHEN severity = 1 THEN reported_at + interval '48 hours' ELSE (
                SELECT coalesce(g.ended_at, g.starts_at + g.minutes * interval '1 minute') FROM incidents_meeting g
                WHERE g.location_id = t.location_id AND g.cancelled_at IS NULL AND g.starts_at > t.asked
                ORDER BY g.starts_at, g.id LIMIT 1) END AS due
            FROM talked t WHERE at IS NOT NULL OR review_state <> 'not_required')
        SELECT NULL, count(*), count(*) FILTER (WHERE at <= due OR (at IS NOT NULL AND due IS NULL)) FROM due
        WHERE at IS NOT NULL OR due < %(now)s""",
    "promises_kept": """
        SELECT NULL, count(*), count(*) FILTER (WHERE p.kept_at <= p.due_at)
        FROM incidents_promisemade p JOIN raw_seen s ON s.id = p.incident_id
        WHERE p.kept_at IS NOT NULL OR p.broken_at IS NOT NULL OR p.due_at < %(now)s""",
    "apology_only": """
        SELECT count(*) FILTER (WHERE bare), count(*), count(*) FILTER (WHERE bare) FROM (
            SELECT NOT EXISTS (SELECT FROM incidents_remedy m WHERE m.incident_id = s.id
                    AND m.state IN ('delivered', 'declined'))
                AND NOT EXISTS (SELECT FROM incidents_round r WHERE r.incident_id = s.id AND r.waived_as <> '') AS bare
            FROM raw_seen s WHERE close_reason = 'recovered') t""",
    "prevention_on_time": """
        SELECT NULL, count(*), count(*) FILTER (WHERE done_at <= due_at) FROM raw_change
        WHERE due_on BETWEEN %(start)s AND %(end)s AND (done_at IS NOT NULL OR due_at < %(now)s)""",
    "recurrence": """
        SELECT NULL, sum(before), sum(after) FROM (
            SELECT (SELECT count(*) FROM raw_all i WHERE i.location_id = a.location_id
                    AND i.category_id = a.category_id AND (a.root_cause_id IS NULL OR i.root_cause_id = a.root_cause_id)
                    AND i.reported_at >= a.check_at - interval '180 days'
                    AND i.reported_at < a.check_at - interval '90 days') AS before,
                (SELECT count(*) FROM raw_all i WHERE i.location_id = a.location_id
                    AND i.category_id = a.category_id AND (a.root_cause_id IS NULL OR i.root_cause_id = a.root_cause_id)
                    AND i.reported_at >= a.check_at - interval '90 days' AND i.reported_at < a.check_at) AS after
            FROM raw_change a WHERE a.done_at IS NOT NULL AND a.check_at <= %(now)s
              AND (a.check_at AT TIME ZONE a.tz)::date BETWEEN %(start)s AND %(end)s) t""",
}
# What was committed and not dropped, of incidents that count for them; those of the place, category, cause, severity.
CHANGES = """
CREATE TEMP TABLE raw_change ON COMMIT DROP AS
SELECT a.*, l.time_zone AS tz FROM incidents_preventionaction a JOIN incidents_location l ON l.id = a.location_id
JOIN raw_any i ON i.id = a.incident_id
WHERE a.committed_at IS NOT NULL AND a.dropped_at IS NULL
  AND (%(location)s::bigint IS NULL OR a.location_id = %(location)s)
  AND (%(category)s::bigint IS NULL OR a.category_id = %(category)s)
  AND (%(cause)s::bigint IS NULL OR a.root_cause_id = %(cause)s)
  AND (%(severity)s::int IS NULL OR i.severity = %(severity)s)
"""
COSTS = """
    SELECT currency, count(*), sum(cost), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY cost))::numeric, 2)
    FROM (SELECT m.currency, sum(coalesce(m.actual_amount, m.estimated_amount)) AS cost
          FROM raw_seen s JOIN incidents_remedy m ON m.incident_id = s.id WHERE m.state = 'delivered'
          GROUP BY s.id, m.currency) t
    WHERE cost > 0 GROUP BY currency ORDER BY currency
"""
CAUSES = """
    SELECT root_cause_id, count(*), coalesce(sum((SELECT sum(coalesce(m.actual_amount, m.estimated_amount))
        FROM incidents_remedy m WHERE m.incident_id = s.id AND m.state = 'delivered')), 0)
    FROM raw_seen s GROUP BY root_cause_id
"""
AGES = """
    SELECT day, count(*), count(*) FILTER (WHERE next_due_at < %(now)s)
    FROM (SELECT (%(now)s::timestamptz AT TIME ZONE tz)::date - day AS day, next_due_at FROM raw_near
          WHERE closed_at IS NULL AND reported_at <= %(now)s) t
    GROUP BY day ORDER BY day
"""
NOTHING = {"location": None, "category": None, "cause": None, "severity": None}


def recompute(connection: psycopg.Connection[Any], **asked: Any) -> dict[str, Any]:
    """`asked`: staff, start, end, now, shared; location, category, cause, severity (None for all)."""
    values = {**NOTHING, "shared": False, **asked}
    found: dict[str, Any] = {}
    with connection.transaction(), connection.cursor() as cursor:
        for name, limits in (("raw_all", NOTHING), ("raw_near", {})):
            cursor.execute(NEAR.replace("raw_near", name).encode(), {**values, **limits})
        # For changes, those of incidents logged by mistake too.
        whoever = NEAR.replace("raw_near", "raw_any").replace("i.close_reason NOT IN ('void', 'duplicate')", "TRUE")
        cursor.execute(whoever.encode(), {**values, **NOTHING})
        cursor.execute(SEEN.encode(), values)
        cursor.execute(b"CREATE INDEX ON raw_near (customer_id); CREATE INDEX ON raw_seen (root_cause_id)")
        cursor.execute(b"ANALYZE raw_all; ANALYZE raw_near; ANALYZE raw_any; ANALYZE raw_seen")
        cursor.execute(CHANGES.encode(), values)
        for key, statement in FIGURES.items():
            found[key] = _figure(cursor.execute(statement.encode(), values).fetchone() or ())
        found["cost"] = {row[0]: row[1:] for row in cursor.execute(COSTS.encode()).fetchall()}
        found["causes"] = {row[0]: row[1:] for row in cursor.execute(CAUSES.encode()).fetchall()}
        found["ages"] = {row[0]: row[1:] for row in cursor.execute(AGES.encode(), values).fetchall()}
        cursor.execute("DROP TABLE raw_all, raw_near, raw_any, raw_seen, raw_change")
    return found


def _figure(row: tuple[Any, ...]) -> dict[str, Any]:
    value, n, hits, *more = row
    n = int(n or 0)
    if value is None and hits is not None and n:
        value = 100 * int(hits) / n
    return {"value": value, "n": n, "hits": hits, "p90": more[0] if more else None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--staff", type=int, required=True)
    parser.add_argument("--start", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--end", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--now", type=dt.datetime.fromisoformat, default=dt.datetime.now(dt.UTC))
    parser.add_argument("--shared", action="store_true", help="without restricted ones")
    for name in NOTHING:
        parser.add_argument(f"--{name}", type=int)
    asked = vars(parser.parse_args())
    with psycopg.connect(asked.pop("database")) as connection:
        print(json.dumps(recompute(connection, **asked), default=str, indent=1))


if __name__ == "__main__":
    main()
