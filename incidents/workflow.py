"""The road of a recovery: apologize, remedy, follow up, closed.

Read this page first. It holds no state and touches no database: `RoundFacts` says what
one round has, `unmet()` says in words what a step still lacks, `next_step()` says where
the round stands. Only `incidents.actions` writes what these functions answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise as LazyText
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
# Endings a person can choose today; the others arrive with the call ladder.
CHOSEN_ENDINGS = (
    CloseReason.NO_CONTACT_KNOWN,
    CloseReason.WITHDRAWN,
    CloseReason.VOID,
    CloseReason.DUPLICATE,
)


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
REACHED = frozenset({*VERDICTS, Outcome.REMEDY_NOT_RECEIVED})
# What can be recorded today, and how long until the next try after no contact.
RETRY_AFTER: dict[Outcome, timedelta] = {
    Outcome.NO_ANSWER: timedelta(hours=4),
    Outcome.VOICEMAIL: timedelta(days=1),
}
RECORDABLE = (
    *reversed(VERDICTS),
    Outcome.REMEDY_NOT_RECEIVED,
    Outcome.NO_ANSWER,
    Outcome.VOICEMAIL,
    Outcome.CALL_BACK,
)


def verdict(outcome: Outcome, score: int | None) -> Outcome:
    """The outcome that counts: when outcome and score (1 to 5) disagree, the lower wins."""
    if score is None or outcome not in VERDICTS:
        return outcome
    by_score = VERDICTS[max(0, score - 2)]
    return min(outcome, by_score, key=VERDICTS.index)


class Clock(TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Answer them")
    APOLOGIZE = "apologize", _("Apologize")
    OFFER = "offer", _("Offer something")
    DELIVER = "deliver", _("Deliver it")
    FOLLOW_UP = "follow_up", _("Call back")


@dataclass(frozen=True)
class RemedyFact:
    state: RemedyState
    is_replaced: bool = False

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING_REMEDY or (self.state in FAILED_REMEDY and not self.is_replaced)


@dataclass(frozen=True)
class FollowUpFact:
    """`answered_at` and `outcome` are None while the call is still to be made."""

    answered_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class RoundFacts:
    """All that a gate may ask about one round."""

    entry: Stage = Stage.APOLOGIZE
    apologies_made: int = 0
    apologies_travelling: int = 0
    remedies: tuple[RemedyFact, ...] = ()
    settled_at: datetime | None = None
    follow_ups: tuple[FollowUpFact, ...] = ()

    @property
    def counted_follow_ups(self) -> tuple[FollowUpFact, ...]:
        """Those still open, and those answered after the round was settled."""
        return tuple(
            f
            for f in self.follow_ups
            if f.answered_at is None or (self.settled_at and f.answered_at >= self.settled_at)
        )


@dataclass(frozen=True)
class Gate:
    """Something a step still lacks, in the words the page uses."""

    code: str
    words: LazyText | str


@dataclass(frozen=True)
class Step:
    stage: Stage
    title: LazyText | str
    lacks: Callable[[RoundFacts], tuple[Gate, ...]]


APOLOGY_MISSING = Gate("apology_missing", _("Nobody has apologized to the customer yet."))
APOLOGY_TRAVELS = Gate("apology_travels", _("The apology travels with a delivery that has not arrived yet."))
APOLOGY_ALONE = Gate(
    "apology_alone",
    _("An apology alone is not a recovery. Say what you will do to put it right."),
)
REMEDY_PENDING = Gate("remedy_pending", _("Something promised has not been delivered yet."))
REMEDY_UNREPLACED = Gate("remedy_unreplaced", _("Something failed and nothing has taken its place yet."))
REMEDY_NONE = Gate("remedy_none", _("Nothing has been delivered to the customer yet."))
FOLLOW_UP_EARLY = Gate("follow_up_early", _("The call comes after it has been put right. It is not put right yet."))
FOLLOW_UP_OPEN = Gate("follow_up_open", _("Nobody has asked the customer yet whether it is all right now."))
FOLLOW_UP_UNHAPPY = Gate("follow_up_unhappy", _("The customer was not satisfied when last asked."))


def _lacks_apology(facts: RoundFacts) -> tuple[Gate, ...]:
    if facts.entry != Stage.APOLOGIZE or facts.apologies_made:
        return ()
    return (APOLOGY_TRAVELS if facts.apologies_travelling else APOLOGY_MISSING,)


def _lacks_remedy(facts: RoundFacts) -> tuple[Gate, ...]:
    if not facts.remedies:
        return (APOLOGY_ALONE,)
    if any(r.state in PENDING_REMEDY for r in facts.remedies):
        return (REMEDY_PENDING,)
    if any(r.is_pending for r in facts.remedies):
        return (REMEDY_UNREPLACED,)
    if not any(r.state == RemedyState.DELIVERED for r in facts.remedies):
        return (REMEDY_NONE,)
    return ()


def _lacks_follow_up(facts: RoundFacts) -> tuple[Gate, ...]:
    if facts.settled_at is None:
        return (FOLLOW_UP_EARLY,)
    answers = [(f.answered_at, f.outcome) for f in facts.counted_follow_ups if f.answered_at]
    if not answers or len(answers) < len(facts.counted_follow_ups):
        return (FOLLOW_UP_OPEN,)
    _at, last = max(answers, key=lambda answer: answer[0])
    return () if last in HAPPY else (FOLLOW_UP_UNHAPPY,)


STEPS = (
    Step(Stage.APOLOGIZE, _("Apologize"), _lacks_apology),
    Step(Stage.REMEDY, _("Put it right"), _lacks_remedy),
    Step(Stage.FOLLOW_UP, _("Call back"), _lacks_follow_up),
)
STEP_OF: dict[Stage, Step] = {step.stage: step for step in STEPS}


def unmet(facts: RoundFacts, stage: Stage) -> tuple[Gate, ...]:
    """What the round lacks to pass `stage`; empty when its gate is open."""
    return STEP_OF[stage].lacks(facts)


def missing(facts: RoundFacts) -> tuple[Gate, ...]:
    """Everything between this round and *recovered*, in the order of the road."""
    return tuple(gate for step in STEPS for gate in step.lacks(facts))


def next_step(facts: RoundFacts) -> Stage:
    """The first step the round still lacks, or CLOSED when it lacks nothing."""
    return next((step.stage for step in STEPS if step.lacks(facts)), Stage.CLOSED)
