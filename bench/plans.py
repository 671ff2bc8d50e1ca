"""How PostgreSQL answers a statement: the plan it really uses, with what it read."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

LOOK = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"


def plan_of(sql: str, params: Any) -> dict[str, Any]:
    """Of a statement that is kept ready (its values have names: `models/prepared.py`), the one plan for all values."""
    with connection.cursor() as cursor:
        if isinstance(params, dict):
            used = [name for name in params if f"%({name})s" in sql]
            words = sql % {name: f"${number}" for number, name in enumerate(used, 1)}
            cursor.execute(f"PREPARE looked_at AS {words}")
            cursor.execute("SET plan_cache_mode = force_generic_plan")
            given = ", ".join(["%s"] * len(used))
            cursor.execute(f"{LOOK} EXECUTE looked_at{f'({given})' if used else ''}", [params[name] for name in used])
            (told,) = cursor.fetchone()
            cursor.execute("DEALLOCATE looked_at")
        else:
            cursor.execute(f"{LOOK} {sql}", params)
            (told,) = cursor.fetchone()
    top: dict[str, Any] = (json.loads(told) if isinstance(told, str) else told)[0]
    return top
