"""What the Reminders page says of a clock, a rung, a try and a fault."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.ladder import Audience, Kind, Rung, ladder_of, rung_said
from incidents.models import Reminder
from incidents.models.pulse import Pulse
from incidents.models.values import duration_words
from incidents.vocabulary import Severity

ICONS = {
    Kind.FOLLOW_UP_DUE: "telephone",
    Kind.PROMISE_DUE: "flag",
    Kind.RECEIPT_MISSING: "receipt",
    Kind.APOLOGY_DUE: "chat-quote",
    Kind.HANDOVER_OPEN: "person",
    Kind.SHIFT_ENDED: "person",
    Kind.APPROVAL_WAITING: "question-circle",
    Kind.WAITED_LONG_ENOUGH: "hourglass-split",
    Kind.REMEDY_DUE: "gift",
    Kind.PREVENTION_DUE: "tools",
    Kind.PROCEDURE_DUE: "journal-text",
    Kind.MEETING_SOON: "calendar-event",
}
_FAULTS: dict[str, LazyText] = {
    "timed out": gettext_lazy("The mail server did not answer in time."),
    "unreachable": gettext_lazy("The mail server could not be reached."),
    "sign-in refused": gettext_lazy("The mail server refuses our user name or password."),
    "disconnected": gettext_lazy("The mail server hung up."),
    "not taken": gettext_lazy("The mail server did not take it."),
}
_SMTP = re.compile(r"smtp ([0-9]{3})")


def short_time(length: dt.timedelta) -> str:
    """ "8 seconds", and from a minute on the two largest units."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return duration_words(length)


def beat_words(pulse: Pulse) -> str:
    """When the clock process last ran."""
    if pulse.age is None:
        return _("The clock process has never run.")
    if pulse.age < dt.timedelta(seconds=1):
        return _("The clock process ran just now.")
    return _("The clock process last ran %(time)s ago.") % {"time": short_time(pulse.age)}


def backlog_words(pulse: Pulse, number: int) -> str:
    """How much is due now, and since when."""
    if not number or pulse.oldest_due is None or pulse.oldest_due >= pulse.now:
        return _("Nothing is due now.")
    said = ngettext("%(n)d is due now", "%(n)d are due now", number) % {"n": number}
    late = short_time(pulse.now - pulse.oldest_due)
    return _("%(number)s, the oldest for %(time)s.") % {"number": said, "time": late}


def alarm_words(pulse: Pulse) -> tuple[str, str]:
    """(title, text) of the banner: what is wrong, what is right all the same."""
    if pulse.is_silent:
        return _("Reminders stand still"), " ".join(
            (beat_words(pulse), _("Until it runs again nobody is reminded and no mail leaves. Calls due stays right."))
        )
    late = short_time(pulse.now - (pulse.oldest_due or pulse.now))
    if pulse.is_only_mail:
        text = _("The mail server has taken none for %(time)s. Everybody is reminded in the inbox here as ever.")
        return _("No mail gets through"), text % {"time": late}
    text = _("The oldest has been due for %(time)s. Until they have gone out, look at calls due: it stays right.")
    return _("Reminders are late"), text % {"time": late}


def rung_of(reminder: Reminder) -> Rung:
    """The step of its ladder that it speaks from."""
    is_critical = reminder.incident is not None and reminder.incident.severity == Severity.CRITICAL
    if "/" in reminder.occurrence:
        return rung_said(reminder.occurrence, Kind(reminder.kind), is_critical=is_critical)
    ladder = ladder_of(Kind(reminder.kind), is_critical=is_critical)
    return ladder[min(reminder.rung, len(ladder) - 1)]


def rung_words(rung: Rung) -> str:
    """When on its ladder it rings: "30 minutes before"."""
    if rung.after < dt.timedelta(0):
        return _("%(time)s before") % {"time": duration_words(-rung.after)}
    if rung.after:
        return _("%(time)s after") % {"time": duration_words(rung.after)}
    return _("At the time")


def hearer_words(rung: Rung, person: str) -> str:
    """Who hears it: one person, or more and more people as it climbs."""
    if rung.to == Audience.MANAGERS:
        return _("%(name)s and the managers") % {"name": person}
    if rung.to == Audience.ADMINISTRATORS:
        return _("%(name)s, the managers and the administrators") % {"name": person}
    return person


def tries_words(tries: int) -> str:
    return ngettext("%(n)d try", "%(n)d tries", tries) % {"n": tries} if tries else ""


def fault_words(code: str, *, is_dead: bool = False) -> str:
    """A sentence for what the last try left behind. Codes only: nobody's name or address is in them."""
    if not code:
        return _("The process stopped in the middle of the last try.") if is_dead else ""
    if code in _FAULTS:
        return str(_FAULTS[code])
    if found := _SMTP.fullmatch(code):
        if found[1].startswith("5"):
            return _("The mail server refuses this mail for good (%(code)s).") % {"code": found[1]}
        return _("The mail server asks us to come back later (%(code)s).") % {"code": found[1]}
    return _("Something went wrong on our side (%(code)s).") % {"code": code}
