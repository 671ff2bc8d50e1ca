"""The closed lists of the field: stages, channels, outcomes, endings, in the words people read.

Codes are stored, labels are shown. Nothing here decides anything; `workflow` does.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """The first step the current round still lacks."""

    APOLOGIZE = "apologize", _("Apologize")
    REMEDY = "remedy", _("Put it right")
    FOLLOW_UP = "follow_up", _("Call back")
    CLOSED = "closed", _("Closed")


class Severity(IntegerChoices):
    """S1 is the worst. Shown in words, never as a code."""

    CRITICAL = 1, _("Critical")
    MAJOR = 2, _("Major")
    MODERATE = 3, _("Moderate")
    MINOR = 4, _("Minor")


class Source(TextChoices):
    CUSTOMER = "customer", _("Customer told us")
    NOTICED = "noticed", _("We noticed")
    ASKED = "asked", _("We asked")
    FORM = "form", _("Public form")


class Channel(TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    NOTE = "note", _("Handwritten note")
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    PUBLIC = "public", _("Public reply")


# Hearing someone face to face or on the phone is the acknowledgement itself.
SPOKEN = frozenset({Channel.IN_PERSON, Channel.PHONE, Channel.VIDEO})


class Finding(TextChoices):
    UNDETERMINED = "undetermined", _("Not determined")
    OURS = "ours", _("Our fault")
    PARTLY = "partly", _("Partly our fault")
    NOT_OURS = "not_ours", _("Not our fault")


class RemedyState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    IN_PROGRESS = "in_progress", _("Under way")
    AWAITING_RECEIPT = "awaiting_receipt", _("Awaiting the receipt")
    DELIVERED = "delivered", _("Delivered")
    DECLINED = "declined", _("Declined")
    FAILED = "failed", _("Failed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PENDING_REMEDY = frozenset(
    {
        RemedyState.PROPOSED,
        RemedyState.OFFERED,
        RemedyState.ACCEPTED,
        RemedyState.IN_PROGRESS,
        RemedyState.AWAITING_RECEIPT,
    }
)
FAILED_REMEDY = frozenset({RemedyState.DECLINED, RemedyState.FAILED})


class Declined(TextChoices):
    """Why the customer did not take what was offered."""

    NOT_ENOUGH = "not_enough", _("Not enough")
    WANTS_NOTHING = "wants_nothing", _("Wants nothing")


class Waiver(TextChoices):
    """Why a round needs no remedy: the customer wants none, or a manager finds none is due."""

    WANTS_NOTHING = "wants_nothing", _("The customer wants nothing")
    NO_REMEDY_DUE = "no_remedy_due", _("No remedy due")


class ApologyKind(TextChoices):
    """What is said when the finding is *not our fault* is regret and an explanation."""

    APOLOGY = "apology", _("An apology")
    EXPLANATION = "explanation", _("Regret and an explanation")


class RoundReason(TextChoices):
    """Why a round began."""

    FIRST = "first", _("First report")
    UNHAPPY = "unhappy", _("The customer was not happy yet")
    CONTACTED_US = "contacted_us", _("The customer came back to us")
    REMEDY_FAILED = "remedy_failed", _("What we gave did not hold")
    SECOND_THOUGHT = "second_thought", _("We thought again")
    NOT_TRUE = "not_true", _("It was closed by mistake")


class CloseReason(TextChoices):
    RECOVERED = "recovered", _("Recovered")
    CONTENT_TO_LEAVE = "content_to_leave", _("Content to leave it")
    UNREACHABLE = "unreachable", _("Could not be reached")
    NO_CONTACT_KNOWN = "no_contact_known", _("No way to reach them")
    NO_CONTACT_WANTED = "no_contact_wanted", _("Wants no contact")
    NO_ANSWER = "no_answer", _("No answer to our message")
    WITHDRAWN = "withdrawn", _("Taken back by the customer")
    UNRESOLVED = "unresolved", _("Not resolved")
    VOID = "void", _("Logged by mistake")
    DUPLICATE = "duplicate", _("Already logged")


# Endings that count as "this never was an incident of its own" and cannot be reopened.
NOT_AN_INCIDENT = frozenset({CloseReason.VOID, CloseReason.DUPLICATE})
# Endings a person gives; *recovered* comes by itself when the last gate opens.
CHOSEN_ENDINGS = tuple(reason for reason in CloseReason if reason != CloseReason.RECOVERED)


class Outcome(TextChoices):
    """How a follow-up contact, or the attempt at one, ended."""

    DELIGHTED = "delighted", _("Delighted")
    SATISFIED = "satisfied", _("Satisfied")
    NEUTRAL = "neutral", _("So-so")
    UNHAPPY = "unhappy", _("Still unhappy")
    REMEDY_NOT_RECEIVED = "remedy_not_received", _("Has not received it")
    NEW_PROBLEM = "new_problem", _("A new problem")
    CALL_BACK = "call_back", _("Call back later")
    NO_ANSWER = "no_answer", _("No answer")
    VOICEMAIL = "voicemail", _("Left a message")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    DO_NOT_CONTACT = "do_not_contact", _("Does not want contact")
    IN_WRITING = "in_writing", _("Answered in writing")


VERDICTS = (Outcome.UNHAPPY, Outcome.NEUTRAL, Outcome.SATISFIED, Outcome.DELIGHTED)
HAPPY = frozenset({Outcome.SATISFIED, Outcome.DELIGHTED})
# What answers a call: we have heard them since it was put right.
REACHED = frozenset({*VERDICTS, Outcome.REMEDY_NOT_RECEIVED, Outcome.IN_WRITING})
# We have spoken with them, whatever they said: what we waited for is answered.
HEARD = REACHED | {Outcome.NEW_PROBLEM, Outcome.DO_NOT_CONTACT}
RECORDABLE = tuple(Outcome)
# Tries without an answer to the question, and how long until the next one unless a catalogue says otherwise.
RETRY_AFTER: dict[Outcome, timedelta] = {
    Outcome.NO_ANSWER: timedelta(hours=4),
    Outcome.VOICEMAIL: timedelta(days=1),
    Outcome.WRONG_NUMBER: timedelta(minutes=30),
    Outcome.NEW_PROBLEM: timedelta(days=1),
}


class Clock(TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Answer them")
    APOLOGIZE = "apologize", _("Apologize")
    OFFER = "offer", _("Offer something")
    DELIVER = "deliver", _("Deliver it")
    FOLLOW_UP = "follow_up", _("Call back")


class Raised(TextChoices):
    """What raised the severity: by one level, once in all, never to critical."""

    FIRST_ORDER = "first_order", _("Their first order")
    KEY_ACCOUNT = "key_account", _("A key account")
    SECOND_FAILURE = "second_failure", _("We made it worse")
    REPEAT = "repeat", _("It happened again within 90 days")
    UNHAPPY = "unhappy", _("Still unhappy when we called")
