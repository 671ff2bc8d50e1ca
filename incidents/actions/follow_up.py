"""The call back: record how it ended, plan the next try, open the next round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, heard, locked, remind_of_call, saved_before
from incidents.actions.due import remind_of_receipt, withdraw_reminders
from incidents.actions.notify import managers_of, notify
from incidents.actions.planning import SHORTEST_WAIT, plan_time
from incidents.actions.promises import promise_too
from incidents.actions.reach import leave_alone, lock_all_of_customer, next_try
from incidents.actions.refusals import Refused
from incidents.actions.rounds import open_round
from incidents.actions.severity import raise_severity
from incidents.models import (
    Apology,
    Attempt,
    ContactPoint,
    FollowUp,
    Incident,
    NoticeKind,
    NoticeReason,
    Remedy,
    ReminderKind,
    Staff,
)
from incidents.vocabulary import (
    HAPPY,
    HEARD,
    REACHED,
    RECORDABLE,
    Channel,
    Outcome,
    Raised,
    RemedyState,
    RoundReason,
    Stage,
)
from incidents.workflow import verdict


def record_follow_up(
    *,
    follow_up_id: int,
    by: Staff,
    now: dt.datetime,
    outcome: str,
    submit_key: UUID,
    channel: str = Channel.PHONE,
    score: int | None = None,
    words: str = "",
    call_back_at: dt.datetime | None = None,
    has_apologized: bool = False,
    missing_remedy: Remedy | None = None,
    wrong_contact: ContactPoint | None = None,
    promise_what: str = "",
    promise_due_at: dt.datetime | None = None,
) -> Attempt:
    """Record an attempt at a call. Reaching them answers the call; satisfied closes.

    The lower of outcome and score counts. *Still unhappy* and *so-so* open the next round at the remedy, and the
    managers are told; no contact plans the next try; who wants no contact is not called again. Refused when
    somebody else has made this call.
    """
    kind = _recordable(outcome, call_back_at, score, now)
    incident_id = FollowUp.objects.values_list("incident_id", flat=True).get(pk=follow_up_id)
    with _locked_for(kind, incident_id) as incident:
        if existing := saved_before(Attempt.objects.filter(submit_key=submit_key), follow_up_id=follow_up_id):
            return existing
        call = _still_planned(follow_up_id)
        attempt = Attempt(follow_up=call, at=now, by=by, channel=channel, outcome=kind, score=score, words=words)
        attempt.submit_key = submit_key
        attempt.save()
        add_event(incident, "follow_up_attempted", now=now, by=by, subject_id=attempt.pk, outcome=kind.value)
        counted = verdict(kind, score)
        if kind in REACHED:
            _answer(call, incident, counted, by=by, now=now)
        else:
            _not_reached(call, incident, kind, call_back_at, wrong_contact=wrong_contact, by=by, now=now)
        if counted == Outcome.REMEDY_NOT_RECEIVED:
            _reopen_remedy(incident, missing_remedy, by=by, now=now)
        elif counted in REACHED and counted not in HAPPY:
            _next_round(incident, attempt, counted, by=by, now=now, has_apologized=has_apologized)
        promise_too(incident, what=promise_what, due_at=promise_due_at, by=by, now=now)
        advance(incident, now=now, by=by)
        return attempt


@contextmanager
def _locked_for(outcome: Outcome, incident_id: int) -> Iterator[Incident]:
    """With all else that the customer has open, when they want no contact about anything."""
    with transaction.atomic() if outcome == Outcome.DO_NOT_CONTACT else nullcontext():
        if outcome == Outcome.DO_NOT_CONTACT:
            lock_all_of_customer(incident_id)
        with locked(incident_id, must_be_open=False) as incident:
            yield incident


def _recordable(outcome: str, call_back_at: dt.datetime | None, score: int | None, now: dt.datetime) -> Outcome:
    if outcome not in RECORDABLE:
        raise Refused(_("Choose how the call ended."))
    if outcome == Outcome.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise Refused(_("Say when to call back: a moment still to come."))
    if outcome == Outcome.IN_WRITING and score is None:
        raise Refused(_("Say how they rated it in writing: 1 to 5."))
    return Outcome(outcome)


def _still_planned(follow_up_id: int) -> FollowUp:
    call = FollowUp.objects.select_related("round").get(pk=follow_up_id)
    if not call.is_planned:
        raise Refused(_("Someone has already made this call."))
    return call


def _answer(call: FollowUp, incident: Incident, outcome: Outcome, *, by: Staff, now: dt.datetime) -> None:
    call.answered_at = now
    call.outcome = outcome
    call.version += 1
    call.save(update_fields=["answered_at", "outcome", "version"])
    withdraw_reminders(incident, ReminderKind.FOLLOW_UP_DUE, call.pk, now=now)
    heard(incident, now=now, by=by, why="called")


def _not_reached(
    call: FollowUp,
    incident: Incident,
    outcome: Outcome,
    call_back_at: dt.datetime | None,
    *,
    wrong_contact: ContactPoint | None,
    by: Staff,
    now: dt.datetime,
) -> None:
    if outcome in HEARD:
        heard(incident, now=now, by=by, why="called")
    if outcome == Outcome.DO_NOT_CONTACT:
        leave_alone(incident, by=by, now=now)
        return
    _mark_wrong(incident, wrong_contact, outcome, by=by, now=now)
    _try_again(call, incident, outcome, call_back_at, now)


def _mark_wrong(
    incident: Incident, contact: ContactPoint | None, outcome: Outcome, *, by: Staff, now: dt.datetime
) -> None:
    """The number that was dialled is not theirs; the others are."""
    if contact is None or outcome != Outcome.WRONG_NUMBER:
        return
    if contact.customer_id != incident.customer_id:
        raise Refused(_("Choose one of this customer’s numbers."))
    ContactPoint.objects.filter(pk=contact.pk, wrong_since__isnull=True).update(wrong_since=now)
    add_event(incident, "number_wrong", now=now, by=by, subject_id=contact.pk)


def _try_again(
    call: FollowUp, incident: Incident, outcome: Outcome, call_back_at: dt.datetime | None, now: dt.datetime
) -> None:
    """What they asked for to the minute; else after a while, in their hours and before they leave."""
    if outcome == Outcome.CALL_BACK and call_back_at:
        call.due_at = call_back_at
    else:
        call.due_at = plan_time(incident, next_try(incident, outcome, now), now + SHORTEST_WAIT)
    call.version += 1
    call.save(update_fields=["due_at", "version"])
    remind_of_call(call, incident, now=now)


def _reopen_remedy(incident: Incident, remedy: Remedy | None, *, by: Staff, now: dt.datetime) -> None:
    delivered = Remedy.objects.filter(
        incident=incident, round__number=incident.round_number, state=RemedyState.DELIVERED
    )
    if remedy is not None:
        delivered = delivered.filter(pk=remedy.pk)
    chosen = delivered.order_by("-delivered_at").first()
    if chosen is None:
        raise Refused(_("Choose what has not arrived."))
    chosen.state = RemedyState.AWAITING_RECEIPT if chosen.needs_receipt else RemedyState.IN_PROGRESS
    chosen.delivered_at = None
    chosen.version += 1
    chosen.save(update_fields=["state", "delivered_at", "version"])
    chosen.apologies.update(made_at=None)  # what travelled with it has not arrived either
    if chosen.needs_receipt:
        remind_of_receipt(chosen, now=now)
    add_event(incident, "remedy_not_received", now=now, by=by, subject_id=chosen.pk)


def _next_round(
    incident: Incident, attempt: Attempt, outcome: Outcome, *, by: Staff, now: dt.datetime, has_apologized: bool
) -> None:
    round_ = open_round(incident, reason=RoundReason.UNHAPPY, entry=Stage.REMEDY, by=by, now=now)
    if outcome == Outcome.UNHAPPY:
        raise_severity(incident, Raised.UNHAPPY, by=by, now=now)
    if has_apologized:
        apology = Apology.objects.create(
            incident=incident,
            round=round_,
            author=by,
            channel=attempt.channel,
            made_at=now,
            created_at=now,
            created_by=by,
            submit_key=uuid4(),
        )
        add_event(incident, "apology_recorded", now=now, by=by, subject_id=apology.pk)
    notify(
        kind=NoticeKind.UNHAPPY,
        incident=incident,
        recipients=[m for m in managers_of(incident) if m != by],
        subject_id=attempt.pk,
        occurrence=str(round_.number),
        now=now,
        reason=NoticeReason.MANAGER,
    )
