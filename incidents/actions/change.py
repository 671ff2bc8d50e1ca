"""The facts corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from incidents.actions.advance import add_event, advance, locked
from incidents.actions.reach import replan_calls
from incidents.models import Incident, Staff
from incidents.models.values import checked_values, kept_answers

CHANGEABLE = (
    "what_happened",
    "category",
    "severity",
    "customer",
    "customer_hint",
    "place",
    "remedy_sought",
    "reach_at",
    "reach_until",
    "occurred_on",
    "occurred_at",
    "field_values",
    "private_values",
    "finding",
)


def change_incident(
    *, incident_id: int, expected_version: int, by: Staff, now: dt.datetime, **changes: Any
) -> Incident:
    """Correct the facts. Raises Stale (409) when somebody saved in between."""
    with locked(incident_id, expected_version=expected_version, must_be_open=False) as incident:
        _check_values(incident, changes)
        changed = [name for name in CHANGEABLE if name in changes and getattr(incident, name) != changes[name]]
        if not changed:
            return incident
        for name in changed:
            setattr(incident, name, changes[name])
        if "category" in changed:
            incident.is_restricted = incident.is_restricted or incident.category.is_restricted
            incident.is_second_failure = incident.is_second_failure or incident.category.is_second_failure
        incident.version += 1
        incident.save(update_fields=[*changed, "is_restricted", "is_second_failure", "version"])
        add_event(incident, "facts_changed", now=now, by=by, fields=changed)
        if incident.is_open:
            if {"reach_until", "customer"} & set(changed):
                replan_calls(incident, by=by, now=now)
            advance(incident, now=now, by=by)
        return incident


def _check_values(incident: Incident, changes: dict[str, Any]) -> None:
    """Values of the category's fields, as `clean_values()` leaves them; private ones only when given."""
    category = changes.get("category", incident.category)
    given = changes.get("field_values", {}), changes.get("private_values", {})
    public, private = checked_values(category, incident.location.zone, *given)
    if "field_values" in changes:
        changes["field_values"] = public | kept_answers(category, incident.field_values)
    if "private_values" in changes:
        private |= kept_answers(category, incident.private_values)
        changes["private_values"] = private
