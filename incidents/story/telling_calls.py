"""What calls say in the timeline: planned, moved, tried, and what became of a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Event
from incidents.story.words import asked_words, day_and_time
from incidents.vocabulary import Outcome

Told = tuple[str, str, str, bool]
FACES = {
    Outcome.DELIGHTED: "emoji-laughing",
    Outcome.SATISFIED: "emoji-smile",
    Outcome.NEUTRAL: "emoji-neutral",
    Outcome.UNHAPPY: "emoji-frown",
    Outcome.REMEDY_NOT_RECEIVED: "box-seam",
    Outcome.NEW_PROBLEM: "exclamation-circle",
    Outcome.VOICEMAIL: "voicemail",
    Outcome.NO_ANSWER: "telephone-x",
    Outcome.WRONG_NUMBER: "telephone-x",
    Outcome.DO_NOT_CONTACT: "slash-circle",
    Outcome.IN_WRITING: "envelope-open",
}


def _attempt(teller: Any, event: Event) -> Told:
    attempt = teller.subject("attempts", event)
    outcome = Outcome(attempt.outcome if attempt else event.codes.get("outcome", Outcome.NO_ANSWER))
    face = FACES.get(outcome, "telephone")
    if attempt is None:
        return str(outcome.label), face, "", False
    return asked_words(teller.language, attempt.channel, outcome, attempt.score), face, attempt.words, True


def _planned(teller: Any, event: Event) -> Told:
    call = teller.subject("calls", event)
    words = _("A call back is planned for %(who)s") % {"who": call.assignee} if call else _("A call back is planned")
    return words, "telephone-outbound", "", False


def _moved(teller: Any, event: Event) -> Told:
    call = teller.subject("calls", event)
    if call is None:
        return _("The call back was moved"), "telephone-outbound", "", False
    when = {"when": day_and_time(call.due_at, teller.incident.location.zone)}
    return _("The call back was moved; it is due %(when)s") % when, "telephone-outbound", "", False


def _number_wrong(teller: Any, event: Event) -> Told:
    contact = next((c for c in teller.rows.contacts if c.pk == event.subject_id), None)
    if contact is None:
        return _("A number is not theirs"), "telephone-x", "", False
    return _("Not theirs: %(number)s") % {"number": contact.value}, "telephone-x", "", False


def _no_contact(teller: Any, event: Event) -> Told:
    return _("They want no contact; no call is planned"), "slash-circle", "", False


TOLD_OF_CALLS: dict[str, Callable[[Any, Event], Told]] = {
    "follow_up_planned": _planned,
    "follow_up_moved": _moved,
    "follow_up_attempted": _attempt,
    "number_wrong": _number_wrong,
    "no_contact_noted": _no_contact,
}
