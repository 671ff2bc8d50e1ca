"""The answer to "may I give this?": yes, no, or going ahead without one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, locked
from incidents.actions.asking import answered_words, ask, set_free, settle
from incidents.actions.inbox import settle_notices
from incidents.actions.notify import administrators_of, managers_of, notify
from incidents.actions.refusals import NotYours, Refused
from incidents.models import (
    ApprovalRequest,
    Incident,
    NoticeKind,
    NoticeReason,
    Remedy,
    Staff,
    Verdict,
)
from incidents.models.allowing import judge, terms_at
from incidents.models.deciding import comes_to, decider, is_pre_approved, may_go_ahead_at
from incidents.vocabulary import RemedyState


def decide(*, request_id: int, is_approved: bool, by: Staff, now: dt.datetime, reason: str = "") -> ApprovalRequest:
    """Say yes or no. A yes sets the remedy free; a no needs a reason.

    NotYours for whoever may not; Refused, with who and when, once it was answered or taken back.
    """
    with _waiting(request_id) as request:
        incident = request.incident
        found = decider(Staff.objects.get(pk=by.pk), request, incident, now=now)
        if found is None:
            raise NotYours(_("Somebody else decides this: whoever asked does not, nor whoever may not give as much."))
        if not is_approved and not reason.strip():
            raise Refused(_("Say why not, in a few words."))
        verdict = Verdict.APPROVED if is_approved else Verdict.DECLINED
        codes: dict[str, Any] = {"verdict": verdict.value} | ({"alone": True} if found.is_sole else {})
        codes |= {"instead_of": found.instead_of.pk} if found.instead_of else {}
        request.decided_for, request.is_sole_approver = found.instead_of, found.is_sole
        _answer(request, verdict, by=by, now=now, reason=reason)
        add_event(incident, "approval_decided", now=now, by=by, subject_id=request.pk, **codes)
        _follow(request, by=by, now=now)
        return request


def go_ahead(*, request_id: int, reason: str, by: Staff, now: dt.datetime) -> ApprovalRequest:
    """Give it without an answer; a manager looks at it afterwards.

    Refused before its time, unless the playbook allows that much of it, and without a reason.
    """
    with _waiting(request_id) as request:
        incident = request.incident
        if not reason.strip():
            raise Refused(_("Say why it cannot wait."))
        _check_time(request, now)
        _answer(request, Verdict.WENT_AHEAD, by=by, now=now, reason=reason)
        add_event(incident, "went_ahead", now=now, by=by, subject_id=request.pk)
        _follow(request, by=by, now=now)
        notify(
            kind=NoticeKind.WENT_AHEAD,
            incident=incident,
            recipients=_who_look(incident, {by.pk, request.proposed_by_id}) or _who_look(incident, {by.pk}),
            subject_id=request.pk,
            occurrence="1",
            now=now,
            reason=NoticeReason.MANAGER,
        )
        return request


def review_go_ahead(
    *, request_id: int, was_right: bool, by: Staff, now: dt.datetime, note: str = ""
) -> ApprovalRequest:
    """A manager says afterwards whether going ahead was right.

    NotYours for whoever went ahead and for whoever had asked, unless alone.
    """
    with locked(_incident_id(request_id), must_be_open=False) as incident:
        request = ApprovalRequest.objects.select_related("decided_by", "reviewed_by").get(pk=request_id)
        if request.verdict != Verdict.WENT_AHEAD:
            raise Refused(_("Nobody went ahead here."))
        is_own = by.pk in (request.decided_by_id, request.proposed_by_id)
        if not by.is_manager or (is_own and _who_look(incident, {by.pk, request.decided_by_id})):
            raise NotYours(_("Another manager looks at this."))
        if not was_right and not note.strip():
            raise Refused(_("Say what should have been done instead."))
        mine = {"reviewed_by": by, "reviewed_at": now, "was_right": was_right, "review_note": note.strip()}
        if not ApprovalRequest.objects.filter(pk=request.pk, reviewed_at__isnull=True).update(**mine):
            raise Refused(_("%(who)s has looked at this already.") % {"who": request.reviewed_by})
        add_event(incident, "go_ahead_reviewed", now=now, by=by, subject_id=request.pk, was_right=was_right)
        settle_notices(incident, [NoticeKind.WENT_AHEAD], now=now, subject_id=request.pk)
        request.refresh_from_db()
        return request


def _who_look(incident: Incident, but: set[int | None]) -> list[Staff]:
    """Managers of the place `but` those; administrators when there are none."""
    managers = [person for person in managers_of(incident) if person.pk not in but]
    return managers or [person for person in administrators_of(incident) if person.pk not in but]


def ask_again(*, remedy_id: int, by: Staff, now: dt.datetime, words: str = "") -> ApprovalRequest:
    """Ask for the same amount once more, after a no or when the question was dropped."""
    incident_id = Remedy.objects.values_list("incident_id", flat=True).get(pk=remedy_id)
    with locked(incident_id) as incident:
        remedy = Remedy.objects.select_related("type", "proposed_by", "created_by").get(pk=remedy_id)
        if remedy.state != RemedyState.PROPOSED:
            raise Refused(_("Nobody need be asked about this any more."))
        if remedy.approvals.waiting().exists():
            raise Refused(_("The question is still open."))
        proposer = remedy.proposed_by or remedy.created_by
        typical = terms_at(remedy.type, incident.location_id).typical_amount
        judged = judge(remedy, incident, by=proposer, typical=typical)
        request = ask(incident, remedy, judged, by=by, now=now, words=words)
        advance(incident, now=now, by=by)
        return request


def _incident_id(request_id: int) -> int:
    return ApprovalRequest.objects.values_list("incident_id", flat=True).get(pk=request_id)


@contextmanager
def _waiting(request_id: int) -> Iterator[ApprovalRequest]:
    """The request with its incident locked; Refused, saying who and when, once it is answered or taken back."""
    with locked(_incident_id(request_id)) as incident:
        rows = ApprovalRequest.objects.select_related("remedy__type", "proposed_by", "decided_by")
        request = rows.get(pk=request_id)
        request.incident = request.remedy.incident = incident
        if not request.is_waiting:
            raise Refused(answered_words(request, incident))
        yield request


def _answer(request: ApprovalRequest, verdict: Verdict, *, by: Staff, now: dt.datetime, reason: str) -> None:
    """Write the answer down, if there is none yet, with what the incident comes to now."""
    fields = {
        "total": comes_to(request, request.incident).amount,
        "verdict": verdict,
        "decided_by": by,
        "decided_at": now,
        "decided_for": request.decided_for,
        "is_sole_approver": request.is_sole_approver,
        "reason": reason.strip(),
    }
    unanswered = ApprovalRequest.objects.filter(pk=request.pk).waiting()
    if not unanswered.update(**fields):
        request.refresh_from_db()
        raise Refused(answered_words(request, request.incident))
    for name, value in fields.items():
        setattr(request, name, value)


def _follow(request: ApprovalRequest, *, by: Staff, now: dt.datetime) -> None:
    """What an answer sets off: the remedy set free by a yes, the notices, the walk."""
    incident, remedy = request.incident, request.remedy
    if request.allows:
        set_free(remedy, now=now)
    remedy.version += 1
    remedy.save(update_fields=["state", "offered_at", "version"])
    settle(incident, request, now=now)
    if request.proposed_by_id != by.pk:
        notify(
            kind=NoticeKind.APPROVAL_DECIDED,
            incident=incident,
            recipients=[request.proposed_by],
            subject_id=request.pk,
            occurrence="1",
            now=now,
        )
    advance(incident, now=now, by=by)


def _check_time(request: ApprovalRequest, now: dt.datetime) -> None:
    at = may_go_ahead_at(request, request.incident)
    if (at is not None and now >= at) or is_pre_approved(request, request.incident):
        return
    if at is None:
        raise Refused(_("This can wait for an answer."))
    when = formats.date_format(at.astimezone(request.incident.location.zone), "H:i")
    raise Refused(_("Wait for an answer until %(when)s; then you may go ahead.") % {"when": when})
