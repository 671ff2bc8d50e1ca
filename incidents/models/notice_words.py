"""What a notice says, built when it is shown: events and notices hold codes and ids only."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incidents.ladder import Urgency
from incidents.models.export_words import export_sentence
from incidents.models.learning_words import learning_sentence, learning_why, time_told
from incidents.models.notice import OF_EXPORTS, PRIVATE, Notice, NoticeKind, NoticeReason
from incidents.models.notice_views import ABOUT_VIEWS, GONE, number_of
from incidents.models.staff import Location, Staff
from incidents.models.subject import Subject

# To the one who has to take it over; the others hear that nobody has.
_HANDED_TO_YOU = {
    Urgency.DUE: gettext_lazy("%(who)s was handed to you: say “I have it”"),
    Urgency.LATE: gettext_lazy("%(who)s still waits for you to say “I have it”"),
}
# To those who had a hand in it, not to the one who has it now.
_TO_THE_GIVER = {
    NoticeKind.HANDED_BACK: gettext_lazy("%(who)s was not taken over: it was given back"),
    NoticeKind.SHIFT_ENDED: gettext_lazy("Nobody took over %(who)s by the end of the shift: somebody else has it now"),
}
# Kinds that have a time of their own: before it, at it, after it.
_AT_ITS_TIME = {
    NoticeKind.FOLLOW_UP_DUE: {
        Urgency.SOON: gettext_lazy("Call %(who)s back by %(when)s"),
        Urgency.DUE: gettext_lazy("Call %(who)s back now"),
        Urgency.LATE: gettext_lazy("Call %(who)s back, it was due %(when)s"),
    },
    NoticeKind.PROMISE_DUE: {
        Urgency.SOON: gettext_lazy("Something we promised %(who)s is due %(when)s"),
        Urgency.DUE: gettext_lazy("Something we promised %(who)s is due now"),
        Urgency.LATE: gettext_lazy("Something we promised %(who)s was due %(when)s"),
    },
    NoticeKind.APOLOGY_DUE: {
        Urgency.SOON: gettext_lazy("Apologize to %(who)s by %(when)s"),
        Urgency.DUE: gettext_lazy("Apologize to %(who)s now"),
        Urgency.LATE: gettext_lazy("Nobody has apologized to %(who)s, it was due %(when)s"),
    },
    NoticeKind.REMEDY_DUE: {
        Urgency.SOON: gettext_lazy("Put it right for %(who)s by %(when)s"),
        Urgency.DUE: gettext_lazy("Put it right for %(who)s now"),
        Urgency.LATE: gettext_lazy("%(who)s still waits for us to put it right, it was due %(when)s"),
    },
    NoticeKind.WAITED_LONG_ENOUGH: {
        Urgency.DUE: gettext_lazy("No answer yet from %(who)s: call them, or decide"),
        Urgency.LATE: gettext_lazy("Still no answer from %(who)s: we waited until %(when)s"),
    },
    NoticeKind.HANDOVER_OPEN: {
        Urgency.DUE: gettext_lazy("Nobody has taken over %(who)s yet"),
        Urgency.LATE: gettext_lazy("Still nobody has taken over %(who)s"),
    },
}
_PLAIN = {
    NoticeKind.RECEIPT_MISSING: gettext_lazy("The receipt for %(who)s is still missing"),
    NoticeKind.ASSIGNED: gettext_lazy("You look after %(who)s now"),
    NoticeKind.UNHAPPY: gettext_lazy("%(who)s is still unhappy"),
    NoticeKind.CRITICAL: gettext_lazy("Critical: %(who)s, %(what)s"),
    NoticeKind.STEP_ASSIGNED: gettext_lazy("There is a step for you: %(who)s"),
    NoticeKind.APPROVAL_WAITING: gettext_lazy("Nobody has answered yet what may be given to %(who)s"),
    NoticeKind.APPROVAL_ASKED: gettext_lazy("May we give it to %(who)s? You decide"),
    NoticeKind.APPROVAL_DECIDED: gettext_lazy("Your question about %(who)s was answered"),
    NoticeKind.WENT_AHEAD: gettext_lazy("Somebody went ahead for %(who)s: have a look"),
    NoticeKind.HANDED_BACK: gettext_lazy("%(who)s was given back to you"),
    NoticeKind.SHIFT_ENDED: gettext_lazy("Nobody took over %(who)s by the end of the shift: you have it now"),
    NoticeKind.REOPENED_TWICE: gettext_lazy("%(who)s was reopened again"),
    NoticeKind.NUDGED: gettext_lazy("You are asked to see to %(who)s now"),
    NoticeKind.CHECK_IN: gettext_lazy("That was a hard one. How are you?"),
    NoticeKind.WANTS_TO_TALK: gettext_lazy("Somebody would like to talk to you"),
    NoticeKind.VIEW_PASSED: gettext_lazy("%(view)s: more than %(number)s now"),
    NoticeKind.VIEW_DIGEST: gettext_lazy("%(view)s: %(number)s on the list of the day"),
    NoticeKind.RISING: gettext_lazy("%(what)s happens more often at %(where)s than it used to"),
    NoticeKind.BASICS: gettext_lazy("Back to basics at %(where)s: the simple things slip more often"),
}
_GONE = gettext_lazy("A shared view that you used has been deleted, or is shared no more")
_WHY = {
    NoticeReason.YOURS: gettext_lazy("You get this because it is yours to do."),
    NoticeReason.STAND_IN: gettext_lazy("You get this because you stand in for somebody who cannot."),
    NoticeReason.GIVER: gettext_lazy("You get this because you handed it over."),
    NoticeReason.MANAGER: gettext_lazy("You get this because you manage this place."),
    NoticeReason.ASKED: gettext_lazy("You get this because you asked to be told of this view."),
    NoticeReason.ADMINISTRATOR: gettext_lazy("You get this because you are an administrator."),
}


def sentence(notice: Notice, reader: Staff) -> str:
    """One line. Of a restricted incident it names nobody: a mail or a shared screen must not tell."""
    incident = notice.incident
    if notice.kind in OF_EXPORTS:
        return export_sentence(notice)
    if incident is None:
        subject = subject_of(notice, reader)
        when = _in_zone(time_told(notice, subject), subject.zone, subject.elsewhere)
        return learning_sentence(notice, subject, when)
    who = _("a restricted incident") if incident.is_restricted else incident.who
    words = {"who": who, "what": incident.category.label, "when": _when(notice, incident.location, reader)}
    words["where"] = incident.location.name
    if notice.kind in ABOUT_VIEWS:
        view = f"“{notice.view_name}”" if notice.view_name else _("A view of yours")
        words |= {"view": view, "number": number_of(notice)}
    return str(_said(notice)) % words


def subject_of(notice: Notice, reader: Staff) -> Subject:
    """Of a notice of learning, once `name_subjects()` has read it."""
    return notice.subject or Subject(reader.zone)


def _said(notice: Notice) -> LazyText:
    kind, urgency = NoticeKind(notice.kind), Urgency(notice.urgency)
    if kind == NoticeKind.HANDOVER_OPEN and notice.reason == NoticeReason.YOURS:
        return _HANDED_TO_YOU.get(urgency, _HANDED_TO_YOU[Urgency.DUE])
    if notice.reason == NoticeReason.GIVER and kind in _TO_THE_GIVER:
        return _TO_THE_GIVER[kind]
    if notice.occurrence == GONE:
        return _GONE
    timed = _AT_ITS_TIME.get(kind)
    return timed.get(urgency, timed[Urgency.DUE]) if timed else _PLAIN[kind]


def _when(notice: Notice, place: Location, reader: Staff) -> str:
    """The time of the thing itself, in the zone of its place, which is named when the reader's is another."""
    return _in_zone(notice.target_at, place.zone, place.zone_words(reader))


def _in_zone(moment: dt.datetime | None, zone: dt.tzinfo, elsewhere: str) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(zone)
    words = _minute(here.replace(second=0, microsecond=0, tzinfo=None), get_language())
    return f"{words} ({elsewhere})" if elsewhere else words


@lru_cache(maxsize=4096)
def _minute(here: dt.datetime, language: str | None) -> str:
    return formats.date_format(here, "D j M, H:i")


def why(notice: Notice) -> str:
    """Why this person got it."""
    if notice.kind == NoticeKind.SHIFT_ENDED and notice.reason == NoticeReason.GIVER:
        return _("You get this because you gave it to somebody, or somebody gave it to you.")
    if notice.kind in PRIVATE:
        return _("Only you see this line.")
    if notice.kind in OF_EXPORTS:
        return _("You get this because you asked for it.")
    return str(learning_why(notice) or _WHY[NoticeReason(notice.reason)])


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
        NoticeKind.REMEDY_DUE: "step-remedy",
        NoticeKind.CRITICAL: "step-apologize",
        NoticeKind.UNHAPPY: "step-remedy",
        NoticeKind.WAITED_LONG_ENOUGH: "waiting",
        NoticeKind.REOPENED_TWICE: "timeline",
    }.get(NoticeKind(notice.kind), "")
