"""One hand in a race with the sweep, for tests only: `python -m tests.faults.rigged_ladders`.

NAME says what it does, round by round: one delivers a call that falls due, and takes its time once it has read the
ladder; one sets the ladder of that place, and the job runs at once. With RIG=no-lock a reminder that is being
delivered is not locked. What became of each round is written to `NAME.told`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import django

django.setup()

from django.db import OperationalError  # noqa: E402

from incidents.actions import jobs, ladders, remind  # noqa: E402
from incidents.ladder import Kind, Rung  # noqa: E402
from incidents.models import FollowUp, Reminder, Staff  # noqa: E402
from incidents.models.hours import ladders_of  # noqa: E402
from tests.faults.arena import fall_due  # noqa: E402
from tests.faults.rigged_reckon import meet  # noqa: E402

ARENA = Path(os.environ["ARENA"])
NAME = os.environ["NAME"]
RIG = os.environ.get("RIG", "")
LONG = dt.timedelta(minutes=1)
SOONER = (Rung(dt.timedelta(0)), Rung(dt.timedelta(hours=1)))

real = ladders_of


def slow(location_id: int | None) -> object:
    """Whoever delivers has read the ladder, and takes its time."""
    found = real(location_id)
    time.sleep(0.05)
    return found


if NAME == "sweeper":
    remind.ladders_of = slow  # type: ignore[attr-defined,assignment]
if RIG == "no-lock":
    remind._held = lambda pk: Reminder.objects.select_related("incident__location").get(pk=pk)


def call(number: int) -> FollowUp:
    return FollowUp.objects.select_related("incident").order_by("pk")[number]


def sweeps(number: int, owner: Staff) -> None:
    remind.sweep()


def edits(number: int, owner: Staff) -> None:
    time.sleep((number % 10) * 0.01)  # now sooner, now later
    ladders.set_ladder(
        location_id=call(number).incident.location_id,
        severity=3,
        kind=Kind.FOLLOW_UP_DUE,
        rungs=SOONER,
        expected_version=0,
        by=owner,
        now=remind.database_now(),
    )
    jobs.work(budget=LONG)


HANDS_OF = {"sweeper": sweeps, "manager": edits}


def main() -> None:
    owner, told = Staff.objects.get(name="Olga Owner"), []
    for number in range(int(os.environ["ROUNDS"])):
        if NAME == "sweeper":
            fall_due(call(number), 0)
        meet(number)
        try:
            HANDS_OF[NAME](number, owner)
        except OperationalError:
            told.append("deadlock")
        else:
            told.append("done")
    (ARENA / f"{NAME}.told").write_text("\n".join(told))


if __name__ == "__main__":
    main()
