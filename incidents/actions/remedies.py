"""What we do and give: proposed, offered, taken or not, delivered, ended.

Money passes `amounts`: above what somebody may give without asking, a remedy waits as *proposed* until a
decision row allows it (`money`).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, heard, locked, must_have_happened, saved_before
from incidents.actions.amounts import (
    checked,
    hold_against_limit,
    must_be_allowed,
    must_be_fresh,
    name_amount_at_delivery,
    refuse_proposed,
)
from incidents.actions.asking import ask, set_free, take_back
from incidents.actions.due import remind_of_receipt, withdraw_reminders
from incidents.actions.giving import begin, move, opened, tell_assignee, waive
from incidents.actions.promises import promise_too
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.rows import save_in_round, who_did_it
from incidents.models import AttachmentKind, Incident, Remedy, RemedyType, ReminderKind, Staff
from incidents.models.allowing import Judgement, terms_at
from incidents.vocabulary import Declined, RemedyState, Waiver

CHANGEABLE = ("what", "due_at", "assignee", "done_by_name", "minutes")


def add_remedy(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    type: RemedyType,
    submit_key: UUID,
    what: str = "",
    assignee: Staff | None = None,
    done_by_name: str = "",
    due_at: dt.datetime | None = None,
    estimated_amount: Decimal | None = None,
    actual_amount: Decimal | None = None,
    minutes: int | None = None,
    is_delivered: bool = False,
    replaces: Remedy | None = None,
    asks_words: str = "",
    promise_what: str = "",
    promise_due_at: dt.datetime | None = None,
) -> Remedy:
    """Offer a remedy, or record one already given (`is_delivered`).

    One that needs a receipt waits for it, with one reminder after three days. Above what `by` may give
    without asking it waits as *proposed*, and those who may decide are asked at once, with `asks_words`.
    """
    with locked(incident_id) as incident:
        if existing := saved_before(Remedy.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        remedy = Remedy(type=type, what=what, minutes=minutes, replaces=replaces, due_at=due_at, proposed_by=by)
        remedy.assignee, remedy.done_by_name = who_did_it(assignee, done_by_name, by)
        remedy.estimated_amount, remedy.actual_amount = checked(estimated_amount), checked(actual_amount)
        judged = _judge_new(incident, remedy, by, now, is_delivered=is_delivered)
        save_in_round(remedy, incident, by=by, now=now, submit_key=submit_key)
        add_event(incident, "remedy_added", now=now, by=by, subject_id=remedy.pk, state=remedy.state)
        _ask_or_wait(incident, remedy, judged, by=by, now=now, words=asks_words)
        promise_too(incident, what=promise_what, due_at=promise_due_at, by=by, now=now)
        advance(incident, now=now, by=by)
        return remedy


def _judge_new(incident: Incident, remedy: Remedy, by: Staff, now: dt.datetime, *, is_delivered: bool) -> Judgement:
    """Held against the limit, in its first state; not yet saved."""
    if remedy.replaces is not None and remedy.replaces.incident_id != incident.pk:
        raise Refused(_("That belongs to another incident."))
    remedy.currency = incident.location.currency
    remedy.needs_receipt = terms_at(remedy.type, incident.location_id).needs_receipt
    is_given = is_delivered and not remedy.needs_receipt
    judged = hold_against_limit(remedy, incident, by, is_given=is_given)
    begin(remedy, needs_yes=judged.needs_yes, is_given=is_given, now=now)
    return judged


def _ask_or_wait(
    incident: Incident, remedy: Remedy, judged: Judgement, *, by: Staff, now: dt.datetime, words: str
) -> None:
    if judged.needs_yes:
        ask(incident, remedy, judged, by=by, now=now, words=words)
    elif remedy.state == RemedyState.AWAITING_RECEIPT:
        remind_of_receipt(remedy, now=now)
    tell_assignee(incident, remedy, by=by, now=now)


def change_remedy(
    *,
    remedy_id: int,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    what: str = "",
    estimated_amount: Decimal | None = None,
    due_at: dt.datetime | None = None,
    assignee: Staff | None = None,
    done_by_name: str = "",
    minutes: int | None = None,
    asks_words: str = "",
) -> Remedy:
    """Correct what is still to come. Another amount makes `by` its proposer, voids every yes and is judged anew.

    Stale (409) when somebody saved it, or answered its question, in between.
    """
    with opened(remedy_id) as (incident, remedy):
        must_be_fresh(remedy, incident, expected_version)
        before = {name: getattr(remedy, name) for name in CHANGEABLE}
        remedy.what, remedy.due_at, remedy.minutes = what, due_at, minutes
        remedy.assignee, remedy.done_by_name = who_did_it(assignee, done_by_name, by)
        changed = [name for name in CHANGEABLE if getattr(remedy, name) != before[name]]
        judged = None
        if checked(estimated_amount) != remedy.amount:
            changed.append("estimated_amount")
            judged = _name_anew(incident, remedy, estimated_amount, by=by, now=now)
        if not changed:
            return remedy
        remedy.version += 1
        remedy.save()
        add_event(incident, "remedy_changed", now=now, by=by, subject_id=remedy.pk, fields=changed)
        if judged is not None and judged.needs_yes:
            ask(incident, remedy, judged, by=by, now=now, words=asks_words)
        if "assignee" in changed:
            tell_assignee(incident, remedy, by=by, now=now)
        advance(incident, now=now, by=by)
        return remedy


def _name_anew(incident: Incident, remedy: Remedy, amount: Decimal | None, *, by: Staff, now: dt.datetime) -> Judgement:
    """With its new amount it waits for a yes, or is set free if it did. Not yet saved."""
    remedy.estimated_amount, remedy.actual_amount, remedy.proposed_by = amount, None, by
    take_back(incident, remedy, by=by, now=now, only_waiting=False)
    judged = hold_against_limit(remedy, incident, by)
    if judged.needs_yes:
        remedy.state = RemedyState.PROPOSED
        withdraw_reminders(incident, ReminderKind.RECEIPT_MISSING, remedy.pk, now=now)
    elif remedy.state == RemedyState.PROPOSED:
        set_free(remedy, now=now)
    return judged


def offer_remedy(*, remedy_id: int, by: Staff, now: dt.datetime) -> Remedy:
    """Tell the customer of something only proposed so far. Refused while it needs a yes that is not there."""
    with opened(remedy_id) as (incident, remedy):
        if remedy.state != RemedyState.PROPOSED:
            raise Refused(_("This has been offered already."))
        must_be_allowed(remedy, incident, by)
        set_free(remedy, now=now)
        return move(incident, remedy, RemedyState(remedy.state), "remedy_offered", by=by, now=now)


def accept_remedy(*, remedy_id: int, by: Staff, now: dt.datetime) -> Remedy:
    """The customer takes it."""
    with opened(remedy_id) as (incident, remedy):
        _must_be(remedy, RemedyState.OFFERED)
        return move(incident, remedy, RemedyState.ACCEPTED, "remedy_accepted", by=by, now=now)


def start_remedy(*, remedy_id: int, by: Staff, now: dt.datetime) -> Remedy:
    """Somebody is at it."""
    with opened(remedy_id) as (incident, remedy):
        _must_be(remedy, RemedyState.OFFERED, RemedyState.ACCEPTED)
        return move(incident, remedy, RemedyState.IN_PROGRESS, "remedy_started", by=by, now=now)


def _must_be(remedy: Remedy, *states: RemedyState) -> None:
    refuse_proposed(remedy)
    if remedy.state not in states:
        raise Refused(_("It has gone further already: %(state)s.") % {"state": RemedyState(remedy.state).label})


def decline_remedy(*, remedy_id: int, declined_as: str, by: Staff, now: dt.datetime, note: str = "") -> Remedy:
    """The customer does not take it: not enough, or they want nothing, and then the round needs no remedy."""
    if declined_as not in Declined.values:
        raise Refused(_("Say why they did not take it."))
    with opened(remedy_id) as (incident, remedy):
        if remedy.state == RemedyState.PROPOSED and declined_as == Declined.NOT_ENOUGH:
            raise Refused(_("This has not been offered yet."))
        remedy.declined_as = Declined(declined_as)
        if declined_as == Declined.WANTS_NOTHING:
            waive(incident, Waiver.WANTS_NOTHING, note, by=by, now=now)
        return move(incident, remedy, RemedyState.DECLINED, "remedy_declined", by=by, now=now, note=note)


def deliver_remedy(
    *,
    remedy_id: int,
    by: Staff,
    now: dt.datetime,
    delivered_at: dt.datetime | None = None,
    actual_amount: Decimal | None = None,
    minutes: int | None = None,
    paid_on: dt.date | None = None,
) -> Remedy:
    """It has reached the customer; apologies that travelled with it now count.

    With a receipt needed: Refused until the receipt (unless a manager waived it), the amount and the day are
    there. Refused too above the amount that was allowed.
    """
    with opened(remedy_id) as (incident, remedy):
        must_have_happened(delivered_at, now)
        refuse_proposed(remedy)
        name_amount_at_delivery(incident, remedy, actual_amount, by=by, now=now)
        remedy.minutes = minutes if minutes is not None else remedy.minutes
        remedy.paid_on = paid_on or remedy.paid_on
        _check_receipt(remedy)
        remedy.delivered_at = delivered_at or now
        remedy.apologies.filter(made_at__isnull=True).update(made_at=remedy.delivered_at)
        return move(incident, remedy, RemedyState.DELIVERED, "remedy_delivered", by=by, now=now)


def _check_receipt(remedy: Remedy) -> None:
    if not remedy.needs_receipt:
        return
    is_here = remedy.attachments.filter(kind=AttachmentKind.RECEIPT).exists()
    if not is_here and remedy.receipt_waived_at is None:
        raise Refused(_("The receipt is not here yet. Add it, then mark this as paid."))
    if remedy.actual_amount is None or remedy.paid_on is None:
        raise Refused(_("Say how much was paid back, and on which day."))


def end_remedy(*, remedy_id: int, by: Staff, now: dt.datetime, state: str, note: str = "") -> Remedy:
    """It failed, or was withdrawn. A failed one asks for a replacement."""
    if state not in (RemedyState.FAILED, RemedyState.WITHDRAWN):
        raise Refused(_("A remedy can fail or be withdrawn."))
    incident_id = Remedy.objects.values_list("incident_id", flat=True).get(pk=remedy_id)
    with locked(incident_id) as incident:
        remedy = Remedy.objects.select_related("type").get(pk=remedy_id, incident=incident)
        is_failed = remedy.state == RemedyState.FAILED and state == RemedyState.WITHDRAWN
        if not remedy.is_pending and not is_failed:
            raise Refused(_("This is no longer open: someone was faster."))
        remedy.ended_note = note
        return move(incident, remedy, RemedyState(state), f"remedy_{state}", by=by, now=now, note=note)


def waive_receipt(*, remedy_id: int, note: str, by: Staff, now: dt.datetime) -> Remedy:
    """A manager does without the receipt, and says why. Amount and day are still needed."""
    if not by.is_manager:
        raise NotYours(_("A manager does without a receipt."))
    if not note.strip():
        raise Refused(_("Say why, in a few words."))
    with opened(remedy_id) as (incident, remedy):
        if not remedy.needs_receipt or remedy.receipt_waived_at is not None:
            raise Refused(_("Nobody waits for a receipt here."))
        remedy.receipt_waived_at, remedy.receipt_waived_by, remedy.receipt_waived_note = now, by, note.strip()
        is_awaited = remedy.state == RemedyState.AWAITING_RECEIPT
        state = RemedyState.IN_PROGRESS if is_awaited else RemedyState(remedy.state)
        return move(incident, remedy, state, "receipt_waived", by=by, now=now)


def let_go(*, remedy_id: int, by: Staff, now: dt.datetime, note: str = "") -> Remedy:
    """The customer lets it go: no receipt will come, nothing is paid back."""
    with opened(remedy_id) as (incident, remedy):
        if not remedy.needs_receipt:
            raise Refused(_("Nobody waits for a receipt here."))
        return move(incident, remedy, RemedyState.WITHDRAWN, "remedy_let_go", by=by, now=now, note=note)


def waive_remedy(
    *, incident_id: int, waived_as: str, by: Staff, now: dt.datetime, note: str = "", is_told: bool = False
) -> Incident:
    """This round needs no remedy: the customer wants none, or a manager finds none due and has told them why."""
    if waived_as not in Waiver.values:
        raise Refused(_("Say why nothing is due."))
    with locked(incident_id) as incident:
        if waived_as == Waiver.NO_REMEDY_DUE:
            _may_find_none_due(by, note=note, is_told=is_told)
        if incident.current_round().waived_as:
            raise Refused(_("That has been said already."))
        waive(incident, Waiver(waived_as), note, by=by, now=now)
        if waived_as == Waiver.WANTS_NOTHING:
            heard(incident, now=now, by=by, why=waived_as)
        advance(incident, now=now, by=by)
        return incident


def _may_find_none_due(by: Staff, *, note: str, is_told: bool) -> None:
    if not by.is_manager:
        raise NotYours(_("A manager says that nothing is due."))
    if not note.strip():
        raise Refused(_("Say why, in a few words."))
    if not is_told:
        raise Refused(_("Tell the customer first, then say that you did."))
