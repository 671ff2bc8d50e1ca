"""One who waits for the customer while another delivers, incident by incident, for tests only.

`python -m tests.faults.rigged_waiting`: each in a process of its own; both stand at the same line before each one.
With RIG=unguarded nothing locks: both have written their own act and read the other's rows as they were before either
works the clocks out, as two would who come at the same moment. What went wrong is a line of `said-<name>`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import DatabaseError, models  # noqa: E402

from incidents.actions import clocks, remedies, remind, waiting  # noqa: E402
from incidents.models import Incident, Staff  # noqa: E402
from tests.faults.hands import each_in_its_own  # noqa: E402

ARENA = Path(os.environ["ARENA"])
UNTIL = dt.timedelta(hours=6)
at = {"incident": 0, "me": "", "other": ""}


def meet(where: str, patience: float = 20) -> None:
    """Go on when the other one stands here too."""
    here = f"{where}-{at['incident']}"
    (ARENA / f"{here}-{at['me']}").touch()
    deadline = time.monotonic() + patience
    while not (ARENA / f"{here}-{at['other']}").exists() and time.monotonic() < deadline:
        time.sleep(0.0005)


def unguard() -> None:
    models.QuerySet.select_for_update = lambda rows, **_how: rows  # type: ignore[method-assign]
    real = clocks.refresh

    def refresh(*of: Any) -> clocks.Times:
        meet("read", patience=2)
        return real(*of)

    clocks.refresh = refresh  # type: ignore[assignment]


def wait(incident: Incident, by: Staff, now: dt.datetime) -> None:
    waiting.wait_for_customer(incident_id=incident.pk, by=by, now=now, until=now + UNTIL)


def deliver(incident: Incident, by: Staff, now: dt.datetime) -> None:
    remedies.deliver_remedy(remedy_id=incident.remedies.get().pk, by=by, now=now)


def race(name: str, other: str, act: Any) -> None:
    at["me"], at["other"] = name, other
    by = Staff.objects.get(email=f"{name}@example.com")
    with (ARENA / f"said-{name}").open("w") as said:
        for incident in Incident.objects.order_by("pk"):
            at["incident"] = incident.pk
            meet("line")
            words = ""
            try:
                act(incident, by, remind.database_now())
            except DatabaseError as stopped:  # unguarded: some of the mess meets the other's locks
                words = f"database: {type(stopped).__name__}"
            said.write(f"{words}\n")


if __name__ == "__main__":
    if os.environ.get("RIG") == "unguarded":
        unguard()
    each_in_its_own(partial(race, "dora", "cole", wait), partial(race, "cole", "dora", deliver))
