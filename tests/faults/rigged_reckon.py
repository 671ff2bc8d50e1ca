"""One hand in a race with the work on deadlines, for tests only: `python -m tests.faults.rigged_reckon`.

NAME says what it does, round by round: a clerk apologizes while a job works the same incident out anew; a clerk logs
at a place while somebody sets its hours and the job runs at once. With RIG=no-lock the job does not lock what it works
on, with RIG=at-once nobody waits for who is just logging. What became of each round is written to `NAME.told`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.db import OperationalError, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from incidents.actions import hours, jobs, reckon  # noqa: E402
from incidents.models import Incident, Location, Staff  # noqa: E402
from tests import make  # noqa: E402
from tests.office import WEEK  # noqa: E402

ARENA = Path(os.environ["ARENA"])
NAME = os.environ["NAME"]
RIG = os.environ.get("RIG", "")
HANDS = 2
LONG = dt.timedelta(minutes=1)


@contextmanager
def unlocked(incident_id: int, **_asked: Any) -> Iterator[Incident]:
    with transaction.atomic():
        yield Incident.objects.select_related("location", "customer", "category", "assignee").get(pk=incident_id)


def at_once(now: dt.datetime) -> None:
    pass


if RIG == "no-lock":
    reckon.locked = unlocked  # type: ignore[attr-defined]
elif RIG == "at-once":
    reckon._let_logging_end = at_once


def meet(number: int) -> None:
    """Go on when both hands stand at this round."""
    (ARENA / f"here-{number}-{NAME}").touch()
    deadline = time.monotonic() + 30
    while len(list(ARENA.glob(f"here-{number}-*"))) < HANDS and time.monotonic() < deadline:
        time.sleep(0.001)


def apologizes(number: int, owner: Staff) -> None:
    make.apologize(Incident.objects.order_by("pk")[number], owner, now=timezone.now())


def reckons(number: int, owner: Staff) -> None:
    reckon.reckon_incident(incident_id=Incident.objects.order_by("pk")[number].pk, now=timezone.now())


def logs(number: int, owner: Staff) -> None:
    place = Location.objects.filter(name__startswith="Place").order_by("pk")[number]
    make.make_incident(owner, location=place, customer=None, customer_hint="Somebody", submit_key=uuid4())


def sets_hours(number: int, owner: Staff) -> None:
    place = Location.objects.filter(name__startswith="Place").order_by("pk")[number]
    time.sleep((number % 12) * 0.002)  # now sooner, now later
    hours.set_hours(location_id=place.pk, week=WEEK, expected_version=0, by=owner, now=make.NOW)
    jobs.work(budget=LONG)


HANDS_OF = {"clerk": apologizes, "job": reckons, "logger": logs, "setter": sets_hours}


def main() -> None:
    owner, told = Staff.objects.get(name="Olga Owner"), []
    for number in range(int(os.environ["ROUNDS"])):
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
