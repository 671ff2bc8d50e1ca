"""The road, written down by hand: what a round has, what is tried, what the answer is.

Nothing here is derived from the code. The words are those a person reads.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.targets import FOLLOW_UPS, TARGETS, Target
from incidents.vocabulary import Clock, Outcome, RemedyState, Severity, Stage
from incidents.workflow import FollowUpFact, RemedyFact, RoundFacts, missing, next_step, unmet, verdict

NO_APOLOGY = "Nobody has apologized to the customer yet."
NO_EXPLANATION = "Nobody has told the customer yet that we are sorry it happened, and how it came about."
ONLY_PUBLIC = "A public reply is not enough. Say it to the customer too."
TRAVELS = "The apology travels with a delivery that has not arrived yet."
ALONE = "An apology alone is not a recovery. Say what you will do to put it right."
PENDING = "Something promised has not been delivered yet."
UNREPLACED = "Something failed and nothing has taken its place yet."
NOTHING = "Nothing has been delivered to the customer yet."
EARLY = "The call comes after it has been put right. It is not put right yet."
ONE_MORE = "They were asked, and one more call is planned: nobody has made it yet."
NOT_ASKED = "Nobody has asked the customer yet whether it is all right now."
NOT_HAPPY = "The customer was not satisfied when last asked."

MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def hours(n: float) -> dt.datetime:
    return MONDAY + dt.timedelta(hours=n)


def has(*states: str) -> tuple[RemedyFact, ...]:
    """Remedies in these states; `failed+` has been replaced."""
    return tuple(RemedyFact(RemedyState(s.rstrip("+")), s.endswith("+")) for s in states)


def asked(*answers: tuple[float, str]) -> tuple[FollowUpFact, ...]:
    return tuple(FollowUpFact(hours(at), Outcome(outcome)) for at, outcome in answers)


STILL_TO_CALL = (FollowUpFact(),)
EMPTY = RoundFacts()
SORRY = RoundFacts(apologies_made=1)
SETTLED: dict[str, Any] = {"apologies_made": 1, "remedies": has("delivered"), "settled_at": MONDAY}

# what the round has | the step that is tried | allowed (None) or the words of the refusal
GATES: list[tuple[str, RoundFacts, Stage, str | None]] = [
    # Apologize
    ("nothing", EMPTY, Stage.APOLOGIZE, NO_APOLOGY),
    ("an apology", SORRY, Stage.APOLOGIZE, None),
    ("two apologies", RoundFacts(apologies_made=2), Stage.APOLOGIZE, None),
    ("an apology on its way", RoundFacts(apologies_travelling=1), Stage.APOLOGIZE, TRAVELS),
    ("one on its way, one made", RoundFacts(apologies_travelling=1, apologies_made=1), Stage.APOLOGIZE, None),
    ("a remedy and no apology", RoundFacts(remedies=has("delivered")), Stage.APOLOGIZE, NO_APOLOGY),
    ("a round that begins at the remedy", RoundFacts(entry=Stage.REMEDY), Stage.APOLOGIZE, None),
    ("a public reply alone", RoundFacts(apologies_public=1), Stage.APOLOGIZE, ONLY_PUBLIC),
    ("a public reply and an apology", RoundFacts(apologies_public=1, apologies_made=1), Stage.APOLOGIZE, None),
    ("public, and a note on its way", RoundFacts(apologies_public=1, apologies_travelling=1), Stage.APOLOGIZE, TRAVELS),
    ("not our fault, nothing said", RoundFacts(is_not_ours=True), Stage.APOLOGIZE, NO_EXPLANATION),
    ("not our fault, explained", RoundFacts(is_not_ours=True, apologies_made=1), Stage.APOLOGIZE, None),
    ("not our fault, a public reply", RoundFacts(is_not_ours=True, apologies_public=1), Stage.APOLOGIZE, ONLY_PUBLIC),
    ("not ours, in a letter", RoundFacts(is_not_ours=True, apologies_travelling=1), Stage.APOLOGIZE, TRAVELS),
    # Put it right
    ("nothing", EMPTY, Stage.REMEDY, ALONE),
    ("an apology alone", SORRY, Stage.REMEDY, ALONE),
    ("a second try without anything new", RoundFacts(entry=Stage.REMEDY), Stage.REMEDY, ALONE),
    ("proposed", RoundFacts(remedies=has("proposed")), Stage.REMEDY, PENDING),
    ("offered", RoundFacts(remedies=has("offered")), Stage.REMEDY, PENDING),
    ("accepted", RoundFacts(remedies=has("accepted")), Stage.REMEDY, PENDING),
    ("under way", RoundFacts(remedies=has("in_progress")), Stage.REMEDY, PENDING),
    ("waiting for the receipt", RoundFacts(remedies=has("awaiting_receipt")), Stage.REMEDY, PENDING),
    ("delivered", RoundFacts(remedies=has("delivered")), Stage.REMEDY, None),
    ("three delivered", RoundFacts(remedies=has("delivered", "delivered", "delivered")), Stage.REMEDY, None),
    ("delivered, one still offered", RoundFacts(remedies=has("delivered", "offered")), Stage.REMEDY, PENDING),
    ("failed", RoundFacts(remedies=has("failed")), Stage.REMEDY, UNREPLACED),
    ("failed, another delivered beside it", RoundFacts(remedies=has("failed", "delivered")), Stage.REMEDY, UNREPLACED),
    ("failed, replaced, delivered", RoundFacts(remedies=has("failed+", "delivered")), Stage.REMEDY, None),
    ("failed, replaced, still offered", RoundFacts(remedies=has("failed+", "offered")), Stage.REMEDY, PENDING),
    ("failed twice, last delivered", RoundFacts(remedies=has("failed+", "failed+", "delivered")), Stage.REMEDY, None),
    ("failed, and the replacement too", RoundFacts(remedies=has("failed+", "failed")), Stage.REMEDY, UNREPLACED),
    ("declined", RoundFacts(remedies=has("declined")), Stage.REMEDY, UNREPLACED),
    ("declined, replaced, delivered", RoundFacts(remedies=has("declined+", "delivered")), Stage.REMEDY, None),
    ("declined and replaced, nothing given", RoundFacts(remedies=has("declined+")), Stage.REMEDY, NOTHING),
    ("withdrawn", RoundFacts(remedies=has("withdrawn")), Stage.REMEDY, NOTHING),
    ("withdrawn, another delivered", RoundFacts(remedies=has("withdrawn", "delivered")), Stage.REMEDY, None),
    ("delivered without an apology", RoundFacts(remedies=has("delivered")), Stage.REMEDY, None),
    # Call back
    ("nothing", EMPTY, Stage.FOLLOW_UP, EARLY),
    ("an apology alone", SORRY, Stage.FOLLOW_UP, EARLY),
    ("settled, no call planned", RoundFacts(**SETTLED), Stage.FOLLOW_UP, NOT_ASKED),
    ("settled, call to make", RoundFacts(**SETTLED, follow_ups=STILL_TO_CALL), Stage.FOLLOW_UP, NOT_ASKED),
    ("satisfied", RoundFacts(**SETTLED, follow_ups=asked((24, "satisfied"))), Stage.FOLLOW_UP, None),
    ("delighted", RoundFacts(**SETTLED, follow_ups=asked((24, "delighted"))), Stage.FOLLOW_UP, None),
    ("so-so", RoundFacts(**SETTLED, follow_ups=asked((24, "neutral"))), Stage.FOLLOW_UP, NOT_HAPPY),
    ("unhappy", RoundFacts(**SETTLED, follow_ups=asked((24, "unhappy"))), Stage.FOLLOW_UP, NOT_HAPPY),
    (
        "has not received it",
        RoundFacts(**SETTLED, follow_ups=asked((24, "remedy_not_received"))),
        Stage.FOLLOW_UP,
        NOT_HAPPY,
    ),
    (
        "satisfied at the very moment it was settled",
        RoundFacts(**SETTLED, follow_ups=asked((0, "satisfied"))),
        Stage.FOLLOW_UP,
        None,
    ),
    (
        "satisfied before it was settled",
        RoundFacts(**SETTLED, follow_ups=asked((-1, "satisfied"))),
        Stage.FOLLOW_UP,
        NOT_ASKED,
    ),
    (
        "satisfied before and after",
        RoundFacts(**SETTLED, follow_ups=asked((-1, "satisfied"), (24, "satisfied"))),
        Stage.FOLLOW_UP,
        None,
    ),
    (
        "first call satisfied, second to make",
        RoundFacts(**SETTLED, follow_ups=(*asked((24, "satisfied")), *STILL_TO_CALL)),
        Stage.FOLLOW_UP,
        ONE_MORE,
    ),
    (
        "both calls satisfied",
        RoundFacts(**SETTLED, follow_ups=asked((24, "satisfied"), (168, "delighted"))),
        Stage.FOLLOW_UP,
        None,
    ),
    (
        "the last outcome counts: unhappy, then satisfied",
        RoundFacts(**SETTLED, follow_ups=asked((24, "unhappy"), (48, "satisfied"))),
        Stage.FOLLOW_UP,
        None,
    ),
    (
        "the last outcome counts, in whatever order the rows come",
        RoundFacts(**SETTLED, follow_ups=asked((48, "unhappy"), (24, "satisfied"))),
        Stage.FOLLOW_UP,
        NOT_HAPPY,
    ),
]


@pytest.mark.parametrize(("story", "facts", "attempt", "answer"), GATES, ids=[f"{g[2].value}: {g[0]}" for g in GATES])
def test_gate(story: str, facts: RoundFacts, attempt: Stage, answer: str | None) -> None:
    said = [str(gate.words) for gate in unmet(facts, attempt)]
    assert said == ([] if answer is None else [answer])


# what the round has | where it stands | everything between here and recovered
ROAD: list[tuple[str, RoundFacts, Stage, list[str]]] = [
    ("just logged", EMPTY, Stage.APOLOGIZE, [NO_APOLOGY, ALONE, EARLY]),
    ("apologized", SORRY, Stage.REMEDY, [ALONE, EARLY]),
    (
        "put right before anybody apologized",
        RoundFacts(remedies=has("delivered"), settled_at=MONDAY),
        Stage.APOLOGIZE,
        [NO_APOLOGY, NOT_ASKED],
    ),
    (
        "the note is in the parcel",
        RoundFacts(apologies_travelling=1, remedies=has("in_progress")),
        Stage.APOLOGIZE,
        [TRAVELS, PENDING, EARLY],
    ),
    ("promised", RoundFacts(apologies_made=1, remedies=has("accepted")), Stage.REMEDY, [PENDING, EARLY]),
    ("put right", RoundFacts(**SETTLED, follow_ups=STILL_TO_CALL), Stage.FOLLOW_UP, [NOT_ASKED]),
    ("asked and satisfied", RoundFacts(**SETTLED, follow_ups=asked((24, "satisfied"))), Stage.CLOSED, []),
    ("asked and unhappy", RoundFacts(**SETTLED, follow_ups=asked((24, "unhappy"))), Stage.FOLLOW_UP, [NOT_HAPPY]),
    ("second try", RoundFacts(entry=Stage.REMEDY), Stage.REMEDY, [ALONE, EARLY]),
    (
        "second try, given",
        RoundFacts(entry=Stage.REMEDY, remedies=has("delivered"), settled_at=MONDAY, follow_ups=STILL_TO_CALL),
        Stage.FOLLOW_UP,
        [NOT_ASKED],
    ),
    (
        "second try, satisfied without another apology",
        RoundFacts(
            entry=Stage.REMEDY,
            remedies=has("delivered"),
            settled_at=MONDAY,
            follow_ups=asked((2, "satisfied")),
        ),
        Stage.CLOSED,
        [],
    ),
    (
        "satisfied on the phone, but nobody ever apologized",
        RoundFacts(remedies=has("delivered"), settled_at=MONDAY, follow_ups=asked((2, "satisfied"))),
        Stage.APOLOGIZE,
        [NO_APOLOGY],
    ),
]


@pytest.mark.parametrize(("story", "facts", "stage", "words"), ROAD, ids=[row[0] for row in ROAD])
def test_where_a_round_stands(story: str, facts: RoundFacts, stage: Stage, words: list[str]) -> None:
    assert next_step(facts) == stage
    assert [str(gate.words) for gate in missing(facts)] == words


# what they said | the score they gave | what counts
VERDICTS = [
    ("delighted", None, "delighted"),
    ("delighted", 5, "delighted"),
    ("delighted", 4, "satisfied"),
    ("delighted", 3, "neutral"),
    ("delighted", 2, "unhappy"),
    ("delighted", 1, "unhappy"),
    ("satisfied", None, "satisfied"),
    ("satisfied", 5, "satisfied"),
    ("satisfied", 4, "satisfied"),
    ("satisfied", 3, "neutral"),
    ("satisfied", 1, "unhappy"),
    ("neutral", None, "neutral"),
    ("neutral", 5, "neutral"),
    ("neutral", 2, "unhappy"),
    ("unhappy", None, "unhappy"),
    ("unhappy", 5, "unhappy"),
    ("remedy_not_received", 5, "remedy_not_received"),
    ("no_answer", 5, "no_answer"),
    ("voicemail", None, "voicemail"),
    ("call_back", 1, "call_back"),
]


@pytest.mark.parametrize(("said", "score", "counts"), VERDICTS)
def test_the_lower_of_words_and_score_wins(said: str, score: int | None, counts: str) -> None:
    assert verdict(Outcome(said), score) == Outcome(counts)


# severity | acknowledge | apologize | offer | deliver, in hours or days; b = business clock
TARGET_TABLE = [
    (Severity.CRITICAL, "0:05", "0:15", "1:00", "same day"),
    (Severity.MAJOR, "0:15b", "1:00b", "4:00b", "24:00"),
    (Severity.MODERATE, "1:00b", "4:00b", "1 day b", "3 days b"),
    (Severity.MINOR, "4:00b", "1 day b", "2 days b", "5 days b"),
]


@pytest.mark.parametrize("row", TARGET_TABLE, ids=[row[0].name for row in TARGET_TABLE])
def test_targets(row: tuple[Severity, str, str, str, str]) -> None:
    severity, *words = row
    clocks = [Clock.ACKNOWLEDGE, Clock.APOLOGIZE, Clock.OFFER, Clock.DELIVER]
    for clock, said in zip(clocks, words, strict=True):
        target = TARGETS[severity][clock]
        if "day" in said:
            number = said.split()[0]
            assert target.days == (0 if number == "same" else int(number))
        else:
            hours, minutes = said.rstrip("b").split(":")
            assert target.minutes == int(hours) * 60 + int(minutes)
        assert target.is_business == said.endswith("b")
        assert target.is_same_day == (said == "same day")


def test_when_the_customer_is_called_back() -> None:
    hours = 60
    assert {
        Severity.CRITICAL: (Target(24 * hours), Target(days=7)),
        Severity.MAJOR: (Target(24 * hours),),
        Severity.MODERATE: (Target(48 * hours),),
        Severity.MINOR: (Target(days=3),),
    } == FOLLOW_UPS
