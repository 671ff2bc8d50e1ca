"""A change that somebody committed to, done, and what came back after it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from incidents.actions import prevention
from incidents.models import Incident, PreventionAction, Staff
from tests.make import NOW

DUE = dt.date(2026, 3, 20)


def commit(incident: Incident, by: Staff, **over: Any) -> PreventionAction:
    fields: dict[str, Any] = {
        "kind": "checklist",
        "what": "Read the order back before it is filed",
        "assignee": by,
        "due_on": DUE,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return prevention.commit_change(incident_id=incident.pk, by=by, **fields | over)


def finish(action: PreventionAction, by: Staff, **over: Any) -> PreventionAction:
    fields: dict[str, Any] = {"evidence": "It hangs beside the phone.", "now": NOW}
    return prevention.finish(action_id=action.pk, by=by, **fields | over)
