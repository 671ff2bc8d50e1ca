"""Somebody who puts customers together, or logs for one of them, for tests only.

`python -m tests.faults.rigged_merges`: NAME says who, WORK what (`keep-first`, `keep-second`, `log`), AGAINST who races
with them. Both stand at the same line before each pair. With RIG=unguarded nothing locks and nobody asks whether a
record still stands. What each was told is a line of `said-NAME`.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from uuid import uuid4

import django

django.setup()

from django.db import DatabaseError, models  # noqa: E402

from incidents.actions import log, merges, remind  # noqa: E402
from incidents.actions.refusals import Refused  # noqa: E402
from incidents.models import Customer, Staff  # noqa: E402
from tests import make  # noqa: E402

ARENA = Path(os.environ["ARENA"])
NAME, WORK, AGAINST = os.environ["NAME"], os.environ["WORK"], os.environ["AGAINST"]
number = 0


def meet(where: str) -> None:
    """Go on when the other one stands here too."""
    (ARENA / f"{where}-{number}-{NAME}").touch()
    deadline = time.monotonic() + 20
    while not (ARENA / f"{where}-{number}-{AGAINST}").exists() and time.monotonic() < deadline:
        time.sleep(0.0005)


def unguard() -> None:
    models.QuerySet.select_for_update = lambda rows, **_how: rows  # type: ignore[method-assign]
    log.hold = lambda customer: customer  # type: ignore[attr-defined]
    real = merges._locked

    def as_they_were(*pks: int) -> tuple[Customer, Customer]:
        found = real(*pks)
        if WORK != "log" and os.environ["AGAINST_WORK"] != "log":
            meet("read")
        return found

    merges._locked = as_they_were


def act(first: int, second: int, by: Staff) -> None:
    now = remind.database_now()
    if WORK == "log":
        make.make_incident(by, customer=Customer.objects.get(pk=second), now=now)
        return
    kept, dropped = (first, second) if WORK == "keep-first" else (second, first)
    merges.merge_customers(kept_id=kept, dropped_id=dropped, submit_key=uuid4(), by=by, now=now)


def race() -> None:
    global number
    by = Staff.objects.get(email=f"{NAME}@example.com")
    every: list[int] = list(Customer.objects.order_by("id").values_list("pk", flat=True))
    with (ARENA / f"said-{NAME}").open("w") as said:
        for number in range(len(every) // 2):
            first, second = every[2 * number : 2 * number + 2]
            meet("line")
            words = ""
            try:
                act(first, second, by)
            except Refused as refused:
                words = str(refused.words)
            except DatabaseError as stopped:
                words = f"database: {stopped}"
            said.write(json.dumps(words) + "\n")


if __name__ == "__main__":
    if os.environ.get("RIG") == "unguarded":
        unguard()
    race()
