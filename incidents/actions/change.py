"""The facts corrected, and the second failure: we handled the complaint itself badly."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions import clocks
from incidents.actions.advance import add_event, advance, locked
from incidents.actions.customers import hold
from incidents.actions.due import climb_anew
from incidents.actions.prevention.following import follow_category
from incidents.actions.reach import cancel_calls, plan_again, replan_calls
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.review import ask_when_wanted
from incidents.actions.severity import follow_facts, lower_again, raise_severity, tell_of_critical
from incidents.models import Incident, Staff
from incidents.models.values import WORDS_USED, checked_values, kept_answers, named_in
from incidents.vocabulary import Raised, Severity

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
    "is_first_order",
)


def change_incident(
    *, incident_id: int, expected_version: int, by: Staff, now: dt.datetime, **changes: Any
) -> Incident:
    """Correct the facts. Raises Stale (409) when somebody saved in between."""
    with locked(incident_id, expected_version=expected_version, must_be_open=False) as incident:
        _check_values(incident, changes)
        if "customer" in changes:
            changes["customer"] = hold(changes["customer"])
        changed = [name for name in CHANGEABLE if name in changes and getattr(incident, name) != changes[name]]
        if not changed:
            return incident
        was_left_alone, was = _is_left_alone(incident), incident.severity
        for name in changed:
            setattr(incident, name, changes[name])
        if "category" in changed:
            incident.is_restricted = incident.is_restricted or incident.category.is_restricted
            incident.is_second_failure = incident.is_second_failure or incident.category.is_second_failure
            follow_category(incident)
        if {"category", "field_values"} & set(changed):
            incident.order_reference, incident.item = named_in(incident.category, incident.field_values)
        incident.version += 1
        derived = ("order_reference", "item", "is_restricted", "is_second_failure", "version")
        incident.save(update_fields=[*changed, *derived])
        add_event(incident, "facts_changed", now=now, by=by, fields=changed)
        is_moved = follow_facts(incident, changed, by=by, now=now)
        if {"severity", "category"} & set(changed) and ask_when_wanted(incident, by=by, now=now):
            incident.save(update_fields=["review_state"])
        if incident.is_open:
            if is_moved or "severity" in changed:
                _judge_anew(incident, was=was, by=by, now=now)
            if {"reach_until", "customer"} & set(changed):
                _move_calls(incident, was_left_alone=was_left_alone, by=by, now=now)
            advance(incident, now=now, by=by)
        return incident


def _judge_anew(incident: Incident, *, was: int, by: Staff, now: dt.datetime) -> None:
    """By the targets and the ladders of how bad it is now; of what turns out to be critical managers hear at once."""
    clocks.judge_anew(incident)
    climb_anew(incident, was=was, now=now)
    if incident.severity == Severity.CRITICAL:
        tell_of_critical(incident, by=by, now=now)


def _is_left_alone(incident: Incident) -> bool:
    return incident.customer is not None and incident.customer.no_contact_since is not None


def _move_calls(incident: Incident, *, was_left_alone: bool, by: Staff, now: dt.datetime) -> None:
    """To the hours of whom it is about now; to nobody who wants no contact."""
    if _is_left_alone(incident) and not was_left_alone:
        cancel_calls(incident, by=by, now=now)
    elif was_left_alone and not _is_left_alone(incident):
        plan_again(incident, by=by, now=now)
    else:
        replan_calls(incident, by=by, now=now)


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
        said = incident.private_values.get(WORDS_USED)
        if said and WORDS_USED not in private and not category.fields.filter(key=WORDS_USED, is_active=True).exists():
            private[WORDS_USED] = said  # noted with the second failure: this category does not ask for them


def note_second_failure(*, incident_id: int, by: Staff, now: dt.datetime, words: str = "") -> Incident:
    """We made it worse. The words used are for managers only; works on closed incidents too."""
    said = words.strip()
    with locked(incident_id, must_be_open=False) as incident:
        known = incident.private_values.get(WORDS_USED, "")
        if known and said and said != known:
            raise Refused(_("The words used are written down already. A manager can correct them."))
        is_new = not incident.is_second_failure
        if not is_new and (not said or said == known):
            return incident
        incident.is_second_failure = True
        if said:
            incident.private_values = incident.private_values | {WORDS_USED: said}
        incident.version += 1
        add_event(incident, "second_failure_noted", now=now, by=by, **({"is_new": True} if is_new else {}))
        ask_when_wanted(incident, by=by, now=now)
        incident.save(update_fields=["is_second_failure", "private_values", "version", "review_state"])
        raise_severity(incident, Raised.SECOND_FAILURE, by=by, now=now)
        if incident.is_open:
            advance(incident, now=now, by=by)
        return incident


def drop_second_failure(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """We did not make it worse after all: a manager takes it back, and the words with it."""
    with locked(incident_id, must_be_open=False) as incident:
        if not access.can_read_private_words(by):
            raise NotYours(_("A manager takes this back."))
        if not incident.is_second_failure:
            return incident
        if incident.category.is_second_failure:
            raise Refused(_("What kind of mistake it was says so. Change that first."))
        forget_second_failure(incident)
        add_event(incident, "second_failure_dropped", now=now, by=by)
        if lower_again(incident, Raised.SECOND_FAILURE, by=by, now=now) and incident.is_open:
            advance(incident, now=now, by=by)
        return incident


def forget_second_failure(incident: Incident) -> None:
    """Without the mark and without the words. The caller holds the lock."""
    incident.is_second_failure = incident.category.is_second_failure
    incident.private_values = {name: said for name, said in incident.private_values.items() if name != WORDS_USED}
    incident.version += 1
    incident.save(update_fields=["is_second_failure", "private_values", "version"])
