"""With thousands open among many more, the board reads along indexes, and the foot of a column no more than waits."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bench.plans import plan_of
from incidents.board.columns import STAGES
from tests import make, test_plans
from tests.kept import kept_rows
from tests.test_plans import explained

OPEN, CLOSED = 5_000, 40_000
# Rows of the same kind: open ones in all three steps, now and then one that waits, and many closed.
MANY = """
    INSERT INTO incidents_incident ({all}, reference, submit_key, stage, next_due_at, closed_at, close_reason,
        waiting_since, waiting_until)
    SELECT {all}, 'R-2025-' || lpad(n::text, 7, '0'), gen_random_uuid(),
        CASE WHEN n > {open} THEN 'closed' ELSE (ARRAY['apologize', 'remedy', 'follow_up'])[1 + mod(n, 3)] END,
        CASE WHEN n <= {open} THEN now() + (mod(n, 500) - 100) * interval '1 hour' END,
        CASE WHEN n > {open} THEN now() - n * interval '1 minute' END,
        CASE WHEN n > {open} THEN 'recovered' ELSE '' END,
        CASE WHEN mod(n, 500) = 0 AND n <= {open} THEN now() - interval '1 day' END,
        CASE WHEN mod(n, 500) = 0 AND n <= {open} THEN now() + interval '1 day' END
    FROM incidents_incident, generate_series(1, {every}) n WHERE id = %s
"""
OWN = ("id", "reference", "submit_key", "stage", "next_due_at", "closed_at", "close_reason")
LOOKS = ("", "&severity=moderate", "&n_remedy=100", "&as=table", "&as=table&sort=-reported", "&as=table&sort=-given")


@kept_rows
def busy(cast: make.Cast) -> make.Cast:
    first = make.make_incident(cast.desk, severity=3)
    left_out = {*OWN, "waiting_since", "waiting_until"}
    columns = [f.column for f in type(first)._meta.concrete_fields if f.column not in left_out]
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(all=", ".join(columns), open=OPEN, every=OPEN + CLOSED), [first.pk])
        cursor.execute("ANALYZE")
    return cast


@pytest.mark.slow
def test_five_thousand_open_are_read_along_indexes(busy: make.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_plans, "GROWING", {"incidents_incident"})  # of the rest there are a few rows
    for person in (busy.desk, busy.manager, busy.owner):
        client = Client()
        client.force_login(person)
        for look in LOOKS:
            assert explained(client, f"/board/?view=all{look}") == [], f"{person.role} {look}"


@pytest.mark.slow
def test_no_more_is_read_than_is_shown_and_counted(busy: make.Cast) -> None:
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    client = Client()
    client.force_login(busy.manager)
    with connection.execute_wrapper(note):
        assert client.get("/board/?view=all").status_code == 200
    [heads] = [each for each in asked if each[0].count("waiting_until") > len(STAGES)]
    read = rows_read(plan_of(*heads)["Plan"])
    assert 300 <= read < 700, read


def rows_read(plan: dict[str, Any]) -> int:
    """Rows of incidents that were looked at, also those a filter left out."""
    mine = plan.get("Relation Name") == "incidents_incident"
    seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if mine else 0
    return int(seen * plan["Actual Loops"]) + sum(rows_read(inner) for inner in plan.get("Plans", ()))
