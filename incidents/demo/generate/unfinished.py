"""Recoveries that still wait, each for something that is due at a moment chosen beforehand."""

from __future__ import annotations

import datetime as dt

from incidents.demo.generate.desk import MISSED, Desk
from incidents.demo.generate.grammar import weighted
from incidents.demo.generate.life import Life
from incidents.demo.generate.recoveries import DAY, HOUR, is_unhappy, recovered, start
from incidents.vocabulary import Clock, Outcome, RoundReason, Severity, Stage

LATE = 0.3
MOST_TRIES = 5  # then somebody answers, who would rather be called another day


def unfinished(desk: Desk, age: float) -> None:
    """Still open now, and due at a moment chosen beforehand: most of it ahead, some of it past."""
    life, chance = desk.life, desk.chance
    if age < 0.4 or life.severity == Severity.CRITICAL:
        recovered(desk)
        return
    if age < 1.5 and chance.random() < 0.25:
        life.note(desk.someone(), desk.words("note"))  # and nobody has said sorry yet
        return
    due = desk.as_of + HOUR * (0.5 + chance.expovariate(1 / 34))
    if chance.random() < LATE:
        due = desk.as_of - HOUR * (chance.uniform(0.3, 14) if chance.random() < 0.85 else chance.expovariate(1 / 50))
    target = _length(life, Clock.DELIVER)
    if age < target / DAY and chance.random() < 0.5:
        start(desk)
        desk.give(desk.choose_gift(receipt=chance.random() < 0.3), is_delivered=False)
        return
    start(desk)
    desk.give(desk.choose_gift(), is_delivered=True)
    mark = chance.random()
    if mark < 0.16:
        _back_to_us(desk)
    elif mark < 0.44:
        _waiting_again(desk, due)
    else:
        _waiting_for_call(desk, due)


def _length(life: Life, clock: Clock) -> dt.timedelta:
    return life.place.clock.targets.of(life.severity, clock).length


def _waiting_again(desk: Desk, due: dt.datetime) -> None:
    """A second try that is due then; where there is no time for one, a call."""
    life, chance = desk.life, desk.chance
    call = life.next_call()
    is_offered = chance.random() < 0.6
    began = due - _length(life, Clock.DELIVER if is_offered else Clock.OFFER)
    if call is None or not call.due - 3 * HOUR < began < desk.as_of:
        _waiting_for_call(desk, due)
        return
    desk.go_to(began)
    is_unhappy(desk, Outcome.UNHAPPY if chance.random() < 0.8 else Outcome.NEUTRAL)
    if is_offered:
        desk.go(chance.uniform(2, 90))
        desk.give(desk.choose_gift(receipt=chance.random() < 0.3), is_delivered=False)


def _back_to_us(desk: Desk) -> None:
    """They came back to us just now, and nobody has said sorry for that yet."""
    call, target = desk.life.next_call(), _length(desk.life, Clock.APOLOGIZE)
    began = desk.as_of - target * desk.chance.uniform(0.1, 1.2)
    if call is None or desk.life.now >= began:
        return
    if began > call.due + 8 * HOUR:
        desk.go_to(began - DAY / 4)
        desk.attempt(Outcome.SATISFIED)
    desk.go_to(began)
    desk.life.try_again(RoundReason.CONTACTED_US, Stage.APOLOGIZE, desk.someone())
    desk.life.advance(desk.life.assignee)


def _waiting_for_call(desk: Desk, due: dt.datetime) -> None:
    """Its next call is due then, after some that rang out."""
    call, chance = desk.life.next_call(), desk.chance
    if call is None or due <= call.due:
        return
    until, tries = min(due, desk.as_of) - 3 * DAY, 0
    while call.due < until:
        tries += 1
        desk.call_when_due()
        again = desk.life.now + DAY * chance.uniform(2, 12)
        if tries < MOST_TRIES:
            desk.attempt(Outcome(weighted(chance, MISSED)), call_back=again)
        else:
            desk.attempt(Outcome.CALL_BACK, call_back=max(again, until))
    for outcome, ahead in ((Outcome.NO_ANSWER, 4 * HOUR), (Outcome.VOICEMAIL, DAY)):
        if call.due - HOUR < due - ahead <= desk.as_of and chance.random() < 0.6:
            desk.go_to(due - ahead)
            desk.attempt(outcome)
            return
    last = min(due - HOUR, desk.as_of)
    if last > max(call.due, desk.life.now):
        start = max(call.due, desk.life.now)
        desk.go_to(start + (last - start) * chance.random())
        desk.attempt(Outcome.CALL_BACK, call_back=max(due, desk.life.now + HOUR / 2))
