"""Going back to the customer: the next round, and reopening."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incidents.actions import clocks
from incidents.actions.advance import add_event, advance, locked
from incidents.actions.refusals import Refused, Stale
from incidents.actions.remind import remind_of_receipt, withdraw_reminders
from incidents.models import Incident, ReminderKind, Round, Staff
from incidents.vocabulary import (
    NOT_AN_INCIDENT,
    PENDING_REMEDY,
    RemedyState,
    RoundReason,
    Stage,
)

ENTRY: dict[RoundReason, Stage] = {
    RoundReason.CONTACTED_US: Stage.APOLOGIZE,
    RoundReason.REMEDY_FAILED: Stage.REMEDY,
    RoundReason.SECOND_THOUGHT: Stage.REMEDY,
    RoundReason.UNHAPPY: Stage.REMEDY,
}


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
