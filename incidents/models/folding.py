"""How the facts of some incidents are reckoned from their rows: one statement, whatever happened to them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from incidents.models.facts import Flag

# What a fact holds, in the order of the SELECT below.
_COLUMNS: dict[str, str] = {
    "incident_id": "i.id",
    "location_id": "i.location_id",
    "category_id": "i.category_id",
    "cause_id": "i.root_cause_id",
    "customer_id": "i.customer_id",
    "severity": "i.severity",
    "is_restricted": "i.is_restricted",
    "flags": "flags.bits",
    "day": "days.reported",
    "first_closed_on": "(ends.first_at AT TIME ZONE l.time_zone)::date",
    "reported_at": "i.reported_at",
    "remedy_seconds": "extract(epoch FROM given.first_at - i.reported_at)",
    "recovery_seconds": "CASE WHEN i.close_reason = 'recovered'"
    " THEN extract(epoch FROM i.closed_at - i.reported_at) END",
    "lag_days": "days.reported - coalesce(i.occurred_on, (i.occurred_at AT TIME ZONE l.time_zone)::date)",
    "minutes": "given.minutes",
    "currency": "coalesce(costs.currencies[1], '')",
    "cost": "costs.amounts[1]",
    "more_costs": "costs.more",
    "scores": "coalesce(scores.given, 0)",
    "high_scores": "coalesce(scores.high, 0)",
    "calls_kept": "coalesce(calls.kept, 0)",
    "calls_missed": "coalesce(calls.missed, 0)",
    "promises_kept": "coalesce(promises.kept, 0)",
    "promises_missed": "coalesce(promises.missed, 0)",
    "sorry_open": "CASE WHEN sorry.at IS NULL THEN sorry.due_at END",
    "step_open": "CASE WHEN i.closed_at IS NULL THEN i.next_due_at END",
    "review_open": "CASE WHEN review.asked_at IS NOT NULL AND review.ended_at IS NULL THEN review.due_at END",
    "calls_open": "calls.open",
    "promises_open": "promises.open",
    "waits_until": """least(
        CASE WHEN sorry.at IS NULL THEN sorry.due_at END,
        CASE WHEN i.closed_at IS NULL THEN i.next_due_at END,
        CASE WHEN review.asked_at IS NOT NULL AND review.ended_at IS NULL THEN review.due_at END,
        (SELECT min(due) FROM unnest(calls.open) due), (SELECT min(due) FROM unnest(promises.open) due))""",
    "review_asked_at": "review.asked_at",
    "reviewed_at": "review.ended_at",
}

_FLAGS: dict[Flag, str] = {
    Flag.SORRY_IN_TIME: "sorry.at <= sorry.due_at",
    Flag.SORRY_LATE: "sorry.at > sorry.due_at",
    Flag.RECOVERED: "i.close_reason = 'recovered'",
    Flag.CLOSED: "i.closed_at IS NOT NULL",
    Flag.SECOND_TRY: "i.round_number > 1",
    Flag.FOUND_BY_US: "i.source IN ('noticed', 'asked')",
    Flag.MADE_WORSE: "i.is_second_failure",
    Flag.REVIEWED_IN_TIME: "review.ended_at <= coalesce(review.due_at, 'infinity')",
    Flag.REVIEWED_LATE: "review.ended_at > review.due_at",
    Flag.SCORED: "scores.given > 0",
    Flag.REOPENED: "ends.was_reopened",
    Flag.APOLOGY_ONLY: "i.close_reason = 'recovered' AND given.answered IS NULL AND NOT EXISTS"
    " (SELECT FROM incidents_round r WHERE r.incident_id = i.id AND r.waived_as <> '')",
}

_FROM = """
    incidents_incident i
    JOIN incidents_location l ON l.id = i.location_id
    CROSS JOIN LATERAL (SELECT (i.reported_at AT TIME ZONE l.time_zone)::date AS reported) days
    CROSS JOIN LATERAL (
        SELECT (SELECT d.due_at FROM incidents_round r JOIN incidents_deadline d ON d.round_id = r.id
                WHERE r.incident_id = i.id AND r.number = 1 AND d.clock = 'apologize') AS due_at,
            (SELECT min(a.made_at) FROM incidents_apology a WHERE a.incident_id = i.id AND a.channel <> 'public'
                AND (a.kind = 'apology' OR i.finding = 'not_ours')) AS at
    ) sorry
    CROSS JOIN LATERAL (
        SELECT min(m.delivered_at) AS first_at, sum(m.minutes) FILTER (WHERE m.state = 'delivered') AS minutes,
            bool_or(true) FILTER (WHERE m.state IN ('delivered', 'declined')) AS answered
        FROM incidents_remedy m WHERE m.incident_id = i.id
    ) given
    CROSS JOIN LATERAL (
        SELECT array_agg(currency ORDER BY currency) AS currencies, array_agg(amount ORDER BY currency) AS amounts,
            jsonb_object_agg(currency, amount) FILTER (WHERE place > 1) AS more
        FROM (SELECT currency, sum(coalesce(actual_amount, estimated_amount)) AS amount,
                row_number() OVER (ORDER BY currency) AS place
            FROM incidents_remedy WHERE incident_id = i.id AND state = 'delivered'
            GROUP BY currency HAVING sum(coalesce(actual_amount, estimated_amount)) > 0) each
    ) costs
    CROSS JOIN LATERAL (
        SELECT min(c.closed_at) AS first_at, bool_or(c.reopened_at IS NOT NULL) AS was_reopened
        FROM incidents_closure c WHERE c.incident_id = i.id
    ) ends
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE answered_at < day.ends_at) AS kept,
            count(*) FILTER (WHERE answered_at >= day.ends_at) AS missed,
            array_agg(day.ends_at ORDER BY day.ends_at) FILTER (WHERE answered_at IS NULL) AS open
        FROM incidents_followup CROSS JOIN LATERAL (
            SELECT ((due_at AT TIME ZONE l.time_zone)::date + 1)::timestamp AT TIME ZONE l.time_zone AS ends_at) day
        WHERE incident_id = i.id AND cancelled_at IS NULL
    ) calls
    CROSS JOIN LATERAL (
        SELECT count(t.score) AS given, count(t.score) FILTER (WHERE t.score >= 4) AS high
        FROM incidents_followup f JOIN incidents_attempt t ON t.follow_up_id = f.id WHERE f.incident_id = i.id
    ) scores
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE kept_at <= due_at) AS kept,
            count(*) FILTER (WHERE kept_at > due_at OR broken_at IS NOT NULL) AS missed,
            array_agg(due_at ORDER BY due_at) FILTER (WHERE kept_at IS NULL AND broken_at IS NULL) AS open
        FROM incidents_promisemade WHERE incident_id = i.id
    ) promises
    CROSS JOIN LATERAL (
        SELECT min(v.ended_at) AS at FROM incidents_review v
        WHERE v.incident_id = i.id AND v.outcome NOT IN ('', 'next_time')
    ) talked
    CROSS JOIN LATERAL (
        SELECT CASE WHEN talked.at IS NOT NULL OR i.review_state <> 'not_required' THEN coalesce(
            (SELECT min(e.at) FROM incidents_event e WHERE e.incident_id = i.id AND e.kind = 'review_asked'),
            i.reported_at) END AS at
    ) asked
    CROSS JOIN LATERAL (
        SELECT asked.at AS asked_at, talked.at AS ended_at, CASE
            WHEN asked.at IS NULL THEN NULL
            WHEN i.severity = 1 THEN i.reported_at + interval '48 hours'
            ELSE (SELECT coalesce(g.ended_at, g.starts_at + g.minutes * interval '1 minute')
                FROM incidents_meeting g
                WHERE g.location_id = i.location_id AND g.starts_at > asked.at AND g.cancelled_at IS NULL
                ORDER BY g.starts_at, g.id LIMIT 1) END AS due_at
    ) review
    CROSS JOIN LATERAL (SELECT {flags} AS bits) flags
"""

_RECKON = """
    WITH before AS (
        SELECT incident_id, location_id, day, first_closed_on FROM incidents_fact WHERE incident_id = ANY(%(ids)s)
    ), gone AS (
        DELETE FROM incidents_fact f USING incidents_incident i WHERE f.incident_id = ANY(%(ids)s)
            AND i.id = f.incident_id AND i.close_reason IN ('void', 'duplicate')
        RETURNING f.incident_id, f.location_id, f.day, f.first_closed_on
    ), changed AS (
        INSERT INTO incidents_fact AS f ({names})
        SELECT {columns} FROM {source}
        WHERE i.id = ANY(%(ids)s) AND i.close_reason NOT IN ('void', 'duplicate')
        ON CONFLICT (incident_id) DO UPDATE SET ({rest}) = ROW({excluded})
        WHERE ({stored}) IS DISTINCT FROM ({excluded}) OR excluded.is_restricted -- who sees it may have changed
        RETURNING f.incident_id, f.location_id, f.day, f.first_closed_on
    ), touched AS (
        SELECT * FROM gone UNION ALL SELECT * FROM changed
        UNION ALL SELECT before.* FROM before JOIN changed USING (incident_id)
    )
    INSERT INTO incidents_factmonth AS m (location_id, month, version)
    SELECT DISTINCT location_id, date_trunc('month', d)::date, %(version)s::bigint
    FROM touched, LATERAL (VALUES (day), (first_closed_on)) AS days (d) WHERE d IS NOT NULL
    ON CONFLICT (location_id, month) DO UPDATE SET version = excluded.version
"""


def _statement() -> str:
    flags = " | ".join(f"CASE WHEN {test} THEN {flag.value} ELSE 0 END" for flag, test in _FLAGS.items())
    rest = [name for name in _COLUMNS if name != "incident_id"]
    return _RECKON.format(
        names=", ".join(_COLUMNS),
        columns=", ".join(_COLUMNS.values()),
        source=_FROM.format(flags=flags),
        rest=", ".join(rest),
        excluded=", ".join(f"excluded.{name}" for name in rest),
        stored=", ".join(f"f.{name}" for name in rest),
    )


RECKON = _statement()


# An array is found once. A subquery under IN may be asked again for every row, and each time finds the next ones: more
# than the limit would go.
_TAKE = """
    WITH taken AS (
        DELETE FROM incidents_facttoreckon WHERE id = ANY (ARRAY
            (SELECT id FROM incidents_facttoreckon ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
        RETURNING incident_id, location_id, since
    )
    SELECT incident_id, 1 FROM taken WHERE incident_id IS NOT NULL
    UNION ALL SELECT NULL, 1 FROM taken WHERE incident_id IS NULL
    UNION ALL SELECT f.incident_id, 0 FROM taken t JOIN incidents_fact f ON f.location_id = t.location_id
        AND f.review_asked_at IS NOT NULL AND (f.reviewed_at IS NULL OR f.reviewed_at >= t.since)
"""


def take_changed(most: int) -> tuple[set[int], int]:
    """The incidents of the oldest rows that say something happened, and how many rows those were: they are deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        rows = cursor.fetchall()
    return {pk for pk, _is_row in rows if pk is not None}, sum(is_row for _pk, is_row in rows)


def reckon_facts(incidents: Collection[int], *, version: int) -> None:
    """Their facts as they are now, and `version` for the months in which that changed anything. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(RECKON, {"ids": sorted(incidents), "version": version})
