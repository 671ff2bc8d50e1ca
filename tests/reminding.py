"""What tests of reminders share. A call is due at DUE; its warning rings half an hour before, at FIRST."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from incidents.actions import promises, remind
from incidents.models import Incident, PromiseMade, Reminder, Staff
from tests import make
from tests.make import DAY, NOW, Cast

DUE = NOW + 2 * DAY
FIRST = DUE - dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)
LEASE = 30 * SECOND  # three send timeouts of ten seconds


def clock(moment: dt.datetime) -> Callable[[], dt.datetime]:
    return lambda: moment


def sweep(moment: dt.datetime) -> int:
    return remind.sweep(clock(moment))


def settle(cast: Cast, **over: Any) -> Incident:
    incident = make.make_incident(cast.desk, **over)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    incident.refresh_from_db()
    return incident


def of_call(incident: Incident) -> Reminder:
    """The newest rung of its call."""
    return Reminder.objects.filter(incident=incident, kind="follow_up_due").latest("id")


def promise(incident: Incident, by: Staff, due_at: dt.datetime) -> PromiseMade:
    return promises.make_promise(
        incident_id=incident.pk, by=by, now=NOW, what="Write", due_at=due_at, submit_key=uuid4()
    )
