"""One hand in a race for the same incidents, for tests only: `python -m tests.faults.rigged_handover`.

NAME says what it does, ROUNDS which incidents it does it to. With RIG=no-guard nobody asks how it was when the
page was opened. What became of each round is written into `NAME.told`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from incidents.actions import change, handovers  # noqa: E402
from incidents.actions.refusals import Stale  # noqa: E402
from incidents.models import Incident, Staff  # noqa: E402

ARENA = Path(os.environ["ARENA"])
NAME = os.environ["NAME"]
HANDS = 3
IS_GUARDED = os.environ.get("RIG") != "no-guard"


def meet(number: int) -> None:
    """Go on when all hands stand at this round."""
    (ARENA / f"here-{number}-{NAME}").touch()
    deadline = time.monotonic() + 30
    while len(list(ARENA.glob(f"here-{number}-*"))) < HANDS and time.monotonic() < deadline:
        time.sleep(0.001)


def do(incident: Incident, by: Staff, now: dt.datetime) -> None:
    """As a form sends it that was opened before the others were sent."""
    if NAME == "edit":
        version = incident.version if IS_GUARDED else Incident.objects.get(pk=incident.pk).version
        change.change_incident(incident_id=incident.pk, expected_version=version, by=by, now=now, place="Room 7")
    else:
        to = Staff.objects.get(name=NAME)
        expected = incident.assignee_id if IS_GUARDED else None
        handovers.hand_over(incident_id=incident.pk, to=to, by=by, now=now, expected_assignee=expected)


def main() -> None:
    told = []
    opened = list(Incident.objects.order_by("pk").select_related("assignee"))
    for number, incident in enumerate(opened):
        meet(number)
        try:
            do(incident, incident.assignee, timezone.now())
        except Stale:
            told.append("stale")
        else:
            told.append("done")
    (ARENA / f"{NAME}.told").write_text("\n".join(told))


if __name__ == "__main__":
    main()
