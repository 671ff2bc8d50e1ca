"""How a customer can be reached, and the calls that follow from it: moved, or not made at all."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, locked, plan_follow_ups, remind_of_call
from incidents.actions.due import withdraw_reminders
from incidents.actions.planning import SILENT_FOR, plan_time
from incidents.actions.refusals import Refused
from incidents.models import Customer, Event, FollowUp, Incident, ReminderKind, Staff, retry_after
from incidents.vocabulary import Outcome, Severity


def set_reach(
    *, incident_id: int, by: Staff, now: dt.datetime, reach_at: str, reach_until: dt.datetime | None
) -> Incident:
    """Where and until when this guest can be reached; their calls move with it."""
    with locked(incident_id) as incident:
        asked = {"reach_at": reach_at, "reach_until": reach_until}
        changed = [name for name, value in asked.items() if getattr(incident, name) != value]
        if not changed:
            return incident
        if "reach_until" in changed and reach_until is not None and reach_until <= now:
            raise Refused(_("They can be reached until a moment still to come."))
        for name in changed:
            setattr(incident, name, asked[name])
        incident.version += 1
        incident.save(update_fields=[*changed, "version"])
        add_event(incident, "facts_changed", now=now, by=by, fields=changed)
        replan_calls(incident, by=by, now=now)
        advance(incident, now=now, by=by)
        return incident


def replan_calls(incident: Incident, *, by: Staff | None, now: dt.datetime) -> None:
    """Move the planned calls to where they belong now. The caller holds the lock and advances.

    A moment that the customer named stays, and so does a call that is due already.
    """
    planned = incident.follow_ups.planned().order_by("due_at", "id")
    for number, call in enumerate(planned):
        wanted = None if call.due_at <= now else _wanted(call, incident)
        if wanted is None:
            continue
        due_at = plan_time(incident, wanted, now, is_before_leaving=number == 0)
        if due_at == call.due_at:
            continue
        call.due_at = due_at
        call.version += 1
        call.save(update_fields=["due_at", "version"])
        remind_of_call(call, incident, now=now)
        add_event(incident, "follow_up_moved", now=now, by=by, subject_id=call.pk)


def _wanted(call: FollowUp, incident: Incident) -> dt.datetime | None:
    """When it would be due if nobody had hours; None for a moment that the customer named."""
    last = call.attempts.order_by("-at", "-id").first()
    if last is not None:
        outcome = Outcome(last.outcome)
        return None if outcome == Outcome.CALL_BACK else next_try(incident, outcome, last.at)
    events = Event.objects.filter(incident=incident, kind="follow_up_planned", subject_id=call.pk)
    said = (events.values_list("codes__due", flat=True).first()) or ""
    return dt.datetime.fromisoformat(said) if said else call.due_at


def next_try(incident: Incident, outcome: Outcome, tried_at: dt.datetime) -> dt.datetime:
    """About something minor a message will do: it is given its days to be answered."""
    wait = retry_after(outcome, incident.location_id)
    if incident.severity == Severity.MINOR and outcome == Outcome.VOICEMAIL:
        wait = max(wait, SILENT_FOR)
    return tried_at + wait


def leave_alone(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    """They want no contact: nobody calls them any more, about anything. The caller holds the locks, and advances."""
    if incident.customer is not None:
        wish = Customer.objects.filter(pk=incident.customer.pk, no_contact_since__isnull=True)
        if wish.update(no_contact_since=now, version=F("version") + 1):
            incident.customer.no_contact_since = now
        for other in _open_of(incident.customer_id).exclude(pk=incident.pk).select_related("location", "assignee"):
            other.customer = incident.customer
            cancel_calls(other, by=by, now=now)
            advance(other, now=now, by=by)
    cancel_calls(incident, by=by, now=now)


def lock_all_of_customer(incident_id: int) -> None:
    """This incident and all that its customer has open, in the one order in which several are locked."""
    this = Incident.objects.filter(pk=incident_id)
    customer = this.values_list("customer", flat=True).get()
    while True:
        list((_open_of(customer) | this).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        held, customer = customer, this.values_list("customer", flat=True).get()
        if customer == held:  # nobody put them together with another record while this waited
            return


def _open_of(customer: int | None) -> QuerySet[Incident]:
    return Incident.objects.open().filter(customer=customer, customer__isnull=False)


def cancel_calls(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    for call in incident.follow_ups.planned():
        call.cancelled_at = now
        call.version += 1
        call.save(update_fields=["cancelled_at", "version"])
        withdraw_reminders(incident, ReminderKind.FOLLOW_UP_DUE, call.pk, now=now)
    add_event(incident, "no_contact_noted", now=now, by=by)


def plan_again(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    """They may be called again. What was cancelled for another reason stays so. The caller holds the lock, advances."""
    round_ = incident.current_round()
    asked_us_not_to = Event.objects.filter(incident=incident, kind="no_contact_noted")
    dropped = list(round_.follow_ups.filter(cancelled_at__in=asked_us_not_to.values("at")))
    for call in dropped:
        call.cancelled_at = None
        call.due_at = plan_time(incident, call.due_at, now)
        call.version += 1
        call.save(update_fields=["cancelled_at", "due_at", "version"])
        remind_of_call(call, incident, now=now)
        add_event(incident, "follow_up_moved", now=now, by=by, subject_id=call.pk)
    if round_.settled_at is not None and not round_.follow_ups.filter(cancelled_at__isnull=True).exists():
        plan_follow_ups(incident, round_, now=now, by=by)
