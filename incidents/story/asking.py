"""Where a question about money stands, in the words of the remedy's card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.models import ApprovalRequest, Incident, Remedy, Verdict
from incidents.models.allowing import total_among
from incidents.models.deciding import may_go_ahead_at
from incidents.models.money import Standing, approval_of, newest_request
from incidents.story.gather import Rows
from incidents.story.words import about, day_and_time, money
from incidents.vocabulary import RemedyState

ICONS = {
    Standing.APPROVED: "check-circle",
    Standing.DECLINED: "x-circle",
    Standing.WENT_AHEAD: "exclamation-triangle",
    Standing.VOIDED: "slash-circle",
}


@dataclass(frozen=True)
class Asking:
    """`words` say what was asked or answered, `note` what may be done about it now, `quote` what somebody wrote."""

    request: ApprovalRequest
    standing: Standing
    words: str
    note: str = ""
    quote: str = ""
    icon: str = "question-circle"
    may_go_ahead: bool = False
    can_ask_again: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.standing == Standing.WAITING


def asking_of(remedy: Remedy, incident: Incident, rows: Rows, now: dt.datetime) -> Asking | None:
    """None when nobody was ever asked about it."""
    request = newest_request(remedy, rows.approvals)
    if request is None:
        return None
    request.remedy, request.incident = remedy, incident
    standing = approval_of(remedy, rows.approvals)
    is_open = incident.is_open and remedy.state == RemedyState.PROPOSED
    if standing == Standing.WAITING:
        return _waiting(request, incident, rows, now)
    return Asking(
        request,
        standing,
        answer_words(request),
        note=review_words(request),
        quote=request.reason,
        icon=ICONS[standing],
        can_ask_again=is_open and standing in (Standing.DECLINED, Standing.VOIDED),
    )


def _waiting(request: ApprovalRequest, incident: Incident, rows: Rows, now: dt.datetime) -> Asking:
    asked = [rows.name(notice.recipient_id) for notice in rows.asked if notice.subject_id == request.pk]
    when = _at(request.proposed_at, incident, now)
    if asked:
        words = _("Asked %(who)s %(when)s: %(amount)s.")
    else:
        words = _("Asked %(when)s: %(amount)s. Nobody but an administrator can say yes.")
    facts = {"who": named(asked), "when": when, "amount": money(request.amount, request.currency)}
    at = may_go_ahead_at(request, incident)
    may = (at is not None and now >= at) or _is_pre_approved(request, incident, rows)
    if may:
        note = _("You may go ahead now; a manager looks at it afterwards.")
    elif at is not None:
        note = _("You may go ahead in %(time)s.") % {"time": about(_whole_minutes(at - now))}
    else:
        note = _("It can wait for an answer.")
    return Asking(request, Standing.WAITING, words % facts, note=note, quote=request.words, may_go_ahead=may)


def _whole_minutes(length: dt.timedelta) -> dt.timedelta:
    """Rounded up: whoever waits is not told too early."""
    return dt.timedelta(minutes=-(-length // dt.timedelta(minutes=1)))


def _is_pre_approved(request: ApprovalRequest, incident: Incident, rows: Rows) -> bool:
    """As `models.deciding.is_pre_approved()` has it, from rows at hand."""
    usual = (row for row in rows.playbook_remedies if row.type_id == request.remedy.type_id)
    up_to = next((row.pre_approved_up_to for row in usual if row.pre_approved_up_to is not None), None)
    if up_to is None or request.currency != incident.location.currency:
        return False
    typical = {type_.pk: type_.typical_amount for type_ in rows.types}
    same = (r for r in rows.remedies if r.type_id == request.remedy.type_id and r.pk != request.remedy_id)
    spent = total_among(same, typical, request.currency)
    return not spent.is_mixed and spent.amount + request.amount <= up_to


def answer_words(request: ApprovalRequest) -> str:
    """What was answered, by whom and when, by the clock of the place."""
    if request.voided_at is not None:
        return _("The question was taken back: it counts no more.")
    facts = {
        "who": request.decided_by,
        "instead": request.decided_for,
        "when": day_and_time(request.decided_at or request.proposed_at, request.incident.location.zone),
        "amount": money(request.amount, request.currency),
    }
    instead = request.decided_for_id is not None
    if request.verdict == Verdict.WENT_AHEAD:
        words = _("%(who)s went ahead without an answer, %(when)s: %(amount)s.")
    elif request.verdict == Verdict.DECLINED:
        words = _("%(who)s said no for %(instead)s, %(when)s.") if instead else _("%(who)s said no, %(when)s.")
    elif request.is_sole_approver:
        words = _("%(who)s decided alone, there is nobody else, %(when)s: %(amount)s.")
    elif instead:
        words = _("%(who)s said yes for %(instead)s, %(when)s: %(amount)s.")
    else:
        words = _("%(who)s said yes, %(when)s: %(amount)s.")
    return words % facts


def review_words(request: ApprovalRequest) -> str:
    """What a manager found afterwards of going ahead; nothing until one has looked."""
    if request.was_right is None:
        return ""
    words = _("%(who)s found it right.") if request.was_right else _("%(who)s found it not right.")
    said = words % {"who": request.reviewed_by}
    return f"{said} “{request.review_note}”" if request.review_note else said


def _at(moment: dt.datetime, incident: Incident, now: dt.datetime) -> str:
    """ "at 23:04" of today, else with its day; the place's clock."""
    zone = incident.location.zone
    here = moment.astimezone(zone)
    if here.date() == now.astimezone(zone).date():
        return _("at %(time)s") % {"time": formats.date_format(here, "H:i")}
    return _("on %(when)s") % {"when": day_and_time(moment, zone)}


def named(people: list[str]) -> str:
    """ "Mona, Olga and Tom"."""
    if len(people) < 2:
        return "".join(people)
    return _("%(first)s and %(last)s") % {"first": ", ".join(people[:-1]), "last": people[-1]}
