"""What people do for one incident, step by step: who, when, in which words, for how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from random import Random
from typing import Any

from incidents.demo.generate.grammar import weighted
from incidents.demo.generate.life import Life
from incidents.demo.generate.rows import Given
from incidents.demo.generate.setting import Gift, Person
from incidents.demo.generate.telling import staff_words
from incidents.vocabulary import SPOKEN, Channel, Outcome, RemedyState, Severity

# What is given for what, and how often.
GIFTS: dict[str, dict[str, float]] = {
    "late": {"redo": 4, "personal_delivery": 5, "bill_credit": 4, "put_right": 4, "gift_card": 2, "fee_waived": 2},
    "wrong_item": {"redo": 9, "personal_delivery": 4, "refund": 2, "put_right": 2, "free_item": 1},
    "defective": {"redo": 8, "refund": 5, "put_right": 2, "upgrade": 1, "gift_card": 1, "alternative": 1},
    "price": {"refund": 7, "correct_record": 6, "fee_waived": 3, "bill_credit": 3, "put_right": 1},
    "reservation": {"alternative": 6, "upgrade": 5, "bill_credit": 3, "gesture": 2, "points": 1, "put_right": 2},
    "no_call": {"put_right": 7, "owner_calls": 3, "bill_credit": 1, "gesture": 1},
    "misfiled": {"correct_record": 5, "redo": 4, "personal_delivery": 3, "put_right": 4, "gift_card": 2},
    "routine": {"put_right": 8, "free_item": 2, "gesture": 2},
    "agreement": {"fee_waived": 5, "refund": 3, "reimburse": 4, "bill_credit": 3},
    "in_the_wrong": {"owner_calls": 6, "gesture": 3, "gift_card": 2, "put_right": 2},
    "basics": {"put_right": 6, "free_item": 4, "gesture": 4, "points": 1},
    "room": {"put_right": 9, "upgrade": 5, "bill_credit": 3, "points": 2, "refund": 1, "gesture": 1},
    "waiting": {"free_item": 7, "put_right": 5, "gesture": 2, "points": 1},
    "safety": {"alternative": 5, "put_right": 3, "owner_calls": 2, "reimburse": 2},
    "complaint": {"owner_calls": 6, "correct_record": 3, "refund": 3, "gesture": 1},
    "other": {"put_right": 6, "gesture": 3, "reimburse": 2, "refund": 1, "gift_card": 1},
}  # fmt: skip
# The usual amount, and how far it spreads; what is missing costs time only.
AMOUNTS: dict[str, tuple[float, float]] = {
    "redo": (38, 0.9), "refund": (42, 1.0), "reimburse": (31, 0.8), "bill_credit": (35, 0.8), "gift_card": (25, 0.5),
    "upgrade": (55, 0.6), "free_item": (11, 0.6), "alternative": (170, 0.6), "fee_waived": (28, 0.7),
    "points": (15, 0.5), "gesture": (16, 0.5),
}  # fmt: skip
ROUND = {"gift_card": 5, "points": 5, "bill_credit": 5}
NOTICES_OF_DAYS = 10
EARLIEST_CALL, LATEST_CALL = 9, 19


class Later(Exception):
    """What comes next has not happened yet."""


class Desk:
    """Acts on one life, with its chance. `go()` moves its clock and raises Later beyond the demo's present."""

    def __init__(self, life: Life, gifts: dict[str, Gift], chance: Random, as_of: dt.datetime) -> None:
        self.life = life
        self.gifts = gifts
        self.chance = chance
        self.as_of = as_of

    def words(self, name: str, *, share: float = 1.0) -> str:
        """In the words of the staff; nothing at all in the other cases."""
        if share < 1.0 and self.chance.random() >= share:
            return ""
        slots = self.life.told["slots"]
        kept = {key: slots[key] for key in ("who", "first", "other_first")}
        return staff_words().tell(name, self.chance, kept)

    def go(self, minutes: float) -> None:
        self.go_to(self.life.now + dt.timedelta(seconds=int(minutes * 60)))

    def go_to(self, moment: dt.datetime) -> None:
        moment = max(moment, self.life.now + dt.timedelta(seconds=30)).replace(microsecond=0)
        if moment > self.as_of:
            raise Later
        self.life.now = moment

    def spread(self, middle: float, width: float) -> float:
        """Around `middle`, seldom far above it."""
        return self.chance.lognormvariate(0, width) * middle

    def someone(self) -> Person:
        """Mostly whoever has it."""
        if self.chance.random() < 0.8:
            return self.life.assignee
        return self.life.place.other_than(self.life.assignee, self.chance) or self.life.assignee

    def manager(self) -> Person:
        return self.life.place.manager(self.chance)

    def _daytime(self, moment: dt.datetime) -> dt.datetime:
        hour = moment.astimezone(self.life.place.zone).hour
        if EARLIEST_CALL <= hour < LATEST_CALL:
            return moment
        return moment + dt.timedelta(hours=(EARLIEST_CALL - hour) % 24, minutes=int(self.chance.random() * 90))

    def tell(self, kind: str, people: Iterable[Person], subject: int, occurrence: str) -> None:
        """A line in their inboxes, if it is recent; most have read it since."""
        now = self.life.now
        if now < self.as_of - dt.timedelta(days=NOTICES_OF_DAYS):
            return
        for person in people:
            read: dt.datetime | None = now + dt.timedelta(minutes=5 + int(self.spread(60, 1.0)))
            if read and (
                read > self.as_of or (now > self.as_of - dt.timedelta(hours=8) and self.chance.random() < 0.5)
            ):
                read = None
            self.life.ledger.add("notice", person.pk, self.life.pk, kind, subject, occurrence, now, read, None)

    def apologize(self, *, by: Person | None = None, travels_with: Given | None = None) -> None:
        life, chance = self.life, self.chance
        channel = life.told_by if life.told_by in SPOKEN and chance.random() < 0.8 else Channel.PHONE.value
        if travels_with is not None:
            channel = Channel.NOTE.value
        elif life.told_by not in SPOKEN and chance.random() < 0.6:
            channel = Channel.EMAIL.value
        is_typed = by is None and chance.random() < 0.03
        life.apologize(
            by or self.someone(),
            channel,
            words=self.words("apology", share=0.4),
            to_whom=life.who.name if life.who.pk and chance.random() < 0.25 else "",
            author_name="Colin Reyes, sales" if is_typed else "",
            travels_with=travels_with,
        )

    def choose_gift(self, *, receipt: bool | None = False) -> Gift:
        """A kind of remedy that suits the mistake; with a receipt only when asked for."""
        suits = GIFTS.get(self.life.kind.key, GIFTS["other"])
        known = {k: w for k, w in suits.items() if k in self.gifts and (receipt or not self.gifts[k].needs_receipt)}
        if receipt:
            known = {k: 1.0 for k, gift in self.gifts.items() if gift.needs_receipt} or known
        return self.gifts[weighted(self.chance, known)] if known else next(iter(self.gifts.values()))

    def amounts(self, gift: Gift) -> dict[str, Any]:
        found: dict[str, Any] = {}
        usual = AMOUNTS.get(gift.key)
        if usual is not None and not gift.needs_receipt and self.chance.random() < 0.93:
            scale = 1.6 if self.life.severity <= Severity.MAJOR else 1.0
            amount = min(max(self.spread(usual[0] * scale, usual[1]), usual[0] * 0.3), 1900.0)
            step = ROUND.get(gift.key)
            exact = Decimal(max(step, round(amount / step) * step)) if step else Decimal(f"{amount:.1f}0")
            found["actual" if self.chance.random() < 0.8 else "estimated"] = exact
        if usual is None or self.chance.random() < 0.4:
            found["minutes"] = 5 * max(1, round(self.spread(3, 0.8)))
        return found

    def give(self, gift: Gift, *, is_delivered: bool, replaces: Given | None = None) -> Given:
        name = f"gift.{gift.key}"
        more = self.amounts(gift)
        if self.chance.random() < 0.04:
            more["done_by_name"] = self.chance.choice(("Colin Reyes, sales", "Night porter", "Ottmar the driver"))
        own = f"{name}.{self.life.place.voice}"
        what = self.words(own) if own in staff_words() else self.words(name) if name in staff_words() else ""
        return self.life.give(self.someone(), gift, what, is_delivered=is_delivered, replaces=replaces, **more)

    def put_right(self) -> None:
        """One remedy or two, given at once or delivered later; some fail first."""
        chance = self.chance
        mark = chance.random()
        if mark < 0.05:
            self._after_a_failure()
            return
        if mark < 0.09:
            self._without_receipt()
            return
        if mark < 0.13:
            self._something_better()
            return
        second = self.choose_gift() if chance.random() < 0.22 else None
        first = self.give(self.choose_gift(), is_delivered=second is None and mark < 0.62)
        other = self.give(second, is_delivered=False) if second else None
        for given in (first, other):
            if given is not None and given.state == RemedyState.OFFERED:
                self.go(self.spread(200, 1.2))
                self.life.deliver(given, self.someone())

    def _after_a_failure(self) -> None:
        given = self.give(self.choose_gift(), is_delivered=False)
        self.go(self.spread(240, 0.9))
        self.life.end_gift(given, self.life.assignee, RemedyState.FAILED, self.words("failed"))
        self.go(self.spread(90, 0.9))
        self.give(self.choose_gift(), is_delivered=True, replaces=given)

    def _something_better(self) -> None:
        """The first offer was not enough."""
        given = self.give(self.choose_gift(), is_delivered=False)
        self.go(self.spread(20, 0.9))
        self.life.end_gift(given, self.someone(), RemedyState.DECLINED, self.words("declined"))
        self.go(self.spread(15, 0.9))
        self.give(self.choose_gift(), is_delivered=True, replaces=given)

    def _without_receipt(self) -> None:
        """An expense that is paid back all the same, or they let it go and took something else."""
        given = self.give(self.choose_gift(receipt=True), is_delivered=False)
        if given.state != RemedyState.AWAITING_RECEIPT:
            self.life.deliver(given, self.life.assignee)
            return
        if self.chance.random() < 0.4:
            self._pay_back(given)
            return
        self.go(self.spread(30, 0.8))
        self.give(self.choose_gift(), is_delivered=True)
        self.go(self.spread(4 * 1440, 0.5))
        self.life.end_gift(given, self.manager(), RemedyState.WITHDRAWN, self.words("no_receipt"))

    def _pay_back(self, given: Given) -> None:
        self.go(self.spread(4 * 1440, 0.5))
        self.life.waive_receipt(given, self.manager(), self.words("no_receipt_needed"))
        self.go(self.spread(200, 0.8))
        given.actual = Decimal(f"{min(self.spread(*AMOUNTS['reimburse']), 400.0):.1f}0")
        given.paid_on = self.life.now.astimezone(self.life.place.zone).date()
        self.life.deliver(given, self.someone())

    def call_when_due(self) -> None:
        """Move to when the next call is made: around its time, now and then days late."""
        call = self.life.next_call()
        if call is None:
            raise ValueError("no call is planned")
        late = self.spread(900, 0.9) if self.chance.random() < 0.13 else self.chance.uniform(-90, 150)
        self.go_to(self._daytime(call.due + dt.timedelta(minutes=late)))

    def attempt(self, outcome: Outcome, *, channel: str = Channel.PHONE, **more: Any) -> int:
        share = 0.75 if outcome in SAID else 0.5
        return self.life.attempt(self.someone(), outcome, channel, words=self.words(outcome.value, share=share), **more)

    def reach(self) -> None:
        """Calls until somebody answers: some ring out first."""
        for tries in range(3):
            self.call_when_due()
            if tries == 2 or self.chance.random() > 0.28:
                return
            self.attempt(Outcome(weighted(self.chance, MISSED)), call_back=self._another_day())

    def _another_day(self) -> dt.datetime:
        ahead = dt.timedelta(hours=round(self.chance.uniform(3, 70)))
        return self._daytime(self.life.now + ahead).replace(minute=0, second=0)

    def is_happy(self) -> None:
        """They are reached, and all is well; critical ones are called twice."""
        while self.life.ended is None:
            self.reach()
            outcome = Outcome.DELIGHTED if self.chance.random() < 0.3 else Outcome.SATISFIED
            score = 5 if outcome == Outcome.DELIGHTED or self.chance.random() < 0.25 else 4
            channel = Channel.PHONE.value if self.chance.random() < 0.85 else Channel.IN_PERSON.value
            self.attempt(outcome, channel=channel, score=score if self.chance.random() < 0.55 else None)


SAID = frozenset({Outcome.DELIGHTED, Outcome.SATISFIED, Outcome.NEUTRAL, Outcome.UNHAPPY, Outcome.REMEDY_NOT_RECEIVED})
MISSED: dict[str, float] = {Outcome.NO_ANSWER: 55, Outcome.VOICEMAIL: 30, Outcome.CALL_BACK: 15}
