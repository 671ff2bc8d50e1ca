"""The question "may I give this?": asked, taken back, and what a yes sets free. The caller holds the lock."""

from __future__ import annotations

import datetime as dt

from django.utils import formats
from django.utils.translation import gettext, gettext_lazy

from incidents.access import Role
from incidents.actions.advance import add_event
from incidents.actions.due import remind_of_receipt, schedule, withdraw_reminders
from incidents.actions.inbox import settle_notices
from incidents.actions.notify import notify
from incidents.models import (
    ApprovalRequest,
    Event,
    Incident,
    NoticeKind,
    NoticeReason,
    Remedy,
    ReminderKind,
    Staff,
    Verdict,
)
from incidents.models.allowing import Judgement
from incidents.models.deciding import deciders_of
from incidents.targets import ANSWER_WITHIN, GO_AHEAD_AFTER
from incidents.vocabulary import RemedyState, Severity


def ask(
    incident: Incident, remedy: Remedy, judged: Judgement, *, by: Staff, now: dt.datetime, words: str = ""
) -> ApprovalRequest:
    """Put the question to everybody who may answer it, at once. The remedy is saved and waits as *proposed*."""
    request = ApprovalRequest.objects.create(
        incident=incident,
        remedy=remedy,
        amount=judged.amount,
        total=judged.total,
        currency=remedy.currency,
        limit=judged.limit,
        proposed_by_id=remedy.proposer_id,
        proposed_at=now,
        words=words.strip(),
    )
    add_event(incident, "approval_asked", now=now, by=by, subject_id=request.pk)
    for found in deciders_of(request, incident, now=now):
        if found.person.pk == by.pk:
            continue
        notify(
            kind=NoticeKind.APPROVAL_ASKED,
            incident=incident,
            recipients=[found.person],
            subject_id=request.pk,
            occurrence="1",
            now=now,
            reason=_reason(found.person, stands_in=found.instead_of is not None),
        )
    within = GO_AHEAD_AFTER.get(Severity(incident.severity), ANSWER_WITHIN)
    kind = ReminderKind.APPROVAL_WAITING
    schedule(incident=incident, kind=kind, subject_id=request.pk, target_at=now + within, now=now)
    return request


def _reason(person: Staff, *, stands_in: bool) -> NoticeReason:
    if stands_in:
        return NoticeReason.STAND_IN
    return NoticeReason.ADMINISTRATOR if person.role == Role.ADMINISTRATOR else NoticeReason.MANAGER


def take_back(incident: Incident, remedy: Remedy, *, by: Staff | None, now: dt.datetime, only_waiting: bool) -> None:
    """The question stands no more: its amount was changed (then a yes goes too), or nothing waits for it."""
    standing = remedy.approvals.filter(voided_at__isnull=True)
    for request in standing.filter(verdict="") if only_waiting else standing:
        request.voided_at = now
        request.save(update_fields=["voided_at"])
        add_event(incident, "approval_voided", now=now, by=by, subject_id=request.pk)
        settle(incident, request, now=now)


def settle(incident: Incident, request: ApprovalRequest, *, now: dt.datetime) -> None:
    """Nobody need answer it any more."""
    withdraw_reminders(incident, ReminderKind.APPROVAL_WAITING, request.pk, now=now)
    settle_notices(incident, [NoticeKind.APPROVAL_ASKED], now=now, subject_id=request.pk)


def standing_request(remedy: Remedy) -> ApprovalRequest | None:
    """The newest question about it that was not taken back. One query."""
    asked = remedy.approvals.filter(voided_at__isnull=True).select_related("decided_by")
    return asked.order_by("-id").first()


def set_free(remedy: Remedy, *, now: dt.datetime) -> None:
    """Not yet saved: nothing holds a proposed remedy back any more. One that needs a receipt begins to wait for it."""
    waits = remedy.needs_receipt and remedy.receipt_waived_at is None
    remedy.state = RemedyState.AWAITING_RECEIPT if waits else RemedyState.OFFERED
    remedy.offered_at = remedy.offered_at or now
    if waits:
        remind_of_receipt(remedy, now=now)


_ANSWERED = {
    "": gettext_lazy("%(who)s took the question back, %(when)s."),
    Verdict.APPROVED: gettext_lazy("%(who)s said yes, %(when)s."),
    Verdict.DECLINED: gettext_lazy("%(who)s said no, %(when)s."),
    Verdict.WENT_AHEAD: gettext_lazy("%(who)s went ahead, %(when)s."),
}


def answered_words(request: ApprovalRequest, incident: Incident) -> str:
    """Who was faster, and when: "Mona Manager said yes, Wed 4 Mar, 16:05."."""
    is_back = request.voided_at is not None
    at = request.voided_at or request.decided_at or request.proposed_at
    who = request.decided_by
    if is_back:
        event = Event.objects.filter(kind="approval_voided", subject_id=request.pk).select_related("by").first()
        who = event.by if event else None
    when = formats.date_format(at.astimezone(incident.location.zone), "D j M, H:i")
    return _ANSWERED["" if is_back else request.verdict] % {"who": who or gettext("Somebody"), "when": when}
