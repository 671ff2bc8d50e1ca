"""The app's own worker with one part bent, for tests only: `celery -A tests.faults.rigged`.

RIG says which. Beat rings every half second here, so that a test need not wait for ten.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import django

from recovery.celery import app

django.setup()

from django.db import connection  # noqa: E402

from incidents.actions import remind  # noqa: E402

ARENA = Path(os.environ["ARENA"])
RIG = os.environ.get("RIG", "")
app.conf.beat_schedule["sweep"]["schedule"] = 0.5
real_claim = remind.claim


def block(*_reminder: Any, **_now: Any) -> None:
    """Stand still between the claim and the notice until somebody kills us."""
    (ARENA / "claimed").touch()
    while True:
        time.sleep(60)


def meet() -> None:
    """Go on when two workers stand at the same point; only the first time."""
    (ARENA / f"here-{os.getpid()}").touch()
    deadline = time.monotonic() + 10
    while len(list(ARENA.glob("here-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)


def claim_together(now: dt.datetime) -> remind.Claim | None:
    """The real claim, by two workers at the same moment."""
    meet()
    return real_claim(now)


def claim_without_lock(now: dt.datetime) -> remind.Claim | None:
    """Look, then take: what anybody writes first. Two workers look before either has taken."""
    lease = now + dt.timedelta(seconds=30)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tries FROM incidents_reminder WHERE state = 'pending' AND due_at <= %s"
            " ORDER BY due_at, id LIMIT 1",
            [now],
        )
        row = cursor.fetchone()
        meet()
        if row is None:
            return None
        cursor.execute(
            "UPDATE incidents_reminder SET state = 'claimed', tries = %s, lease_until = %s WHERE id = %s",
            [row[1] + 1, lease, row[0]],
        )
    return remind.Claim(row[0], row[1] + 1)


if RIG == "block":
    remind.deliver = block
elif RIG == "together":
    remind.claim = claim_together
elif RIG == "no-lock":
    remind.claim = claim_without_lock
