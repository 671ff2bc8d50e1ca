"""What notices of learning say: they hang on no incident, and tell no more of one than the words of what we change."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.ladder import Urgency
from incidents.models.notice import Notice, NoticeKind, NoticeReason
from incidents.models.notice_subjects import ABOUT, CHANGE, MEETING, PROCEDURE, STORY, THANKS
from incidents.models.subject import Subject

_AT_ITS_TIME = {
    NoticeKind.PREVENTION_DUE: {
        Urgency.SOON: gettext_lazy("%(what)s is to be done by %(when)s"),
        Urgency.DUE: gettext_lazy("%(what)s was to be done by now"),
        Urgency.LATE: gettext_lazy("%(what)s is late: it was to be done by %(when)s"),
    },
    NoticeKind.PROCEDURE_DUE: {
        Urgency.DUE: gettext_lazy("Is %(what)s still true? Have a look, and say so or change it"),
        Urgency.LATE: gettext_lazy("Nobody has looked yet whether %(what)s is still true"),
    },
}
_PLAIN = {
    NoticeKind.MEETING_SOON: gettext_lazy("Staff meeting at %(where)s: %(when)s"),
    NoticeKind.PREVENTION_YOURS: gettext_lazy("A change for you to make: %(what)s"),
    NoticeKind.PREVENTION_HELD: gettext_lazy("%(what)s was checked: see how it went"),
    NoticeKind.PREVENTION_BACK: gettext_lazy("It came back in spite of what we changed: %(what)s"),
    NoticeKind.CHANGE_ELSEWHERE: gettext_lazy("%(where)s changed something that may help you too: %(what)s"),
    NoticeKind.MINUTES: gettext_lazy("Minutes of the meeting at %(where)s, %(when)s: please read them"),
    NoticeKind.PROCEDURE_NEW: gettext_lazy("Please read %(what)s: it is new, or has changed"),
    NoticeKind.THANKS_ASKED: gettext_lazy("Somebody thanks you for %(what)s. May we name you?"),
    NoticeKind.PRACTICE_OPEN: gettext_lazy("What would you have done? A story to practise on: %(what)s"),
}
# When it is gone, or is not theirs to see any more.
_NO_NAME = {
    CHANGE: gettext_lazy("a change"),
    MEETING: gettext_lazy("a meeting"),
    PROCEDURE: gettext_lazy("a procedure"),
    THANKS: gettext_lazy("what you did"),
    STORY: gettext_lazy("a story"),
}
_WHY = {
    NoticeKind.MEETING_SOON: gettext_lazy("You get this because you are asked to come."),
    NoticeKind.MINUTES: gettext_lazy("You get this because you were asked to come."),
    NoticeKind.PROCEDURE_DUE: gettext_lazy("You get this because you keep it true."),
    NoticeKind.PROCEDURE_NEW: gettext_lazy("You get this because it says how we do things where you work."),
    NoticeKind.CHANGE_ELSEWHERE: gettext_lazy("You get this because you manage another place."),
    NoticeKind.THANKS_ASKED: gettext_lazy("You get this because nobody is named who does not want to be."),
    NoticeKind.PRACTICE_OPEN: gettext_lazy("Everybody gets this. Nobody sees who answers."),
}


def learning_sentence(notice: Notice, subject: Subject, minute: str) -> str:
    """One line. `minute`: the time that it tells of, in words."""
    kind = NoticeKind(notice.kind)
    name = f"“{subject.name}”" if subject.name else str(_NO_NAME[ABOUT[kind]])
    words = {"what": name, "where": subject.place or _("your place"), "when": minute}
    return str(_said(kind, notice.urgency)) % words


def time_told(notice: Notice, subject: Subject) -> dt.datetime | None:
    """Of a meeting when it is, whatever was said when; of the rest what was said."""
    return subject.at if ABOUT[NoticeKind(notice.kind)] == MEETING else notice.target_at


def learning_why(notice: Notice) -> LazyText | None:
    """None where the reason says it all."""
    return _WHY.get(NoticeKind(notice.kind)) if notice.reason == NoticeReason.YOURS else None


def _said(kind: NoticeKind, urgency: str) -> LazyText:
    timed = _AT_ITS_TIME.get(kind)
    return timed.get(Urgency(urgency), timed[Urgency.DUE]) if timed else _PLAIN[kind]
