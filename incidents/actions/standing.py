"""Does what a reminder speaks of still stand, and whose is it? Read anew at every delivery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.ladder import Kind
from incidents.models import (
    ApprovalRequest,
    Deadline,
    FollowUp,
    Handover,
    Incident,
    Meeting,
    PreventionAction,
    Procedure,
    PromiseMade,
    Remedy,
    Reminder,
    Staff,
)
from incidents.vocabulary import NOT_AN_INCIDENT, PENDING_REMEDY, Clock, CloseReason, RemedyState


@dataclass(frozen=True)
class Standing:
    """`person` has to act; `giver` waits for them to."""

    person: Staff
    giver: Staff | None = None


def standing(reminder: Reminder) -> Standing | None:
    """None when the call was moved or made, the promise kept, the apology given and so on. Up to two queries."""
    return _READ[Kind(reminder.kind)](reminder)


def _call(reminder: Reminder) -> Standing | None:
    call = FollowUp.objects.select_related("assignee").get(pk=reminder.subject_id)
    return Standing(call.assignee) if call.is_planned and call.due_at == reminder.target_at else None


def _promise(reminder: Reminder) -> Standing | None:
    """Kept or not, the recovery may be over; what was logged by mistake was promised to nobody."""
    promise = PromiseMade.objects.select_related("assignee", "incident").get(pk=reminder.subject_id)
    if promise.incident.close_reason == CloseReason.VOID:
        return None
    return Standing(promise.assignee) if promise.is_open and promise.due_at == reminder.target_at else None


def _receipt(reminder: Reminder) -> Standing | None:
    remedy = Remedy.objects.select_related("assignee", "incident__assignee").get(pk=reminder.subject_id)
    if remedy.state != RemedyState.AWAITING_RECEIPT or not remedy.incident.is_open:
        return None
    return Standing(remedy.assignee or remedy.incident.assignee)


def _apology(reminder: Reminder) -> Standing | None:
    waiting = Deadline.objects.filter(round_id=reminder.subject_id, clock=Clock.APOLOGIZE, met_at__isnull=True)
    deadline = waiting.select_related("round", "incident__assignee").first()
    if deadline is None or deadline.due_at != reminder.target_at or not deadline.incident.is_open:
        return None
    return Standing(deadline.incident.assignee) if deadline.round.number == deadline.incident.round_number else None


def _remedy(reminder: Reminder) -> Standing | None:
    """At the earliest of what is still to be offered or done in the round that runs; not while only a receipt is."""
    waiting = Deadline.objects.filter(
        round_id=reminder.subject_id, clock__in=[Clock.OFFER, Clock.DELIVER], met_at__isnull=True
    )
    first = waiting.select_related("round", "incident__assignee").order_by("due_at").first()
    if first is None or first.due_at != reminder.target_at or not first.incident.is_open:
        return None
    if first.round.number != first.incident.round_number or only_receipts(first.round.remedies.all()):
        return None
    return Standing(first.incident.assignee)


def only_receipts(remedies: Iterable[Remedy]) -> bool:
    """Whether all that is still to come of them is a receipt: of that they are reminded by itself."""
    pending = {remedy.state for remedy in remedies if remedy.state in PENDING_REMEDY}
    return pending == {RemedyState.AWAITING_RECEIPT}


def _handover(reminder: Reminder) -> Standing | None:
    """The newest one of its incident: what was handed on is nobody's to take, though they may have it again."""
    handover = Handover.objects.select_related("to_staff", "by", "incident").get(pk=reminder.subject_id)
    incident = handover.incident
    if not handover.is_waiting or not incident.is_open or incident.assignee_id != handover.to_staff_id:
        return None
    if incident.handovers.filter(pk__gt=handover.pk).exists():
        return None
    return Standing(handover.to_staff, giver=handover.by)


def _question(reminder: Reminder) -> Standing | None:
    """Whoever asked hears that nobody has answered: they may soon go ahead."""
    request = ApprovalRequest.objects.select_related("proposed_by", "incident").get(pk=reminder.subject_id)
    return Standing(request.proposed_by) if request.is_waiting and request.incident.is_open else None


def _waited(reminder: Reminder) -> Standing | None:
    """They have not answered by the moment until which we wait."""
    incident = Incident.objects.select_related("assignee").get(pk=reminder.subject_id)
    return Standing(incident.assignee) if incident.waiting_until == reminder.target_at else None


def _change(reminder: Reminder) -> Standing | None:
    """Committed, not done, and due then; of what was no incident nobody is reminded."""
    mine = PreventionAction.objects.open().filter(pk=reminder.subject_id)
    mine = mine.exclude(incident__close_reason__in=NOT_AN_INCIDENT)
    action = mine.select_related("assignee").first()
    if action is None or action.assignee is None or action.due_at != reminder.target_at:
        return None
    return Standing(action.assignee)


def _procedure(reminder: Reminder) -> Standing | None:
    """To be looked at from that day on, at its place or (of all places) where whoever keeps it true is."""
    mine = Procedure.objects.standing().filter(pk=reminder.subject_id)
    procedure = mine.select_related("responsible", "location").first()
    if procedure is None or reminder.target_at is None:
        return None
    is_then = reminder.target_at.astimezone(procedure.zone).date() == procedure.review_on
    return Standing(procedure.responsible) if is_then else None


def _meeting(reminder: Reminder) -> Standing | None:
    """Neither begun nor cancelled, and at that time."""
    mine = Meeting.objects.ahead().filter(pk=reminder.subject_id, started_at=None)
    meeting = mine.select_related("facilitator").first()
    return Standing(meeting.facilitator) if meeting and meeting.starts_at == reminder.target_at else None


_READ = {
    Kind.FOLLOW_UP_DUE: _call,
    Kind.PROMISE_DUE: _promise,
    Kind.RECEIPT_MISSING: _receipt,
    Kind.APOLOGY_DUE: _apology,
    Kind.REMEDY_DUE: _remedy,
    Kind.HANDOVER_OPEN: _handover,
    Kind.SHIFT_ENDED: _handover,
    Kind.APPROVAL_WAITING: _question,
    Kind.WAITED_LONG_ENOUGH: _waited,
    Kind.PREVENTION_DUE: _change,
    Kind.PROCEDURE_DUE: _procedure,
    Kind.MEETING_SOON: _meeting,
}
