"""What the tests of waiting share: NOW is a Wednesday, 09:00 at the place; we wait until UNTIL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from incidents.actions import remedies, rounds, waiting
from incidents.calendars import Pause
from incidents.models import Deadline, Incident, Reminder, ReminderState
from incidents.models.hours import pauses_of
from tests import make
from tests.make import DAY, NOW, Cast

UNTIL = NOW + 2 * DAY
SECOND = dt.timedelta(seconds=1)


def wait(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW, "until": UNTIL}
    waiting.wait_for_customer(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def go_on(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW + DAY}
    waiting.go_on(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def due(incident: Incident) -> dict[str, dt.datetime]:
    rows = Deadline.objects.filter(incident=incident, round__number=incident.round_number)
    return dict(rows.values_list("clock", "due_at"))


def waits(incident: Incident) -> tuple[dt.datetime | None, dt.datetime | None]:
    make.fresh(incident)
    return incident.waiting_since, incident.waiting_until


def pauses(incident: Incident) -> tuple[Pause, ...]:
    """From the events alone."""
    return pauses_of(Incident.objects.select_related("location").get(pk=incident.pk))


def pending(incident: Incident) -> list[dt.datetime | None]:
    rows = Reminder.objects.filter(incident=incident, kind="waited_long_enough", state=ReminderState.PENDING)
    return list(rows.values_list("target_at", flat=True))


# What tells us that we have heard them.
Act = Callable[[Incident, Cast], object]


def offered(incident: Incident, cast: Cast, kind: str = "redo") -> int:
    return make.give(incident, cast.desk, kind, is_delivered=False).pk


def accept(incident: Incident, cast: Cast) -> None:
    remedies.accept_remedy(remedy_id=incident.remedies.latest("id").pk, by=cast.desk, now=NOW + DAY)


def decline(how: str) -> Act:
    def act(incident: Incident, cast: Cast) -> None:
        of: dict[str, Any] = {"remedy_id": incident.remedies.latest("id").pk, "by": cast.desk, "now": NOW + DAY}
        remedies.decline_remedy(declined_as=how, **of)

    return act


def call(outcome: str) -> Act:
    def act(incident: Incident, cast: Cast) -> None:
        make.give(incident, cast.desk, "put_right", now=NOW)
        make.apologize(incident, cast.desk)
        remedies.end_remedy(remedy_id=incident.remedies.earliest("id").pk, by=cast.desk, now=NOW, state="withdrawn")
        wait(incident, cast)
        over = {"call_back_at": NOW + 9 * DAY} if outcome == "call_back" else {}
        make.call(incident, cast.desk, outcome, now=NOW + DAY, **over)

    return act


def go_back(incident: Incident, cast: Cast) -> None:
    rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=NOW + DAY)


def waive(incident: Incident, cast: Cast) -> None:
    of: dict[str, Any] = {"incident_id": incident.pk, "waived_as": "wants_nothing"}
    remedies.waive_remedy(**of, by=cast.desk, now=NOW + DAY)


def close(incident: Incident, cast: Cast) -> None:
    make.close(incident, cast.desk, "withdrawn", now=NOW + DAY)


HEARD: dict[str, Act] = {
    "accepted": accept,
    "not enough": decline("not_enough"),
    "wants nothing": decline("wants_nothing"),
    "waived": waive,
    "satisfied": call("satisfied"),
    "unhappy": call("unhappy"),
    "no contact": call("do_not_contact"),
    "new problem": call("new_problem"),
    "gone back": go_back,
    "closed": close,
}
