"""Handover, endings, going back to the customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions import clocks
from incidents.actions.advance import accept_handovers, add_event, advance, end, locked, pass_on_steps
from incidents.actions.notify import notify
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.actions.remind import remind_of_receipt, schedule, withdraw_reminders
from incidents.ladder import ACCEPT_WITHIN, ACCEPT_WITHIN_CRITICAL
from incidents.models import Handover, Incident, Location, NoticeKind, ReminderKind, Round, Staff
from incidents.models.values import checked_values
from incidents.vocabulary import (
    CHOSEN_ENDINGS,
    NOT_AN_INCIDENT,
    PENDING_REMEDY,
    CloseReason,
    RemedyState,
    RoundReason,
    Severity,
    Stage,
)

# How long whoever logged an incident may take it back themselves.
UNDO_FOR = dt.timedelta(minutes=5)
ENTRY: dict[RoundReason, Stage] = {
    RoundReason.CONTACTED_US: Stage.APOLOGIZE,
    RoundReason.REMEDY_FAILED: Stage.REMEDY,
    RoundReason.SECOND_THOUGHT: Stage.REMEDY,
    RoundReason.UNHAPPY: Stage.REMEDY,
}


def hand_over(*, incident_id: int, to: Staff, by: Staff, now: dt.datetime, note: str = "") -> Incident:
    """Give the incident to someone who can see it; its open calls and promises go along."""
    with locked(incident_id) as incident:
        if to.pk == incident.assignee_id:
            return incident
        if not can_take(to, incident):
            raise Refused(_("They do not work at this location, or may not see this incident."))
        before = incident.assignee
        pass_on_steps(incident, from_staff=before, to_staff=to)
        incident.assignee = to
        incident.version += 1
        incident.save(update_fields=["assignee", "version"])
        handover = Handover.objects.create(
            incident=incident,
            from_staff=before,
            to_staff=to,
            note=note,
            at=now,
            by=by,
            accepted_at=now if to == by else None,
        )
        add_event(incident, "handed_over", now=now, by=by, subject_id=handover.pk)
        if to != by:
            _tell_of(handover, incident, now=now)
        return incident


def _tell_of(handover: Handover, incident: Incident, *, now: dt.datetime) -> None:
    """Now, and again when they have not taken it over after a while."""
    notify(
        kind=NoticeKind.ASSIGNED,
        incident=incident,
        recipients=[handover.to_staff],
        subject_id=incident.pk,
        occurrence=f"{handover.pk}",
        now=now,
    )
    within = ACCEPT_WITHIN_CRITICAL if incident.severity == Severity.CRITICAL else ACCEPT_WITHIN
    kind = ReminderKind.HANDOVER_OPEN
    schedule(incident=incident, kind=kind, subject_id=handover.pk, target_at=now + within, now=now)


def accept_handover(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """ "I have it": whoever gave it need not wonder. Refused when nothing was handed to them."""
    with locked(incident_id, must_be_open=False) as incident:
        if not accept_handovers(incident, by=by, now=now):
            raise Refused(_("Nothing here waits for you to take it over."))
        return incident


def can_take(staff: Staff, incident: Incident) -> bool:
    """Whether `staff` may become the assignee: active, of the place, not concerned."""
    if not staff.is_active or incident.concerns.filter(staff=staff).exists():
        return False
    return staff.sees_all or incident.location_id in staff.location_ids


def people_of(location: Location) -> list[Staff]:
    """Who can be given work there, by name."""
    people = Staff.objects.filter(is_active=True)
    return list(people.filter(memberships__location=location).order_by("sort_name"))


def open_round(
    incident: Incident,
    *,
    reason: RoundReason,
    entry: Stage,
    by: Staff,
    now: dt.datetime,
) -> Round:
    """The next round. What is still to come moves into it: promised calls keep their time, remedies their state."""
    before = incident.current_round()
    incident.round_number += 1
    incident.version += 1
    incident.save(update_fields=["round_number", "version"])
    round_ = Round.objects.create(
        incident=incident,
        number=incident.round_number,
        reason=reason,
        entry=entry,
        started_at=now,
        started_by=by,
    )
    before.follow_ups.filter(answered_at__isnull=True, cancelled_at__isnull=True).update(
        round=round_, version=F("version") + 1
    )
    before.remedies.filter(state__in=PENDING_REMEDY).update(round=round_, version=F("version") + 1)
    withdraw_reminders(incident, ReminderKind.APOLOGY_DUE, before.pk, now=now)
    clocks.refresh(incident, before)  # what was answered in it stays met
    add_event(incident, "round_opened", now=now, by=by, subject_id=round_.pk, reason=reason.value)
    return round_


def go_back(
    *,
    incident_id: int,
    reason: str,
    by: Staff,
    now: dt.datetime,
    expected_round: int | None = None,
) -> Incident:
    """Go back to the customer: a new round, also of a closed recovery (then it is reopened).

    Refused for an incident that was logged by mistake or twice; Stale when somebody has
    already gone back since `expected_round`.
    """
    why = RoundReason(reason) if reason in RoundReason.values else None
    if why not in ENTRY:
        raise Refused(_("Say why you are going back."))
    with locked(incident_id, must_be_open=False) as incident:
        if incident.close_reason in NOT_AN_INCIDENT:
            raise Refused(_("This was logged by mistake or twice, so it cannot be reopened."))
        if expected_round is not None and incident.round_number != expected_round:
            raise Stale(_("Someone has already gone back to this customer."), incident)
        if not incident.is_open:
            _reopen(incident, by=by, now=now)
        open_round(incident, reason=why, entry=ENTRY[why], by=by, now=now)
        advance(incident, now=now, by=by)
        return incident


def _reopen(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    incident.closures.filter(reopened_at__isnull=True).update(reopened_at=now)
    incident.stage = Stage.APOLOGIZE
    incident.close_reason = ""
    incident.closed_at = None
    incident.next_due_at = now
    incident.reopen_count += 1
    incident.save(update_fields=["stage", "close_reason", "closed_at", "next_due_at", "reopen_count"])
    for remedy in incident.remedies.filter(state=RemedyState.AWAITING_RECEIPT):
        remind_of_receipt(remedy, now=now)
    add_event(incident, "reopened", now=now, by=by)


def close_incident(
    *,
    incident_id: int,
    reason: str,
    by: Staff,
    now: dt.datetime,
    note: str = "",
    duplicate_of: Incident | None = None,
) -> Incident:
    """End the incident for a reason a person gives.

    *Recovered* raises StepRefused with everything still missing; the others ask for a note
    and raise NotYours or Refused, in words.
    """
    if reason not in CloseReason.values:
        raise Refused(_("Choose how it ended."))
    why = CloseReason(reason)
    with locked(incident_id) as incident:
        if why != CloseReason.RECOVERED:
            _may_end(incident, why, by=by, note=note, twin=duplicate_of)
        incident.duplicate_of = duplicate_of if why == CloseReason.DUPLICATE else None
        end(incident, incident.current_round(), reason=why, now=now, by=by, note=note)
        return incident


def _may_end(incident: Incident, why: CloseReason, *, by: Staff, note: str, twin: Incident | None) -> None:
    if why not in CHOSEN_ENDINGS:
        raise Refused(_("This ending cannot be chosen yet."))
    if why in NOT_AN_INCIDENT and not access.can_void(by, incident):
        raise NotYours(_("A manager takes an incident out of the list."))
    if why == CloseReason.WITHDRAWN and not access.can_withdraw(by, incident):
        raise NotYours(_("The person who has this incident, or a manager, closes it."))
    if not note.strip():
        raise Refused(_("Say why, in a few words."))
    if why == CloseReason.NO_CONTACT_KNOWN and has_contact(incident):
        raise Refused(_("We know how to reach this customer, so the call is still due."))
    if why == CloseReason.DUPLICATE and (twin is None or twin.pk == incident.pk):
        raise Refused(_("Name the incident that this one repeats."))


def has_contact(incident: Incident) -> bool:
    return incident.customer is not None and incident.customer.contact_points.exists()


def undo_log(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Take back an incident just logged: void, with the note *undone*."""
    with locked(incident_id) as incident:
        if incident.logged_by_id != by.pk or now - incident.created_at > UNDO_FOR:
            raise NotYours(_("Undo works for five minutes, for whoever logged it."))
        end(
            incident,
            incident.current_round(),
            reason=CloseReason.VOID,
            now=now,
            by=by,
            note="undone",
        )
        return incident


CHANGEABLE = (
    "what_happened",
    "category",
    "severity",
    "customer",
    "customer_hint",
    "place",
    "remedy_sought",
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
            advance(incident, now=now, by=by)
        return incident


def _check_values(incident: Incident, changes: dict[str, Any]) -> None:
    """Values of the category's fields, as `clean_values()` leaves them; private ones only when given."""
    category = changes.get("category", incident.category)
    given = changes.get("field_values", {}), changes.get("private_values", {})
    public, private = checked_values(category, incident.location.zone, *given)
    if "field_values" in changes:
        changes["field_values"] = public
    if "private_values" in changes:
        changes["private_values"] = private
