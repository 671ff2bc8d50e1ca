"""The ways a recovery can go, each from the first sorry to the last word."""

from __future__ import annotations

import datetime as dt

from incidents.demo.generate.desk import Desk
from incidents.demo.generate.grammar import weighted
from incidents.demo.generate.rows import Word
from incidents.vocabulary import SPOKEN, Channel, CloseReason, Outcome, RoundReason, Severity, Stage

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def start(desk: Desk) -> None:
    """Sorry first, mostly within minutes; then what else the desk does."""
    life, chance = desk.life, desk.chance
    if chance.random() < 0.05:
        desk.go(chance.uniform(1440, 4300))  # nobody felt it was theirs
    elif life.told_by in SPOKEN and chance.random() < 0.62:
        desk.go(chance.uniform(1, 9))
    else:
        desk.go(desk.spread(50, 1.1))
    desk.apologize()
    if life.severity == Severity.CRITICAL and chance.random() < 0.7:
        desk.go(chance.uniform(3, 40))
        desk.apologize(by=desk.manager())
    _around(desk)


def _around(desk: Desk) -> None:
    """Notes, handovers, promises: in between."""
    life, chance = desk.life, desk.chance
    if chance.random() < 0.5:
        desk.go(chance.uniform(1, 60))
        life.note(desk.someone(), desk.words("note"))
    if chance.random() < 0.16:
        _hand_over(desk)
    if chance.random() < 0.12:
        due = life.now + DAY * round(desk.spread(4, 0.7)) + HOUR * 2
        life.promise(desk.someone(), desk.words("promise"), due)
    desk.go(desk.spread(25, 1.3))


def _hand_over(desk: Desk) -> None:
    life = desk.life
    to = life.place.other_than(life.assignee, desk.chance)
    if to is None or (life.kind.is_restricted and not to.is_manager):
        return
    desk.go(desk.chance.uniform(2, 240))
    taken = life.now + dt.timedelta(minutes=1 + int(desk.spread(9, 0.9)))
    accepted = None if taken > desk.as_of else taken
    pk = life.hand_over(to, life.assignee, desk.words("handover"), accepted)
    desk.tell("assigned", (to,), life.pk, str(pk))
    desk.go_to(taken)
    life.event("handover_accepted", to, pk)


def _put_right(desk: Desk) -> None:
    """From the first sorry to the moment it is settled."""
    if desk.chance.random() < 0.05 and "personal_delivery" in desk.gifts:
        desk.go(desk.spread(30, 0.8))
        given = desk.give(desk.gifts["personal_delivery"], is_delivered=False)
        desk.apologize(travels_with=given)
        desk.go(desk.spread(150, 0.8))
        desk.life.deliver(given, given.assignee or desk.life.assignee)
        return
    start(desk)
    desk.put_right()
    if desk.chance.random() < 0.3:
        desk.go(desk.chance.uniform(5, 300))
        desk.life.note(desk.someone(), desk.words("note"))


def is_unhappy(desk: Desk, outcome: Outcome = Outcome.UNHAPPY) -> None:
    """The next call goes badly, and the next try begins."""
    score = 1 + int(desk.chance.random() * 2) if outcome == Outcome.UNHAPPY else 3
    pk = desk.attempt(
        outcome, score=score if desk.chance.random() < 0.5 else None, has_apologized=desk.chance.random() < 0.6
    )
    desk.tell("unhappy", desk.life.place.managers, pk, str(len(desk.life.tries)))


def recovered(desk: Desk) -> None:
    _put_right(desk)
    desk.is_happy()


def second_try(desk: Desk) -> None:
    _put_right(desk)
    desk.reach()
    is_unhappy(desk, Outcome.UNHAPPY if desk.chance.random() < 0.7 else Outcome.NEUTRAL)
    desk.go(desk.spread(180, 1.0))
    _around(desk)
    desk.put_right()
    desk.is_happy()


def not_received(desk: Desk) -> None:
    _put_right(desk)
    desk.reach()
    desk.attempt(Outcome.REMEDY_NOT_RECEIVED)
    desk.go(desk.spread(300, 0.8))
    for given in [g for g in desk.life.given if g.delivered is None and not g.note]:
        desk.life.deliver(given, desk.someone())
    desk.is_happy()


def reopened(desk: Desk) -> None:
    recovered(desk)
    _again(desk)
    if desk.chance.random() < 0.15:
        _again(desk)


def _again(desk: Desk) -> None:
    """Closed, and yet not over."""
    desk.go(desk.spread(5 * 1440, 0.9))
    reason = RoundReason(weighted(desk.chance, {"contacted_us": 5, "remedy_failed": 3, "second_thought": 2}))
    is_from_the_start = reason == RoundReason.CONTACTED_US
    desk.life.try_again(reason, Stage.APOLOGIZE if is_from_the_start else Stage.REMEDY, desk.someone())
    desk.life.advance(desk.life.assignee)
    if is_from_the_start:
        start(desk)
    desk.go(desk.spread(120, 1.0))
    desk.put_right()
    desk.is_happy()


def content_to_leave(desk: Desk) -> None:
    _put_right(desk)
    desk.reach()
    is_unhappy(desk, Outcome.NEUTRAL)
    desk.go(desk.spread(900, 0.8))
    _end(desk, CloseReason.CONTENT_TO_LEAVE)


def unresolved(desk: Desk) -> None:
    if desk.chance.random() < 0.25:
        desk.go(desk.spread(2000, 0.6))  # nobody ever said sorry
        desk.life.note(desk.manager(), desk.words("note"))
        _end(desk, CloseReason.UNRESOLVED)
        return
    _put_right(desk)
    desk.reach()
    is_unhappy(desk)
    desk.go(desk.spread(2000, 0.8))
    _end(desk, CloseReason.UNRESOLVED)


def unreachable(desk: Desk) -> None:
    _put_right(desk)
    for outcome, channel in (
        (Outcome.NO_ANSWER, Channel.PHONE),
        (Outcome.VOICEMAIL, Channel.PHONE),
        (Outcome.WRONG_NUMBER if desk.chance.random() < 0.2 else Outcome.NO_ANSWER, Channel.PHONE),
        (Outcome.VOICEMAIL, Channel.EMAIL),
    ):
        desk.call_when_due()
        desk.attempt(outcome, channel=channel)
    desk.go(desk.spread(2 * 1440, 0.4) + 1440)
    _end(desk, CloseReason.UNREACHABLE)


def no_answer(desk: Desk) -> None:
    _put_right(desk)
    desk.call_when_due()
    desk.attempt(Outcome.VOICEMAIL, channel=Channel.EMAIL)
    desk.go(7 * 1440 + desk.chance.uniform(60, 1500))
    _end(desk, CloseReason.NO_ANSWER)


def no_contact_wanted(desk: Desk) -> None:
    _put_right(desk)
    desk.reach()
    desk.attempt(Outcome.DO_NOT_CONTACT)
    desk.go(desk.chance.uniform(2, 30))
    _end(desk, CloseReason.NO_CONTACT_WANTED)


def no_contact_known(desk: Desk) -> None:
    start(desk)
    desk.give(desk.choose_gift(), is_delivered=True)
    desk.go(desk.spread(40, 0.9))
    _end(desk, CloseReason.NO_CONTACT_KNOWN, by_manager=False)


def taken_back(desk: Desk) -> None:
    desk.go(desk.spread(90, 1.0))
    if desk.chance.random() < 0.5:
        desk.apologize()
        desk.go(desk.spread(200, 1.0))
    _end(desk, CloseReason.WITHDRAWN, by_manager=False)


def void(desk: Desk) -> None:
    desk.go(desk.spread(25, 1.0))
    _end(desk, CloseReason.VOID)


def duplicate(desk: Desk) -> None:
    desk.go(desk.spread(70, 1.0))
    _end(desk, CloseReason.DUPLICATE)


def _end(desk: Desk, reason: CloseReason, *, by_manager: bool = True) -> None:
    by = desk.manager() if by_manager else desk.life.assignee
    desk.life.end(by, reason, desk.words(f"{reason.value}.note"))


def afterwards(desk: Desk) -> None:
    """What was promised is kept or broken, whether or not the recovery is closed."""
    for word in sorted(desk.life.words, key=lambda each: each.due):
        _settle(desk, word)


def _settle(desk: Desk, word: Word) -> None:
    is_kept = desk.chance.random() < 0.88
    desk.go_to(
        word.due - HOUR * desk.chance.uniform(1, 20) if is_kept else word.due + HOUR * desk.chance.uniform(5, 50)
    )
    desk.life.settle_promise(
        word, word.assignee, desk.words("kept" if is_kept else "broken", share=0.6), is_kept=is_kept
    )
