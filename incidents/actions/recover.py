"""Apologies, remedies, promises, notes: what we say, do and give."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, locked, must_have_happened, saved_before
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.actions.remind import remind_of_receipt, schedule, withdraw_reminders
from incidents.models import (
    Apology,
    AttachmentKind,
    Incident,
    Note,
    NoticeKind,
    PromiseMade,
    Remedy,
    RemedyType,
    ReminderKind,
    Staff,
)
from incidents.vocabulary import PENDING_REMEDY, RemedyState


def record_apology(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    channel: str,
    submit_key: UUID,
    author: Staff | None = None,
    author_name: str = "",
    to_whom: str = "",
    words: str = "",
    made_at: dt.datetime | None = None,
    travels_with: Remedy | None = None,
) -> Apology:
    """Record that someone apologized, or that the apology travels with a remedy.

    One that travels counts when that delivery does. Refused for a remedy of another
    incident, or one that is over.
    """
    with locked(incident_id) as incident:
        if existing := saved_before(Apology.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        must_have_happened(made_at, now)
        apology = Apology(to_whom=to_whom, channel=channel, words=words, travels_with=travels_with)
        apology.author, apology.author_name = _who(author, author_name, by)
        apology.made_at = _arrival(incident, travels_with) if travels_with else made_at or now
        _record(apology, incident, by=by, now=now, submit_key=submit_key)
        add_event(incident, "apology_recorded", now=now, by=by, subject_id=apology.pk)
        advance(incident, now=now, by=by)
        return apology


def _who(staff: Staff | None, name: str, by: Staff) -> tuple[Staff | None, str]:
    """Someone of the staff, else someone named, else whoever records it."""
    return (staff or (None if name else by), "" if staff else name)


def _record(new: Apology | Remedy, incident: Incident, *, by: Staff, now: dt.datetime, submit_key: UUID) -> None:
    """Save what is new of this incident's round, once per form."""
    new.incident, new.round = incident, incident.current_round()
    new.created_at, new.created_by, new.submit_key = now, by, submit_key
    new.save()


def _arrival(incident: Incident, remedy: Remedy) -> dt.datetime | None:
    fresh = Remedy.objects.get(pk=remedy.pk)
    if fresh.incident_id != incident.pk:
        raise Refused(_("That delivery belongs to another incident."))
    if fresh.state not in PENDING_REMEDY and fresh.state != RemedyState.DELIVERED:
        raise Refused(_("That delivery did not happen. Choose another way to apologize."))
    return fresh.delivered_at


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
) -> Remedy:
    """Offer a remedy, or record one already given (`is_delivered`).

    One that needs a receipt waits for it, with one reminder after three days.
    """
    with locked(incident_id) as incident:
        if existing := saved_before(Remedy.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        if replaces is not None and replaces.incident_id != incident.pk:
            raise Refused(_("That belongs to another incident."))
        remedy = Remedy(type=type, what=what, minutes=minutes, replaces=replaces, due_at=due_at, offered_at=now)
        remedy.assignee, remedy.done_by_name = _who(assignee, done_by_name, by)
        remedy.currency = incident.location.currency
        remedy.estimated_amount, remedy.actual_amount = estimated_amount, actual_amount
        remedy.needs_receipt = type.needs_receipt
        remedy.state = _first_state(type, is_delivered)
        remedy.delivered_at = now if remedy.state == RemedyState.DELIVERED else None
        _record(remedy, incident, by=by, now=now, submit_key=submit_key)
        add_event(incident, "remedy_added", now=now, by=by, subject_id=remedy.pk, state=remedy.state)
        _follow_through(incident, remedy, by=by, now=now)
        advance(incident, now=now, by=by)
        return remedy


def _first_state(type: RemedyType, is_delivered: bool) -> RemedyState:
    if type.needs_receipt:
        return RemedyState.AWAITING_RECEIPT
    return RemedyState.DELIVERED if is_delivered else RemedyState.OFFERED


def _follow_through(incident: Incident, remedy: Remedy, *, by: Staff, now: dt.datetime) -> None:
    if remedy.state == RemedyState.AWAITING_RECEIPT:
        remind_of_receipt(remedy, now=now)
    if remedy.assignee and remedy.assignee != by and remedy.is_pending:
        notify(
            kind=NoticeKind.STEP_ASSIGNED,
            incident=incident,
            recipients=[remedy.assignee],
            subject_id=remedy.pk,
            occurrence="1",
            now=now,
        )


def _take(incident: Incident, remedy_id: int) -> Remedy:
    """A pending remedy of this incident; Refused when it is already over."""
    remedy = Remedy.objects.select_related("type").get(pk=remedy_id, incident=incident)
    if not remedy.is_pending:
        raise Refused(_("This is no longer open: someone was faster."))
    return remedy


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

    With a receipt needed: Refused until the receipt, the amount and the day are there.
    """
    incident_id = Remedy.objects.values_list("incident_id", flat=True).get(pk=remedy_id)
    with locked(incident_id) as incident:
        remedy = _take(incident, remedy_id)
        must_have_happened(delivered_at, now)
        if actual_amount is not None:
            remedy.actual_amount = actual_amount
        remedy.minutes = minutes if minutes is not None else remedy.minutes
        remedy.paid_on = paid_on or remedy.paid_on
        _check_receipt(remedy)
        remedy.state = RemedyState.DELIVERED
        remedy.delivered_at = delivered_at or now
        remedy.version += 1
        remedy.save()
        remedy.apologies.filter(made_at__isnull=True).update(made_at=remedy.delivered_at)
        withdraw_reminders(incident, ReminderKind.RECEIPT_MISSING, remedy.pk, now=now)
        add_event(incident, "remedy_delivered", now=now, by=by, subject_id=remedy.pk)
        advance(incident, now=now, by=by)
        return remedy


def _check_receipt(remedy: Remedy) -> None:
    if not remedy.needs_receipt:
        return
    if not remedy.attachments.filter(kind=AttachmentKind.RECEIPT).exists():
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
        remedy.state = RemedyState(state)
        remedy.ended_note = note
        remedy.version += 1
        remedy.save(update_fields=["state", "ended_note", "version"])
        withdraw_reminders(incident, ReminderKind.RECEIPT_MISSING, remedy.pk, now=now)
        add_event(incident, f"remedy_{state}", now=now, by=by, subject_id=remedy.pk)
        advance(incident, now=now, by=by)
        return remedy


def make_promise(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    what: str,
    due_at: dt.datetime,
    submit_key: UUID,
    assignee: Staff | None = None,
) -> PromiseMade:
    """Note what we told the customer we would do; reminded when due, closed or not."""
    with locked(incident_id, must_be_open=False) as incident:
        if existing := saved_before(PromiseMade.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        promise = PromiseMade.objects.create(
            incident=incident,
            what=what,
            assignee=assignee or incident.assignee,
            due_at=due_at,
            created_at=now,
            created_by=by,
            submit_key=submit_key,
        )
        schedule(incident=incident, kind=ReminderKind.PROMISE_DUE, subject_id=promise.pk, target_at=due_at, now=now)
        add_event(incident, "promise_made", now=now, by=by, subject_id=promise.pk)
        return promise


def settle_promise(*, promise_id: int, by: Staff, now: dt.datetime, is_kept: bool, note: str = "") -> PromiseMade:
    """The promise was kept, or it was not. Works on closed incidents too."""
    incident_id = PromiseMade.objects.values_list("incident_id", flat=True).get(pk=promise_id)
    with locked(incident_id, must_be_open=False) as incident:
        promise = PromiseMade.objects.get(pk=promise_id)
        if not promise.is_open:
            return promise
        promise.kept_at = now if is_kept else None
        promise.broken_at = None if is_kept else now
        promise.note = note
        promise.save(update_fields=["kept_at", "broken_at", "note"])
        withdraw_reminders(incident, ReminderKind.PROMISE_DUE, promise.pk, now=now)
        kind = "promise_kept" if is_kept else "promise_broken"
        add_event(incident, kind, now=now, by=by, subject_id=promise.pk)
        return promise


def add_note(*, incident_id: int, by: Staff, now: dt.datetime, words: str, submit_key: UUID) -> Note:
    with locked(incident_id, must_be_open=False) as incident:
        if existing := saved_before(Note.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        note = Note.objects.create(incident=incident, words=words, at=now, by=by, submit_key=submit_key)
        add_event(incident, "note_added", now=now, by=by, subject_id=note.pk)
        return note
