"""What remedies and the questions about their money say in the timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import ApprovalRequest, Event, Verdict
from incidents.story.words import money
from incidents.vocabulary import Declined, Waiver

Told = tuple[str, str, str, bool]


def _remedy(words: Callable[[], str], icon: str, note: str = "") -> Callable[[Any, Event], Told]:
    """`note` names the column whose words stand below."""

    def told(teller: Any, event: Event) -> Told:
        remedy = teller.subject("remedies", event)
        what = str(remedy) if remedy else _("a remedy")
        return words() % {"what": what}, icon, getattr(remedy, note) if remedy and note else "", False

    return told


def _declined(teller: Any, event: Event) -> Told:
    remedy = teller.subject("remedies", event)
    if remedy is None:
        return _("The customer did not take a remedy"), "x-circle", "", False
    title = _("The customer wants nothing: %(what)s")
    if remedy.declined_as == Declined.NOT_ENOUGH:
        title = _("Not enough for the customer: %(what)s")
    return title % {"what": remedy}, "x-circle", remedy.ended_note, False


def _waived(teller: Any, event: Event) -> Told:
    round_ = next((r for r in teller.rows.rounds if r.pk == event.subject_id), None)
    note = round_.waived_note if round_ else ""
    if event.codes.get("waived_as") == Waiver.NO_REMEDY_DUE:
        return _("No remedy is due, and the customer was told why"), "slash-circle", note, False
    return _("The customer wants nothing"), "emoji-smile", note, False


def _asked(teller: Any, event: Event) -> Told:
    request: ApprovalRequest | None = teller.subject("approvals", event)
    if request is None:
        return _("A question about money was asked"), "question-circle", "", False
    title = _("Asked whether %(amount)s may be given") % {"amount": money(request.amount, request.currency)}
    return title, "question-circle", request.words, False


def _decided(teller: Any, event: Event) -> Told:
    request: ApprovalRequest | None = teller.subject("approvals", event)
    said_yes = event.codes.get("verdict") == Verdict.APPROVED
    words = {"amount": money(request.amount, request.currency) if request else _("the amount")}
    if event.codes.get("alone"):
        title = _("Decided alone, there was nobody else to ask: yes to %(amount)s")
        title = title if said_yes else _("Decided alone, there was nobody else to ask: no to %(amount)s")
    elif instead := event.codes.get("instead_of"):
        words["instead"] = teller.rows.name(instead)
        title = _("Yes to %(amount)s, for %(instead)s") if said_yes else _("No to %(amount)s, for %(instead)s")
    else:
        title = _("Yes to %(amount)s") if said_yes else _("No to %(amount)s")
    return title % words, "check-circle" if said_yes else "x-circle", request.reason if request else "", False


def _voided(teller: Any, event: Event) -> Told:
    request: ApprovalRequest | None = teller.subject("approvals", event)
    if request is None or not request.verdict:
        return _("The question about the money was taken back"), "slash-circle", "", False
    amount = money(request.amount, request.currency)
    return _("The answer about %(amount)s counts no more") % {"amount": amount}, "slash-circle", "", False


def _went_ahead(teller: Any, event: Event) -> Told:
    request: ApprovalRequest | None = teller.subject("approvals", event)
    amount = money(request.amount, request.currency) if request else _("the amount")
    title = _("Went ahead without an answer: %(amount)s") % {"amount": amount}
    return title, "exclamation-circle", request.reason if request else "", False


def _reviewed(teller: Any, event: Event) -> Told:
    request: ApprovalRequest | None = teller.subject("approvals", event)
    right = event.codes.get("was_right")
    title = _("It was right to go ahead") if right else _("It was not right to go ahead")
    return title, "clipboard-check", request.review_note if request else "", False


TOLD_OF_MONEY: dict[str, Callable[[Any, Event], Told]] = {
    "remedy_offered": _remedy(lambda: _("Offered: %(what)s"), "wrench"),
    "remedy_accepted": _remedy(lambda: _("The customer takes it: %(what)s"), "hand-thumbs-up"),
    "remedy_started": _remedy(lambda: _("Begun: %(what)s"), "arrow-right-circle"),
    "remedy_declined": _declined,
    "remedy_changed": _remedy(lambda: _("Changed: %(what)s"), "pencil"),
    "receipt_waived": _remedy(lambda: _("No receipt needed: %(what)s"), "receipt", "receipt_waived_note"),
    "remedy_let_go": _remedy(lambda: _("The customer lets it go: %(what)s"), "slash-circle", "ended_note"),
    "remedy_waived": _waived,
    "approval_asked": _asked,
    "approval_decided": _decided,
    "approval_voided": _voided,
    "went_ahead": _went_ahead,
    "go_ahead_reviewed": _reviewed,
}
