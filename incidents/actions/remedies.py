"""What we do and give: offered, delivered, ended."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, locked, must_have_happened, saved_before
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.actions.remind import remind_of_receipt, withdraw_reminders
from incidents.actions.rows import save_in_round, who_did_it
from incidents.models import (
    AttachmentKind,
    Incident,
    NoticeKind,
    Remedy,
    RemedyType,
    ReminderKind,
    Staff,
)
from incidents.vocabulary import RemedyState


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
        remedy.assignee, remedy.done_by_name = who_did_it(assignee, done_by_name, by)
        remedy.currency = incident.location.currency
        remedy.estimated_amount, remedy.actual_amount = estimated_amount, actual_amount
        remedy.needs_receipt = type.needs_receipt
        remedy.state = _first_state(type, is_delivered)
        remedy.delivered_at = now if remedy.state == RemedyState.DELIVERED else None
        save_in_round(remedy, incident, by=by, now=now, submit_key=submit_key)
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
