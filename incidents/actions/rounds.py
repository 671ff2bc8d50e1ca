"""Going back to the customer: the next round, and reopening."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incidents.actions import clocks
from incidents.actions.advance import add_event, advance, heard, locked, waiting_handover
from incidents.actions.due import keep_up, remind_of_receipt
from incidents.actions.handovers import remind_to_take
from incidents.actions.notify import managers_of, notify
from incidents.actions.refusals import Refused, Stale
from incidents.models import Incident, NoticeKind, NoticeReason, ReminderKind, Round, Staff
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
}
# Closed by mistake: the new round begins at what was not true.
UNTRUE: dict[str, Stage] = {"apology": Stage.APOLOGIZE, "remedy": Stage.REMEDY, "call": Stage.FOLLOW_UP}
# From here on every reopening is said to the managers.
REOPENED_OFTEN = 2


def open_round(
    incident: Incident,
    *,
    reason: RoundReason,
    entry: Stage,
    by: Staff,
    now: dt.datetime,
) -> Round:
    """The next round. What is still to come moves into it: promised calls keep their time, remedies their state."""
    heard(incident, now=now, by=by, why="went_back")
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
    settled = {ReminderKind.APOLOGY_DUE: None, ReminderKind.REMEDY_DUE: None}
    keep_up(incident=incident, subject_id=before.pk, targets=settled, now=now)
    clocks.refresh(incident, before)  # what was answered in it stays met
    add_event(incident, "round_opened", now=now, by=by, subject_id=round_.pk, reason=reason.value)
    return round_


def go_back(
    *,
    incident_id: int,
    reason: str,
    by: Staff,
    now: dt.datetime,
    untrue: str = "",
    expected_round: int | None = None,
) -> Incident:
    """Go back to the customer: a new round, also of a closed recovery (then it is reopened).

    *Closed by mistake* begins at what was `untrue`: "apology", "remedy" or "call". A second tap of the
    same person changes nothing. Refused for an incident that was logged by mistake or twice; Stale when
    somebody else has already gone back since `expected_round`.
    """
    why, entry = _beginning(reason, untrue)
    with locked(incident_id, must_be_open=False) as incident:
        if incident.close_reason in NOT_AN_INCIDENT:
            raise Refused(_("This was logged by mistake or twice, so it cannot be reopened."))
        if expected_round is not None and incident.round_number != expected_round:
            if _has_just_begun(incident, why, by, expected_round):
                return incident
            raise Stale(_("Someone has already gone back to this customer."), incident)
        if incident.is_open and why == RoundReason.NOT_TRUE:
            raise Refused(_("It is not closed. Choose another reason."))
        if not incident.is_open:
            _reopen(incident, by=by, now=now)
        open_round(incident, reason=why, entry=entry, by=by, now=now)
        advance(incident, now=now, by=by)
        return incident


def _beginning(reason: str, untrue: str) -> tuple[RoundReason, Stage]:
    """Why the round begins, and at which step."""
    if reason == RoundReason.NOT_TRUE:
        if untrue not in UNTRUE:
            raise Refused(_("Say what was not true: the apology, what was given, or the call."))
        return RoundReason.NOT_TRUE, UNTRUE[untrue]
    why = RoundReason(reason) if reason in RoundReason.values else None
    if why is None or why not in ENTRY:
        raise Refused(_("Say why you are going back."))
    return why, ENTRY[why]


def _has_just_begun(incident: Incident, why: RoundReason, by: Staff, expected_round: int) -> bool:
    """A second tap on the same button: the round it asks for is the one that began."""
    round_ = incident.current_round()
    return round_.number == expected_round + 1 and round_.started_by_id == by.pk and round_.reason == why


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
    if handover := waiting_handover(incident):
        remind_to_take(handover, incident, now=now)
    add_event(incident, "reopened", now=now, by=by)
    if incident.reopen_count >= REOPENED_OFTEN:
        notify(
            kind=NoticeKind.REOPENED_TWICE,
            incident=incident,
            recipients=[m for m in managers_of(incident) if m != by],
            subject_id=incident.pk,
            occurrence=str(incident.reopen_count),
            now=now,
            reason=NoticeReason.MANAGER,
        )
