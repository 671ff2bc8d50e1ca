"""The one door for state: lock the incident, record, then `advance()`.

Every action of this package runs inside `locked()`; nothing else writes a round's `settled_at`, a stage or a clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from incidents.actions import clocks
from incidents.actions.care import ask_after
from incidents.actions.due import keep_up, schedule, withdraw_all, withdraw_reminders
from incidents.actions.planning import plan_time
from incidents.actions.refusals import Refused, Stale, StepRefused
from incidents.actions.standing import only_receipts
from incidents.models import (
    Closure,
    Event,
    FollowUp,
    Handover,
    Incident,
    ReminderKind,
    Round,
    Staff,
)
from incidents.models.hours import ENDED, clock_and_pauses
from incidents.vocabulary import PENDING_REMEDY, Clock, CloseReason, RemedyState, Stage
from incidents.workflow import missing, next_step, unmet

Saved = TypeVar("Saved", bound=Model)
TO_COME = "_events_to_come"  # where an incident that is being logged keeps them


@contextmanager
def locked(incident_id: int, *, expected_version: int | None = None, must_be_open: bool = True) -> Iterator[Incident]:
    """The incident with its row locked until the block ends (one transaction).

    Raises Stale when `expected_version` is not the stored one, Refused when it is closed.
    """
    with transaction.atomic():
        # By itself first: after a wait, rows joined to a locked one are still those of before the wait.
        Incident.objects.select_for_update(no_key=True).values_list("pk").get(pk=incident_id)
        named = Incident.objects.select_related("location", "customer", "category", "assignee")
        incident = named.get(pk=incident_id)
        if expected_version is not None and incident.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), incident)
        if must_be_open and not incident.is_open:
            raise Refused(_("This recovery is closed. Go back to the customer to reopen it."))
        yield incident


def saved_before(same_key: QuerySet[Saved], **of: Any) -> Saved | None:
    """What an earlier submit of the same form saved; Refused when the key belongs to another form."""
    found = same_key.first()
    if found is not None and any(getattr(found, name) != value for name, value in of.items()):
        raise Refused(_("This form was already used elsewhere. Open a new one."))
    return found


def must_have_happened(moment: dt.datetime | None, now: dt.datetime) -> None:
    """Refused for a moment in the future: what is recorded as done has been done."""
    if moment is not None and moment > now:
        raise Refused(_("That moment is still to come."))


def add_event(
    incident: Incident | None,
    kind: str,
    *,
    now: dt.datetime,
    by: Staff | None,
    subject_id: int | None = None,
    **codes: Any,
) -> None:
    """Append to the timeline. Codes, ids and field names only. Of an incident that is being logged: with it."""
    number = incident.round_number if incident else 1
    event = Event(incident=incident, kind=kind, at=now, by=by, round_number=number, subject_id=subject_id, codes=codes)
    if incident is not None and is_being_logged(incident):
        vars(incident).setdefault(TO_COME, []).append(event)
    else:
        event.save(force_insert=True)


def is_being_logged(incident: Incident) -> bool:
    """It has its key, and is not saved yet."""
    return incident._state.adding  # noqa: SLF001 - Django documents _state


def advance(incident: Incident, *, now: dt.datetime, by: Staff | None) -> None:
    """Move the incident to the first step its round still lacks; close it when none is left.

    The caller holds the lock and has written what happened. Also settles the round, plans the calls, renews the clocks.
    """
    round_ = _with_rows(incident.current_round())
    if _settle(incident, round_, now=now, by=by):
        round_ = _with_rows(incident.current_round())  # calls are planned now
    stage = next_step(round_.facts(incident.finding))
    if stage == Stage.CLOSED:
        end(incident, incident.current_round(), reason=CloseReason.RECOVERED, now=now, by=by)
        return
    if stage != incident.stage:
        add_event(incident, "stage_moved", now=now, by=by, from_=incident.stage, to=stage.value)
    incident.stage = stage
    times = clocks.refresh(incident, round_)
    incident.next_due_at = times.next_due_at
    _save(incident, "stage", "next_due_at", "review_state")
    _remind_of_steps(incident, round_, times.running, now=now)
    if by is not None and by.pk == incident.assignee_id:
        accept_handovers(incident, by=by, now=now)  # whoever acts has taken it over


def renew_clocks(incident: Incident, *, now: dt.datetime) -> None:
    """The same facts by other hours or targets. The caller holds the lock; nobody at work notices."""
    round_ = _with_rows(incident.current_round())
    times = clocks.refresh(incident, round_)
    if times.next_due_at != incident.next_due_at:
        incident.next_due_at = times.next_due_at
        incident.save(update_fields=["next_due_at"])
    _remind_of_steps(incident, round_, times.running, now=now)


def _with_rows(round_: Round) -> Round:
    """With what hangs on it read once, for the gates and the clocks alike."""
    prefetch_related_objects([round_], "remedies", "apologies", "follow_ups")
    return round_


def _remind_of_steps(
    incident: Incident, round_: Round, running: Mapping[Clock, dt.datetime], *, now: dt.datetime
) -> None:
    keep_up(incident=incident, subject_id=round_.pk, targets=targets_of(round_, running), now=now)


def targets_of(round_: Round, running: Mapping[Clock, dt.datetime]) -> dict[ReminderKind, dt.datetime | None]:
    """Of the apology, and of what comes first of offering and giving; of a receipt they are reminded by itself."""
    lacks_receipt = only_receipts(round_.remedies.all())
    given = [running[clock] for clock in (Clock.OFFER, Clock.DELIVER) if clock in running and not lacks_receipt]
    return {
        ReminderKind.APOLOGY_DUE: running.get(Clock.APOLOGIZE),
        ReminderKind.REMEDY_DUE: min(given, default=None),
    }


def waiting_handover(incident: Incident) -> Handover | None:
    """The newest one, while whoever got the incident has neither taken it over nor given it back."""
    return _if_waiting(incident, incident.handovers.select_related("from_staff", "to_staff", "by"))


def _if_waiting(incident: Incident, handovers: QuerySet[Handover]) -> Handover | None:
    newest = handovers.order_by("-pk").first()
    return newest if newest and newest.is_waiting and newest.to_staff_id == incident.assignee_id else None


def accept_handovers(incident: Incident, *, by: Staff, now: dt.datetime) -> bool:
    """`by` has taken over what was handed to them. False when nothing was waiting."""
    handover = _if_waiting(incident, incident.handovers.all())
    if handover is None or handover.to_staff_id != by.pk:
        return False
    handover.accepted_at = now
    handover.save(update_fields=["accepted_at"])
    stop_waiting(handover, incident, now=now)
    add_event(incident, "handover_accepted", now=now, by=by, subject_id=handover.pk)
    return True


def stop_waiting(handover: Handover, incident: Incident, *, now: dt.datetime) -> None:
    """Nobody is asked any more whether they have it."""
    for kind in (ReminderKind.HANDOVER_OPEN, ReminderKind.SHIFT_ENDED):
        withdraw_reminders(incident, kind, handover.pk, now=now)


def heard(incident: Incident, *, now: dt.datetime, by: Staff | None, why: str) -> bool:
    """The customer was heard: nobody waits for them any more. False when nobody did.

    The caller holds the lock and advances.
    """
    since, until = incident.waiting_since, incident.waiting_until
    if since is None or until is None:
        return False
    incident.waiting_since = incident.waiting_until = None
    incident.save(update_fields=["waiting_since", "waiting_until"])
    withdraw_reminders(incident, ReminderKind.WAITED_LONG_ENOUGH, incident.pk, now=now)
    add_event(incident, ENDED, now=now, by=by, why=why, since=since.isoformat(), until=until.isoformat())
    return True


def _save(incident: Incident, *fields: str) -> None:
    incident.version += 1
    incident.save(update_fields=[*fields, "version"])


def _settle(incident: Incident, round_: Round, *, now: dt.datetime, by: Staff | None) -> bool:
    """True when it is settled now, and its calls are planned."""
    is_open = not unmet(round_.facts(incident.finding), Stage.REMEDY)
    if is_open and round_.settled_at is None:
        delivered = round_.remedies.filter(state=RemedyState.DELIVERED)
        last = delivered.order_by("-delivered_at").values_list("delivered_at", flat=True).first()
        round_.settled_at = last or now
        round_.save(update_fields=["settled_at"])
        add_event(incident, "settled", now=now, by=by)
        plan_follow_ups(incident, round_, now=now, by=by)
        return True
    if not is_open and round_.settled_at is not None:
        round_.settled_at = None
        round_.save(update_fields=["settled_at"])
    return False


def plan_follow_ups(incident: Incident, round_: Round, *, now: dt.datetime, by: Staff | None) -> None:
    """Plan the round's calls from the moment it was settled.

    A call already promised keeps its time and stands for the one it comes before. Nobody calls a customer who
    wants no contact. The event keeps the moment before it was moved into the customer's hours.
    """
    if incident.customer is not None and incident.customer.no_contact_since is not None:
        return
    settled_at = round_.settled_at or now
    planned = list(round_.follow_ups.planned().order_by("due_at"))
    place, _pauses = clock_and_pauses(incident)
    targets = place.targets.follow_ups(incident.severity)
    # In the order in which they come: 48 opening hours may be more than 3 days.
    for position, due_at in enumerate(sorted(place.calendar.due(settled_at, target) for target in targets), 1):
        is_last = position == len(targets)
        if planned and (is_last or planned[0].due_at <= due_at):
            planned.pop(0)
            continue
        call = FollowUp.objects.create(
            incident=incident,
            round=round_,
            assignee=incident.assignee,
            due_at=plan_time(incident, due_at, now, is_before_leaving=position == 1),
            created_at=now,
        )
        remind_of_call(call, incident, now=now)
        add_event(incident, "follow_up_planned", now=now, by=by, subject_id=call.pk, due=due_at.isoformat())


def remind_of_call(call: FollowUp, incident: Incident, *, now: dt.datetime) -> None:
    """At its own time, and no longer at an earlier one."""
    schedule(incident=incident, kind=ReminderKind.FOLLOW_UP_DUE, subject_id=call.pk, target_at=call.due_at, now=now)


def end(
    incident: Incident,
    round_: Round,
    *,
    reason: CloseReason,
    now: dt.datetime,
    by: Staff | None,
    note: str = "",
) -> None:
    """Close the incident. *Recovered* only with every gate open, else StepRefused."""
    if reason == CloseReason.RECOVERED and (gates := missing(round_.facts(incident.finding))):
        raise StepRefused(gates)
    for call in incident.follow_ups.filter(answered_at__isnull=True, cancelled_at__isnull=True):
        call.cancelled_at = now
        call.save(update_fields=["cancelled_at"])
    for request in incident.approvals.waiting():
        request.voided_at = now
        request.save(update_fields=["voided_at"])
        add_event(incident, "approval_voided", now=now, by=by, subject_id=request.pk)
    heard(incident, now=now, by=by, why="closed")
    withdraw_all(incident, reason=reason, now=now)
    Closure.objects.create(
        incident=incident,
        round=round_,
        reason=reason,
        note=note,
        closed_at=now,
        closed_by=by or incident.assignee,
    )
    clocks.refresh(incident, round_)
    incident.stage = Stage.CLOSED
    incident.close_reason = reason
    incident.closed_at = now
    incident.next_due_at = None
    _save(incident, "stage", "close_reason", "closed_at", "next_due_at", "duplicate_of")
    add_event(incident, "closed", now=now, by=by, reason=reason.value)
    ask_after(incident=incident, why=reason, now=now)


def pass_on_steps(incident: Incident, *, from_staff: Staff, to_staff: Staff) -> dict[str, list[int]]:
    """Calls, promises and remedies of this incident follow it to its new assignee. Gives the numbers of what went."""
    mine: dict[str, Any] = {
        "calls": incident.follow_ups.planned().filter(assignee=from_staff),
        "promises": incident.promises.filter(assignee=from_staff, kept_at__isnull=True, broken_at__isnull=True),
        "remedies": incident.remedies.filter(assignee=from_staff, state__in=PENDING_REMEDY),
    }
    went = {name: sorted(rows.values_list("pk", flat=True)) for name, rows in mine.items()}
    incident.follow_ups.filter(pk__in=went["calls"]).update(assignee=to_staff, version=F("version") + 1)
    incident.promises.filter(pk__in=went["promises"]).update(assignee=to_staff)
    incident.remedies.filter(pk__in=went["remedies"]).update(assignee=to_staff)
    return went
