"""What a notice says, built when it is shown: events and notices hold codes and ids only."""

from __future__ import annotations

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from incidents.ladder import Urgency
from incidents.models.notice import Notice, NoticeKind, NoticeReason
from incidents.models.staff import Staff


def sentence(notice: Notice, reader: Staff) -> str:
    """One line. Of a restricted incident it names nobody: a mail or a shared screen must not tell."""
    incident = notice.incident
    who = _("a restricted incident") if incident.is_restricted else incident.who
    words = {"who": who, "what": incident.category.label, "when": _when(notice, reader)}
    kind, urgency = NoticeKind(notice.kind), Urgency(notice.urgency)
    if kind == NoticeKind.HANDOVER_OPEN and notice.reason == NoticeReason.YOURS:
        return _handed_to_you(urgency) % words
    if notice.reason == NoticeReason.GIVER and (told := _of_a_handover(kind)):
        return told % words
    return (_at_its_time(kind, urgency) or _plain(kind)) % words


def _handed_to_you(urgency: Urgency) -> str:
    """To the one who has to take it over; the others hear that nobody has."""
    if urgency == Urgency.LATE:
        return _("%(who)s still waits for you to say “I have it”")
    return _("%(who)s was handed to you: say “I have it”")


def _of_a_handover(kind: NoticeKind) -> str | None:
    """To those who had a hand in it, not to the one who has it now."""
    return {
        NoticeKind.HANDED_BACK: _("%(who)s was not taken over: it was given back"),
        NoticeKind.SHIFT_ENDED: _("Nobody took over %(who)s by the end of the shift: somebody else has it now"),
    }.get(kind)


def _at_its_time(kind: NoticeKind, urgency: Urgency) -> str | None:
    """Kinds that have a time of their own: before it, at it, after it."""
    found: dict[NoticeKind, dict[Urgency, str]] = {
        NoticeKind.FOLLOW_UP_DUE: {
            Urgency.SOON: _("Call %(who)s back by %(when)s"),
            Urgency.DUE: _("Call %(who)s back now"),
            Urgency.LATE: _("Call %(who)s back, it was due %(when)s"),
        },
        NoticeKind.PROMISE_DUE: {
            Urgency.SOON: _("Something we promised %(who)s is due %(when)s"),
            Urgency.DUE: _("Something we promised %(who)s is due now"),
            Urgency.LATE: _("Something we promised %(who)s was due %(when)s"),
        },
        NoticeKind.APOLOGY_DUE: {
            Urgency.SOON: _("Apologize to %(who)s by %(when)s"),
            Urgency.DUE: _("Apologize to %(who)s now"),
            Urgency.LATE: _("Nobody has apologized to %(who)s, it was due %(when)s"),
        },
        NoticeKind.HANDOVER_OPEN: {
            Urgency.DUE: _("Nobody has taken over %(who)s yet"),
            Urgency.LATE: _("Still nobody has taken over %(who)s"),
        },
    }
    return found.get(kind, {}).get(urgency)


def _plain(kind: NoticeKind) -> str:
    return {
        NoticeKind.RECEIPT_MISSING: _("The receipt for %(who)s is still missing"),
        NoticeKind.ASSIGNED: _("You look after %(who)s now"),
        NoticeKind.UNHAPPY: _("%(who)s is still unhappy"),
        NoticeKind.CRITICAL: _("Critical: %(who)s, %(what)s"),
        NoticeKind.STEP_ASSIGNED: _("There is a step for you: %(who)s"),
        NoticeKind.APPROVAL_WAITING: _("Nobody has answered yet what may be given to %(who)s"),
        NoticeKind.APPROVAL_ASKED: _("May we give it to %(who)s? You decide"),
        NoticeKind.APPROVAL_DECIDED: _("Your question about %(who)s was answered"),
        NoticeKind.WENT_AHEAD: _("Somebody went ahead for %(who)s: have a look"),
        NoticeKind.HANDED_BACK: _("%(who)s was given back to you"),
        NoticeKind.SHIFT_ENDED: _("Nobody took over %(who)s by the end of the shift: you have it now"),
        NoticeKind.REOPENED_TWICE: _("%(who)s was reopened again"),
    }[kind]


def _when(notice: Notice, reader: Staff) -> str:
    """The time of the thing itself, in the zone of its place, which is named when the reader's is another."""
    if notice.target_at is None:
        return ""
    place = notice.incident.location
    words = formats.date_format(timezone.localtime(notice.target_at, place.zone), "D j M, H:i")
    elsewhere = place.zone_words(reader)
    return f"{words} ({elsewhere})" if elsewhere else words


def why(notice: Notice) -> str:
    """Why this person got it."""
    if notice.kind == NoticeKind.SHIFT_ENDED and notice.reason == NoticeReason.GIVER:
        return _("You get this because you gave it to somebody, or somebody gave it to you.")
    return {
        NoticeReason.YOURS: _("You get this because it is yours to do."),
        NoticeReason.STAND_IN: _("You get this because you stand in for somebody who cannot."),
        NoticeReason.GIVER: _("You get this because you handed it over."),
        NoticeReason.MANAGER: _("You get this because you manage this place."),
        NoticeReason.ADMINISTRATOR: _("You get this because you are an administrator."),
    }[NoticeReason(notice.reason)]


def step_of(notice: Notice) -> str:
    """Where on the incident's page the thing to do is: an element's id, or nothing."""
    if notice.kind == NoticeKind.STEP_ASSIGNED and notice.occurrence.startswith("promise"):
        return "promises"
    return {
        NoticeKind.FOLLOW_UP_DUE: "step-follow_up",
        NoticeKind.PROMISE_DUE: "promises",
        NoticeKind.RECEIPT_MISSING: f"remedy-{notice.subject_id}",
        NoticeKind.STEP_ASSIGNED: f"remedy-{notice.subject_id}",
        NoticeKind.APPROVAL_WAITING: "step-remedy",
        NoticeKind.APPROVAL_ASKED: "step-remedy",
        NoticeKind.APPROVAL_DECIDED: "step-remedy",
        NoticeKind.WENT_AHEAD: "step-remedy",
        NoticeKind.APOLOGY_DUE: "step-apologize",
        NoticeKind.CRITICAL: "step-apologize",
        NoticeKind.UNHAPPY: "step-remedy",
        NoticeKind.REOPENED_TWICE: "timeline",
    }.get(NoticeKind(notice.kind), "")
