"""What every step in the life of a remedy has in common. The caller holds the lock, or gets it here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, heard, locked
from incidents.actions.asking import take_back
from incidents.actions.due import withdraw_reminders
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.models import Incident, NoticeKind, Remedy, ReminderKind, Staff
from incidents.vocabulary import RemedyState, Waiver

# They have told us so: we have been answered.
SAID_BY_THEM = frozenset({"remedy_accepted", "remedy_declined", "remedy_let_go"})


@contextmanager
def opened(remedy_id: int) -> Iterator[tuple[Incident, Remedy]]:
    """The incident, locked, and its pending remedy; Refused when that is already over."""
    incident_id = Remedy.objects.values_list("incident_id", flat=True).get(pk=remedy_id)
    with locked(incident_id) as incident:
        remedy = Remedy.objects.select_related("type", "assignee").get(pk=remedy_id)
        remedy.incident = incident
        if not remedy.is_pending:
            raise Refused(_("This is no longer open: someone was faster."))
        yield incident, remedy


def begin(remedy: Remedy, *, needs_yes: bool, is_given: bool, now: dt.datetime) -> None:
    """Its first state, not yet saved. What has to wait for a yes has not been given: its amount is a guess."""
    if needs_yes:
        remedy.state = RemedyState.PROPOSED
        remedy.estimated_amount, remedy.actual_amount = remedy.amount, None
        return
    remedy.offered_at = now
    if remedy.needs_receipt:
        remedy.state = RemedyState.AWAITING_RECEIPT
    else:
        remedy.state = RemedyState.DELIVERED if is_given else RemedyState.OFFERED
    remedy.delivered_at = now if is_given else None


def move(
    incident: Incident, remedy: Remedy, state: RemedyState, event: str, *, by: Staff, now: dt.datetime, note: str = ""
) -> Remedy:
    """Save its new state and tell of it. What is over is no longer asked about; nobody waits for its receipt."""
    before, remedy.state = remedy.state, state
    if not remedy.is_pending:
        remedy.ended_note = note or remedy.ended_note
        take_back(incident, remedy, by=by, now=now, only_waiting=True)
    if state != RemedyState.AWAITING_RECEIPT:
        withdraw_reminders(incident, ReminderKind.RECEIPT_MISSING, remedy.pk, now=now)
    remedy.version += 1
    remedy.save()
    add_event(incident, event, now=now, by=by, subject_id=remedy.pk, before=before)
    if event in SAID_BY_THEM:
        heard(incident, now=now, by=by, why=event)
    advance(incident, now=now, by=by)
    return remedy


def tell_assignee(incident: Incident, remedy: Remedy, *, by: Staff, now: dt.datetime) -> None:
    """Somebody else has something to do."""
    if remedy.assignee and remedy.assignee != by and remedy.is_pending:
        notify(
            kind=NoticeKind.STEP_ASSIGNED,
            incident=incident,
            recipients=[remedy.assignee],
            subject_id=remedy.pk,
            occurrence="1",
            now=now,
        )


def waive(incident: Incident, waived_as: Waiver, note: str, *, by: Staff, now: dt.datetime) -> None:
    """This round needs no remedy. The first word stands."""
    round_ = incident.current_round()
    if round_.waived_as:
        return
    round_.waived_as, round_.waived_at, round_.waived_by, round_.waived_note = waived_as, now, by, note.strip()
    round_.save(update_fields=["waived_as", "waived_at", "waived_by", "waived_note"])
    add_event(incident, "remedy_waived", now=now, by=by, subject_id=round_.pk, waived_as=waived_as.value)
