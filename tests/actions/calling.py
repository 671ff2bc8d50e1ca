"""A recovery that waits for its call, and the call."""

from __future__ import annotations

from typing import Any

from incidents.models import (
    Incident,
)
from tests import make
from tests.make import DAY, NOW, Cast

CALLED = NOW + 2 * DAY


def settle(cast: Cast, **over: Any) -> Incident:
    incident = make.make_incident(cast.desk, **over)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    incident.refresh_from_db()
    return incident


def call(incident: Incident, cast: Cast, outcome: str, **over: Any) -> Incident:
    return make.call(incident, cast.desk, outcome, **{"now": CALLED} | over)
