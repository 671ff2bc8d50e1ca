"""One recovery of each kind that needs a manager, and calm ones beside them."""

from __future__ import annotations

import datetime as dt

from incidents.actions import handovers, money, rounds
from incidents.models import Incident, NeedKind
from tests import make
from tests.make import DAY, HOUR, Cast
from tests.views.deliveries import rows

MINUTE = dt.timedelta(minutes=1)


def one_of(kind: NeedKind, cast: Cast, now: dt.datetime, name: str = "") -> Incident:
    """Of that kind, and of no graver one."""
    return _MAKE[kind](cast, now, name or f"Guest {kind.value.replace('_', ' ').title()}")


def calm(cast: Cast, now: dt.datetime, name: str) -> Incident:
    """Open, and nothing of it late."""
    return make.make_incident(cast.desk, customer=make.make_customer(name), now=now - 5 * MINUTE)


def _sorry(cast: Cast, at: dt.datetime, name: str, **over: object) -> Incident:
    incident = make.make_incident(cast.desk, customer=make.make_customer(name), now=at, **over)
    make.apologize(incident, cast.desk, now=at)
    return incident


def _settled(cast: Cast, at: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, at, name)
    make.give(incident, cast.desk, now=at)
    return incident


def _critical(cast: Cast, now: dt.datetime, name: str) -> Incident:
    return _sorry(cast, now - 5 * MINUTE, name, severity=1)


def _apology_late(cast: Cast, now: dt.datetime, name: str) -> Incident:
    return make.make_incident(cast.desk, customer=make.make_customer(name), now=now - 2 * DAY)


def _unhappy(cast: Cast, now: dt.datetime, name: str) -> Incident:
    return make.call(_settled(cast, now - 2 * DAY, name), cast.desk, "unhappy", now=now - HOUR)


def _approval(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, now - HOUR, name)
    make.ask_for(incident, cast.desk, now=now - 20 * MINUTE, what="The night")
    return incident


def _reopened_twice(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _settled(cast, now - 9 * DAY, name)
    for ago in (7, 5):
        make.call(incident, cast.desk, now=now - ago * DAY)
        rounds.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=now - (ago - 1) * DAY)
        make.give(incident, cast.desk, now=now - (ago - 1) * DAY)
    rounds.go_back(incident_id=incident.pk, reason="remedy_failed", by=cast.desk, now=now - HOUR)
    return make.fresh(incident)


def _step_late(cast: Cast, now: dt.datetime, name: str) -> Incident:
    return _sorry(cast, now - 6 * DAY, name)


def _restricted(cast: Cast, now: dt.datetime, name: str) -> Incident:
    return _sorry(cast, now - 5 * MINUTE, name, category="safety", severity=3)


def _needs_assignee(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, now - HOUR, name)
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=now - 40 * MINUTE)
    return make.fresh(incident)


def _receipt_stuck(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, now - 4 * DAY, name, severity=4)
    make.give(incident, cast.desk, "reimburse", is_delivered=False, now=now - 4 * DAY, what="Lavalier mic")
    return incident


def _unreachable(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _settled(cast, now - 7 * DAY, name)
    tries = (
        (96, "no_answer", "phone"),
        (72, "voicemail", "phone"),
        (48, "no_answer", "phone"),
        (1, "voicemail", "chat"),
    )
    for hours, outcome, channel in tries:
        make.call(incident, cast.desk, outcome, channel=channel, now=now - hours * HOUR)
    return incident


def _went_ahead(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, now - 2 * HOUR, name, severity=2)
    asked = make.ask_for(incident, cast.desk, now=now - 2 * HOUR, what="Taxi")
    money.go_ahead(request_id=asked.pk, reason="She had to leave.", by=cast.desk, now=now - HOUR)
    return incident


def _dead_delivery(cast: Cast, now: dt.datetime, name: str) -> Incident:
    incident = _sorry(cast, now - HOUR, name)
    rows.dead(incident, due_at=now - HOUR)
    return incident


_MAKE = {
    NeedKind.CRITICAL: _critical,
    NeedKind.APOLOGY_LATE: _apology_late,
    NeedKind.UNHAPPY: _unhappy,
    NeedKind.APPROVAL: _approval,
    NeedKind.REOPENED_TWICE: _reopened_twice,
    NeedKind.STEP_LATE: _step_late,
    NeedKind.RESTRICTED: _restricted,
    NeedKind.NEEDS_ASSIGNEE: _needs_assignee,
    NeedKind.RECEIPT_STUCK: _receipt_stuck,
    NeedKind.UNREACHABLE: _unreachable,
    NeedKind.WENT_AHEAD: _went_ahead,
    NeedKind.DEAD_DELIVERY: _dead_delivery,
}
