"""The events of one incident as sentences. Codes and ids are in the event, words in its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.models import Event, Incident, Remedy, WhyReview
from incidents.models.timeline import RESTRICTED_READ
from incidents.story.gather import AT_ONCE, Rows
from incidents.story.telling_calls import TOLD_OF_CALLS
from incidents.story.telling_changes import TOLD_OF_CHANGES
from incidents.story.telling_clocks import TOLD_OF_CLOCKS
from incidents.story.telling_money import TOLD_OF_MONEY
from incidents.story.telling_needs import TOLD_OF_NEEDS
from incidents.story.undone import undone_words
from incidents.story.words import day_and_time, how, money
from incidents.vocabulary import ApologyKind, CloseReason, RemedyState, RoundReason, Source

# What only moves the walk is seen there; the timeline tells what people did.
_SILENT = frozenset({"stage_moved"})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    title: str
    when: dt.datetime
    who: str = ""
    icon: str = "circle"
    text: str = ""
    is_quote: bool = False
    words_when: str = ""


class _Teller:
    """Turns events into entries; every row it speaks of is already at hand."""

    def __init__(self, incident: Incident, rows: Rows) -> None:
        self.incident = incident
        self.rows = rows
        self.language, self.zone = get_language(), incident.location.zone
        self.by_pk: dict[str, dict[int, Any]] = {
            name: {row.pk: row for row in getattr(rows, name)}
            for name in (
                "apologies",
                "remedies",
                "promises",
                "attempts",
                "notes",
                "handovers",
                "calls",
                "attachments",
                "approvals",
                "preventions",
            )
        }
        self.closures = {closure.closed_at: closure for closure in rows.closures}

    def subject(self, table: str, event: Event) -> Any:
        return self.by_pk[table].get(event.subject_id or 0)

    def tell(self, event: Event) -> Entry | None:
        if event.kind in _SILENT or event.codes.get("why") == "undone":
            return None
        teller = _TELLERS.get(event.kind, _other)
        title, icon, text, is_quote = teller(self, event)
        who = self.rows.name(event.by_id) or _("By itself")
        when = day_and_time(event.at, self.zone, self.language)
        return Entry(title, event.at, who, icon, text, is_quote, when)


Told = tuple[str, str, str, bool]


def _plain(title: str, icon: str, text: str = "", *, is_quote: bool = False) -> Told:
    return title, icon, text, is_quote


def _other(teller: _Teller, event: Event) -> Told:
    return _plain(_("Something was changed"), "circle")


def _logged(teller: _Teller, event: Event) -> Told:
    words = {
        Source.CUSTOMER: _("Written down: the customer told us"),
        Source.NOTICED: _("Written down: we noticed it ourselves"),
        Source.ASKED: _("Written down: we asked, and they told us"),
        Source.FORM: _("The customer told us by the public form"),
    }
    source = event.codes.get("source", Source.CUSTOMER)
    return _plain(words.get(source, words[Source.CUSTOMER]), "pencil")


def _for_a_meeting(teller: _Teller, event: Event) -> Told:
    why = event.codes.get("why")
    says_why = why in WhyReview.values and why != WhyReview.ADDED
    return _plain(_("For the next meeting"), "calendar-event", str(WhyReview(why).label) if says_why else "")


def _apology(teller: _Teller, event: Event) -> Told:
    apology = teller.subject("apologies", event)
    if apology is None:
        return _plain(_("An apology was recorded"), "chat-quote")
    if apology.made_at is None:
        title = _("%(who)s wrote an apology; it travels with: %(what)s") % {
            "who": apology.who,
            "what": apology.travels_with,
        }
    else:
        said = _("%(who)s apologized to %(whom)s %(how)s")
        if apology.kind == ApologyKind.EXPLANATION:
            said = _("%(who)s explained it to %(whom)s %(how)s")
        title = said % {
            "who": apology.who,
            "whom": apology.to_whom or teller.incident.who,
            "how": how(apology.channel),
        }
    return _plain(title, "chat-quote", apology.words, is_quote=True)


def _amount(remedy: Remedy) -> str:
    amount = remedy.actual_amount if remedy.actual_amount is not None else remedy.estimated_amount
    return money(amount, remedy.currency) if amount else ""


def _remedy(title: Callable[[], str], icon: str) -> Callable[[_Teller, Event], Told]:
    def told(teller: _Teller, event: Event) -> Told:
        remedy = teller.subject("remedies", event)
        what = _what(remedy) if remedy else _("a remedy")
        is_ended = event.kind in (f"remedy_{RemedyState.FAILED}", f"remedy_{RemedyState.WITHDRAWN}")
        text = remedy.ended_note if remedy and is_ended else ""
        return _plain(title() % {"what": what}, icon, text)

    return told


def _what(remedy: Remedy) -> str:
    named = f"{remedy.type.label}: {remedy.what}" if remedy.what else remedy.type.label
    return f"{named}, {amount}" if (amount := _amount(remedy)) else named


def _remedy_added(teller: _Teller, event: Event) -> Told:
    state = event.codes.get("state")
    if state == RemedyState.DELIVERED:
        return _remedy(lambda: _("Given: %(what)s"), "gift")(teller, event)
    if state == RemedyState.AWAITING_RECEIPT:
        return _remedy(lambda: _("We will pay back: %(what)s"), "receipt")(teller, event)
    if state == RemedyState.PROPOSED:
        return _remedy(lambda: _("Proposed: %(what)s"), "question-circle")(teller, event)
    return _remedy(lambda: _("Offered: %(what)s"), "wrench")(teller, event)


def _promise(words: Callable[[], str], icon: str, *, has_note: bool = False) -> Callable[[_Teller, Event], Told]:
    def told(teller: _Teller, event: Event) -> Told:
        promise = teller.subject("promises", event)
        what = promise.what if promise else _("a promise")
        return _plain(words() % {"what": what}, icon, promise.note if promise and has_note else "")

    return told


def _promise_moved(teller: _Teller, event: Event) -> Told:
    promise = teller.subject("promises", event)
    what = promise.what if promise else _("a promise")
    note = teller.by_pk["notes"].get(event.codes.get("note", 0))
    until = day_and_time(dt.datetime.fromisoformat(event.codes["to"]), teller.incident.location.zone)
    title = _("Agreed anew, until %(when)s: %(what)s") % {"when": until, "what": what}
    return _plain(title, "calendar-event", note.words if note else "")


def _promise_passed(teller: _Teller, event: Event) -> Told:
    promise = teller.subject("promises", event)
    names = {"who": teller.rows.name(event.codes.get("to")), "what": promise.what if promise else _("a promise")}
    return _plain(_("%(who)s keeps it from now on: %(what)s") % names, "flag")


def _note(teller: _Teller, event: Event) -> Told:
    note = teller.subject("notes", event)
    return _plain(_("Note"), "chat-left-text", note.words if note else "")


def _handed_over(teller: _Teller, event: Event) -> Told:
    handover = teller.subject("handovers", event)
    if handover is None:
        return _plain(_("Handed over"), "arrow-right-circle")
    names = {"from": teller.rows.name(handover.from_staff_id), "to": teller.rows.name(handover.to_staff_id)}
    return _plain(_("Handed over from %(from)s to %(to)s") % names, "arrow-right-circle", handover.note)


def _handed_back(teller: _Teller, event: Event) -> Told:
    handover = teller.subject("handovers", event)
    title = _("Given back to %(who)s") % {"who": teller.rows.name(event.codes.get("to"))}
    return _plain(title, "arrow-counterclockwise", handover.return_note if handover else "")


def _lapsed(teller: _Teller, event: Event) -> Told:
    names = {name: teller.rows.name(event.codes.get(code)) for name, code in (("from", "from_"), ("to", "to"))}
    if event.codes.get("from_") == event.codes.get("to"):
        words = _("%(from)s had not said “I have it” by the end of the shift; nobody else can have it")
    else:
        words = _("%(from)s had not said “I have it” by the end of the shift: %(to)s has it now")
    return _plain(words % names, "arrow-right-circle")


def _round(teller: _Teller, event: Event) -> Told:
    reason = event.codes.get("reason", "")
    why = RoundReason(reason).label if reason in RoundReason.values else ""
    return _plain(_("We go back to the customer: %(why)s") % {"why": why}, "arrow-repeat")


def _closed(teller: _Teller, event: Event) -> Told:
    reason = event.codes.get("reason", "")
    label = CloseReason(reason).label if reason in CloseReason.values else reason
    closure = teller.closures.get(event.at)
    note = closure.note if closure and closure.note != "undone" else ""
    return _plain(_("Closed: %(reason)s") % {"reason": label}, "check-circle", note)


def _file(teller: _Teller, event: Event) -> Told:
    file = teller.subject("attachments", event)
    if file is None:
        return _plain(_("A file was added"), "paperclip")
    return _plain(_("%(kind)s added") % {"kind": file.get_kind_display()}, "paperclip", file.original_name)


def _undone(teller: _Teller, event: Event) -> Told:
    return _plain(undone_words(event.codes.get("act", "")), "arrow-counterclockwise")


_TELLERS: dict[str, Callable[[_Teller, Event], Told]] = {
    "logged": _logged,
    "cause_set": lambda teller, event: _plain(_("Why it happened was written down"), "search"),
    "others_hit": lambda teller, event: _plain(_("Others who were hit were written down"), "people"),
    "facts_changed": lambda teller, event: _plain(_("The facts were corrected"), "pencil"),
    "apology_recorded": _apology,
    "remedy_added": _remedy_added,
    "remedy_delivered": _remedy(lambda: _("Delivered: %(what)s"), "check-lg"),
    "remedy_failed": _remedy(lambda: _("Did not work: %(what)s"), "x-circle"),
    "remedy_withdrawn": _remedy(lambda: _("Taken back: %(what)s"), "slash-circle"),
    "remedy_not_received": _remedy(lambda: _("The customer has not received it: %(what)s"), "exclamation-circle"),
    "settled": lambda teller, event: _plain(_("It is put right; now ask the customer"), "hand-thumbs-up"),
    "promise_made": _promise(lambda: _("Promised: %(what)s"), "flag"),
    "promise_kept": _promise(lambda: _("Promise kept: %(what)s"), "check-circle", has_note=True),
    "promise_broken": _promise(lambda: _("Promise broken: %(what)s"), "exclamation-circle", has_note=True),
    "promise_moved": _promise_moved,
    "promise_passed": _promise_passed,
    "note_added": _note,
    "handed_over": _handed_over,
    "handover_returned": _handed_back,
    "handover_lapsed": _lapsed,
    "handover_accepted": lambda teller, event: _plain(_("Taken over"), "hand-thumbs-up"),
    "round_opened": _round,
    "reopened": lambda teller, event: _plain(_("Reopened"), "arrow-counterclockwise"),
    "closed": _closed,
    "undone": _undone,
    "second_failure_noted": lambda teller, event: _plain(_("We made it worse"), "emoji-frown"),
    "second_failure_dropped": lambda teller, event: _plain(
        _("Taken back: we did not make it worse"), "arrow-counterclockwise"
    ),
    "review_asked": _for_a_meeting,
    "review_dropped": lambda teller, event: _plain(_("No longer for the next meeting"), "calendar-event"),
    RESTRICTED_READ: lambda teller, event: _plain(_("Opened, as an administrator who has no part in it"), "eye-slash"),
    "file_added": _file,
    "attachment_added": _file,
    **TOLD_OF_CALLS,
    **TOLD_OF_CHANGES,
    **TOLD_OF_CLOCKS,
    **TOLD_OF_MONEY,
    **TOLD_OF_NEEDS,
}


def timeline(incident: Incident, rows: Rows) -> list[Entry]:
    """Newest first, as many as are shown at once."""
    teller = _Teller(incident, rows)
    told = (teller.tell(event) for event in rows.events[:AT_ONCE])
    return [entry for entry in told if entry is not None]
