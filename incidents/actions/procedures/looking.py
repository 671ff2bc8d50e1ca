"""When somebody has to look at a procedure again, and is reminded of it."""

from __future__ import annotations

import datetime as dt

from incidents.actions.learning_news import remind_of, withdraw
from incidents.ladder import Kind
from incidents.models import Procedure

MORNING = dt.time(9)


def look_again(procedure: Procedure, *, now: dt.datetime) -> None:
    """On the day it says, in the morning where it holds; never once it is retired."""
    if procedure.retired_at is not None:
        withdraw(Kind.PROCEDURE_DUE, procedure.pk, now=now)
        return
    at = dt.datetime.combine(procedure.review_on, MORNING, procedure.zone)
    remind_of(kind=Kind.PROCEDURE_DUE, subject_id=procedure.pk, target_at=at, now=now)


def today_of(procedure: Procedure, now: dt.datetime) -> dt.date:
    return now.astimezone(procedure.zone).date()


def looked_at(procedure: Procedure, *, now: dt.datetime) -> list[str]:
    """It is true as of today: the next look is so many days from now. The names of what changed."""
    today = today_of(procedure, now)
    procedure.looked_at_on = today
    procedure.review_on = today + dt.timedelta(days=procedure.review_every_days)
    return ["looked_at_on", "looked_at_by", "review_on"]
