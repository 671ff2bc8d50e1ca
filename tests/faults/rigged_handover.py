"""Three hands in a race for the same incidents, for tests only.

`python -m tests.faults.rigged_handover NAME NAME edit`: a name says to whom it hands over; each works in a process of
its own. With RIG=no-guard nobody asks how it was when the page was opened. What became of each round is written into
`NAME.told`.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from functools import partial
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from incidents.actions import change, handovers  # noqa: E402
from incidents.actions.refusals import Stale  # noqa: E402
from incidents.models import Incident, Staff  # noqa: E402
from tests.faults.hands import each_in_its_own  # noqa: E402

ARENA = Path(os.environ["ARENA"])
HANDS = sys.argv[1:]
IS_GUARDED = os.environ.get("RIG") != "no-guard"


def meet(name: str, number: int) -> None:
    """Go on when all hands stand at this round."""
    (ARENA / f"here-{number}-{name}").touch()
    deadline = time.monotonic() + 30
    while not all((ARENA / f"here-{number}-{hand}").exists() for hand in HANDS) and time.monotonic() < deadline:
        time.sleep(0.001)


def do(name: str, incident: Incident, by: Staff, now: dt.datetime) -> None:
    """As a form sends it that was opened before the others were sent."""
    if name == "edit":
        version = incident.version if IS_GUARDED else Incident.objects.get(pk=incident.pk).version
        change.change_incident(incident_id=incident.pk, expected_version=version, by=by, now=now, place="Room 7")
    else:
        to = Staff.objects.get(name=name)
        expected = incident.assignee_id if IS_GUARDED else None
        handovers.hand_over(incident_id=incident.pk, to=to, by=by, now=now, expected_assignee=expected)


def race(name: str) -> None:
    told = []
    opened = list(Incident.objects.order_by("pk").select_related("assignee"))
    for number, incident in enumerate(opened):
        meet(name, number)
        try:
            do(name, incident, incident.assignee, timezone.now())
        except Stale:
            told.append("stale")
        else:
            told.append("done")
    (ARENA / f"{name}.told").write_text("\n".join(told))


if __name__ == "__main__":
    each_in_its_own(*(partial(race, name) for name in HANDS))
