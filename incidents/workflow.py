"""The road of a recovery: apologize, remedy, follow up, closed.

Read this page first. It holds no state and touches no database: `RoundFacts` says what
one round has, `unmet()` says in words what a step still lacks, `next_step()` says where
the round stands. Only `incidents.actions` writes what these functions answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.vocabulary import (
    FAILED_REMEDY,
    HAPPY,
    PENDING_REMEDY,
    VERDICTS,
    Declined,
    Outcome,
    RemedyState,
    Stage,
    Waiver,
)


def verdict(outcome: Outcome, score: int | None) -> Outcome:
    """The outcome that counts: when outcome and score (1 to 5) disagree, the lower wins.

    An answer in writing says no more than its score.
    """
    if score is None or outcome not in (*VERDICTS, Outcome.IN_WRITING):
        return outcome
    by_score = VERDICTS[max(0, score - 2)]
    if outcome == Outcome.IN_WRITING:
        return by_score
    return min(outcome, by_score, key=VERDICTS.index)


@dataclass(frozen=True)
class RemedyFact:
    """`is_alternative`: offered in the place of one that failed or was declined."""

    state: RemedyState
    is_replaced: bool = False
    is_alternative: bool = False
    declined_as: Declined | None = None

    @property
    def is_unreplaced(self) -> bool:
        return self.state in FAILED_REMEDY and not self.is_replaced


@dataclass(frozen=True)
class FollowUpFact:
    """`answered_at` and `outcome` are None while the call is still to be made."""

    answered_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class RoundFacts:
    """All that a gate may ask about one round. `is_not_ours`: it was not our fault, so we explain."""

    entry: Stage = Stage.APOLOGIZE
    apologies_made: int = 0
    apologies_public: int = 0
    apologies_travelling: int = 0
    is_not_ours: bool = False
    remedies: tuple[RemedyFact, ...] = ()
    waived_as: Waiver | None = None
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
EXPLANATION_MISSING = Gate(
    "explanation_missing",
    _("Nobody has told the customer yet that we are sorry it happened, and how it came about."),
)
APOLOGY_TRAVELS = Gate("apology_travels", _("The apology travels with a delivery that has not arrived yet."))
APOLOGY_PUBLIC = Gate("apology_public", _("A public reply is not enough. Say it to the customer too."))
APOLOGY_ALONE = Gate(
    "apology_alone",
    _("An apology alone is not a recovery. Say what you will do to put it right."),
)
REMEDY_PENDING = Gate("remedy_pending", _("Something promised has not been delivered yet."))
REMEDY_UNREPLACED = Gate("remedy_unreplaced", _("Something failed and nothing has taken its place yet."))
REMEDY_NONE = Gate("remedy_none", _("Nothing has been delivered to the customer yet."))
REMEDY_NOT_ENOUGH = Gate(
    "remedy_not_enough",
    _("The customer said it is not enough. Offer something else."),
)
FOLLOW_UP_EARLY = Gate("follow_up_early", _("The call comes after it has been put right. It is not put right yet."))
FOLLOW_UP_OPEN = Gate("follow_up_open", _("Nobody has asked the customer yet whether it is all right now."))
FOLLOW_UP_AGAIN = Gate("follow_up_again", _("They were asked, and one more call is planned: nobody has made it yet."))
FOLLOW_UP_UNHAPPY = Gate("follow_up_unhappy", _("The customer was not satisfied when last asked."))


def _lacks_apology(facts: RoundFacts) -> tuple[Gate, ...]:
    if facts.entry != Stage.APOLOGIZE or facts.apologies_made:
        return ()
    if facts.apologies_travelling:
        return (APOLOGY_TRAVELS,)
    if facts.apologies_public:
        return (APOLOGY_PUBLIC,)
    return (EXPLANATION_MISSING if facts.is_not_ours else APOLOGY_MISSING,)


def _lacks_remedy(facts: RoundFacts) -> tuple[Gate, ...]:
    """Whatever opens it, nothing promised may be on its way."""
    if any(r.state in PENDING_REMEDY for r in facts.remedies):
        return (REMEDY_PENDING,)
    asks_again = facts.entry == Stage.FOLLOW_UP and not facts.remedies
    if facts.waived_as or asks_again or _took_none_of_two(facts.remedies):
        return ()
    unreplaced = [r for r in facts.remedies if r.is_unreplaced]
    if unreplaced:
        was_too_little = any(r.declined_as == Declined.NOT_ENOUGH for r in unreplaced)
        return (REMEDY_NOT_ENOUGH if was_too_little else REMEDY_UNREPLACED,)
    if not any(r.state == RemedyState.DELIVERED for r in facts.remedies):
        return (REMEDY_NONE if facts.remedies else APOLOGY_ALONE,)
    return ()


def _took_none_of_two(remedies: tuple[RemedyFact, ...]) -> bool:
    """All declined as not enough, an alternative among them."""
    refused = remedies and all(r.declined_as == Declined.NOT_ENOUGH for r in remedies)
    return bool(refused) and any(r.is_alternative for r in remedies)


def _lacks_follow_up(facts: RoundFacts) -> tuple[Gate, ...]:
    if facts.settled_at is None:
        return (FOLLOW_UP_EARLY,)
    answers = [(f.answered_at, f.outcome) for f in facts.counted_follow_ups if f.answered_at]
    if len(answers) < len(facts.counted_follow_ups):
        return (FOLLOW_UP_AGAIN if answers else FOLLOW_UP_OPEN,)
    if not answers:
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
