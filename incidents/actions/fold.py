"""Keeping the numbers in step: what happened since is reckoned into the facts.

One at a time: of two at once, the one that looked first could be the last to write.
"""

from __future__ import annotations

import time

from django.db import connection, transaction

from incidents.actions.remind import database_now
from incidents.models.days import pack_days
from incidents.models.facts import FactState
from incidents.models.folding import reckon_facts, take_changed

SLICE = 2000
BUDGET = 5.0  # seconds in which another slice may begin: an older database is counted in the course of some rings
TURN = 7_220_007  # the advisory lock


def fold(*, slice_size: int = SLICE, budget: float | None = BUDGET) -> int:
    """Reckon anew what something happened to; how many rows said so. `budget` None: until nothing is left."""
    begun, taken = time.monotonic(), 0
    while True:
        count = _fold_slice(slice_size)
        taken += count
        if count < slice_size or (budget is not None and time.monotonic() - begun > budget):
            return taken


def _fold_slice(size: int) -> int:
    with transaction.atomic():
        if not _has_turn():
            return 0
        pack_days()
        looked_at = database_now()
        changed, rows = take_changed(size)
        state = FactState.objects.first() or FactState.objects.create()
        if changed:
            state.version += 1
            reckon_facts(changed, version=state.version)
        if rows < size:
            state.counted_up_to = looked_at
        state.save(update_fields=["version", "counted_up_to"])
        return rows


def _has_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        return bool(cursor.fetchone()[0])
