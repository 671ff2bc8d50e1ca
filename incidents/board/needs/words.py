"""What is wrong, in words; and where all of one kind are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.board.needs.danger import Danger
from incidents.ladder import Kind
from incidents.models import Incident, NeedKind
from incidents.vocabulary import Finding, Stage

# The list of recoveries, or another page, as it shows all of one kind.
_WHERE: dict[NeedKind, tuple[str, str]] = {
    NeedKind.CRITICAL: ("incident-list", "severity=critical"),
    NeedKind.APOLOGY_LATE: ("incident-list", "stage=apologize&overdue=1"),
    NeedKind.UNHAPPY: ("incident-list", "unhappy=1"),
    NeedKind.APPROVAL: ("approval-list", ""),
    NeedKind.REOPENED_TWICE: ("incident-list", "round=2"),
    NeedKind.STEP_LATE: ("incident-list", "overdue=1"),
    NeedKind.RESTRICTED: ("incident-list", "restricted=1"),
    NeedKind.NEEDS_ASSIGNEE: ("incident-list", "lacks=person"),
    NeedKind.RECEIPT_STUCK: ("incident-list", "lacks=receipt"),
    NeedKind.UNREACHABLE: ("incident-list", "stage=follow_up"),
    NeedKind.WENT_AHEAD: ("approval-list", "view=review"),
    NeedKind.DEAD_DELIVERY: ("delivery-list", "what=reminders&state=dead"),
}


def all_words(kind: NeedKind) -> str:
    """ "See all of them"; where the list holds others too, what they have in common."""
    wider = {
        NeedKind.REOPENED_TWICE: _("See all that were tried again"),
        NeedKind.STEP_LATE: _("See all that are late"),
        NeedKind.RECEIPT_STUCK: _("See all that lack a receipt"),
        NeedKind.UNREACHABLE: _("See all that wait for a call"),
        NeedKind.DEAD_DELIVERY: _("See all that goes out by itself"),
    }
    return wider.get(kind) or _("See all of them")


def where_all_are(kind: NeedKind) -> str:
    name, query = _WHERE[kind]
    return reverse(name) + (f"?{query}" if query else "")


def says(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    """One sentence: "Nobody has apologized yet." """
    return _SAYS[danger.kind](danger, incident, about, now)


def _critical(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    return _("Next: %(step)s.") % {"step": _step(incident)}


def _step(incident: Incident) -> str:
    return str(Stage(incident.stage).label).lower()


def _apology(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    if incident.finding == Finding.NOT_OURS:
        return _("Nobody has explained it to them yet.")
    return _("Nobody has apologized yet.")


def _unhappy(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    return _("Not happy when we asked. Next: %(step)s.") % {"step": _step(incident)}


def _wants_to_give(danger: Danger, question: Any) -> dict[str, Any]:
    amount = formats.number_format(question.amount, decimal_pos=2, use_l10n=True)
    return {"what": question.remedy, "amount": f"{amount} {question.currency}"}


def _question(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    words = {"who": about.proposed_by, **_wants_to_give(danger, about)}
    return _("%(who)s wants to give: %(what)s, %(amount)s.") % words


def _went_ahead(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    words = {"who": about.decided_by, "why": about.reason, **_wants_to_give(danger, about)}
    return _("%(who)s gave it without an answer: %(what)s, %(amount)s. “%(why)s”") % words


def _reopened(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    words = ngettext("Reopened %(times)d time.", "Reopened %(times)d times.", incident.reopen_count)
    return words % {"times": incident.reopen_count} + " " + _("Next: %(step)s.") % {"step": _step(incident)}


def _late(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    if incident.waiting_until is not None and incident.waiting_until <= now:
        return _("They have not answered us.")
    return {
        Stage.APOLOGIZE: _("Nobody has answered them yet."),
        Stage.REMEDY: _("Not put right yet."),
        Stage.FOLLOW_UP: _("Nobody has called back yet."),
    }.get(Stage(incident.stage), "")


def _restricted(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    return _("Only managers see it. Next: %(step)s.") % {"step": _step(incident)}


def _needs_assignee(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    person = incident.assignee
    if danger.about is not None:
        return _("%(who)s has not said “I have it”.") % {"who": person}
    if not person.is_active:
        return _("%(who)s works here no more.") % {"who": person}
    return _("%(who)s is away.") % {"who": person}


def _receipt(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    return _("No receipt yet: %(what)s.") % {"what": about}


def _unreachable(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    tries = int(danger.said)
    words = ngettext("Called %(tries)d time, a message left.", "Called %(tries)d times, a message left.", tries)
    return words % {"tries": tries}


def _dead(danger: Danger, incident: Incident, about: Any, now: dt.datetime) -> str:
    if danger.occurrence.startswith("mail/"):
        return _("A mail to %(who)s did not get through.") % {"who": danger.said}
    return _("A reminder did not get through: %(what)s.") % {"what": str(Kind(danger.said).label).lower()}


_SAYS = {
    NeedKind.CRITICAL: _critical,
    NeedKind.APOLOGY_LATE: _apology,
    NeedKind.UNHAPPY: _unhappy,
    NeedKind.APPROVAL: _question,
    NeedKind.REOPENED_TWICE: _reopened,
    NeedKind.STEP_LATE: _late,
    NeedKind.RESTRICTED: _restricted,
    NeedKind.NEEDS_ASSIGNEE: _needs_assignee,
    NeedKind.RECEIPT_STUCK: _receipt,
    NeedKind.UNREACHABLE: _unreachable,
    NeedKind.WENT_AHEAD: _went_ahead,
    NeedKind.DEAD_DELIVERY: _dead,
}
