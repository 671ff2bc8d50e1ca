"""Two people who record one call after the other, for tests only.

`python -m tests.faults.rigged_calls dora=satisfied cole=unhappy`: who heard what, each in a process of their own. Both
stand at the same line before each call. With RIG=unguarded nothing locks: both have seen that nobody made the call
before either writes, as one would write it first. What each was told is a line of `said-NAME`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import django

django.setup()

from django.db import DatabaseError, models  # noqa: E402

from incidents.actions import follow_up, remind  # noqa: E402
from incidents.actions.refusals import Refused  # noqa: E402
from incidents.models import FollowUp, Staff  # noqa: E402
from tests.faults.hands import each_in_its_own  # noqa: E402

ARENA = Path(os.environ["ARENA"])
at = {"call": 0, "me": "", "other": ""}


def meet(where: str) -> None:
    """Go on when the other one stands here too."""
    here = f"{where}-{at['call']}"
    (ARENA / f"{here}-{at['me']}").touch()
    deadline = time.monotonic() + 20
    while not (ARENA / f"{here}-{at['other']}").exists() and time.monotonic() < deadline:
        time.sleep(0.0005)


def unguard() -> None:
    models.QuerySet.select_for_update = lambda rows, **_how: rows  # type: ignore[method-assign]
    real = follow_up._still_planned

    def still_planned(follow_up_id: int) -> FollowUp:
        call = real(follow_up_id)
        meet("read")
        return call

    follow_up._still_planned = still_planned


def race(name: str, outcome: str, other: str) -> None:
    at["me"], at["other"] = name, other
    by = Staff.objects.get(email=f"{name}@example.com")
    calls: list[int] = list(FollowUp.objects.planned().order_by("id").values_list("pk", flat=True))
    with (ARENA / f"said-{name}").open("w") as said:
        for pk in calls:
            at["call"] = pk
            meet("line")
            words = ""
            try:
                follow_up.record_follow_up(
                    follow_up_id=pk, by=by, now=remind.database_now(), outcome=outcome, submit_key=uuid4()
                )
            except Refused as refused:
                words = str(refused.words)
            except DatabaseError as stopped:  # unguarded: some of the mess meets a constraint
                words = f"database: {stopped}"
            said.write(json.dumps([pk, words]) + "\n")


if __name__ == "__main__":
    if os.environ.get("RIG") == "unguarded":
        unguard()
    (one, heard), (two, other_heard) = (word.split("=") for word in sys.argv[1:])
    each_in_its_own(partial(race, one, heard, two), partial(race, two, other_heard, one))
