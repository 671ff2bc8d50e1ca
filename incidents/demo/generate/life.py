"""One incident lived through in memory: the same steps that `incidents.actions` takes, without a database.

After each step `workflow` says where the round stands, as it does for the actions, so what comes out is what they would
have written; tests/test_demo_generate.py holds the two together. `writing.finish()` puts the rows into the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from incidents.demo.generate.ledger import Ledger
from incidents.demo.generate.rows import Call, Given, Sorry, Try, Who, Word, facts_of
from incidents.demo.generate.setting import Gift, Kind, Person, Place
from incidents.vocabulary import (
    HAPPY,
    PENDING_REMEDY,
    REACHED,
    RETRY_AFTER,
    CloseReason,
    Declined,
    Outcome,
    RemedyState,
    RoundReason,
    Severity,
    Source,
    Stage,
)
from incidents.workflow import RoundFacts, next_step, unmet, verdict


@dataclass(slots=True)
class Life:
    """The story so far. `now` is its present; what can still change waits for `writing.finish()`."""

    ledger: Ledger
    key: int
    place: Place
    kind: Kind
    severity: Severity
    who: Who
    logger: Person
    assignee: Person
    source: Source
    told_by: str
    reported: dt.datetime
    now: dt.datetime
    told: dict[str, Any] = field(default_factory=dict)
    pk: int = field(init=False)
    created: dt.datetime = field(init=False)
    step: Stage = Stage.APOLOGIZE
    tries: list[Try] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    sorries: list[Sorry] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    ended: dt.datetime | None = None
    reason: str = ""
    twin: int | None = None
    reopened: int = 0
    finding: str = "undetermined"
    version: int = 0
    untaken: tuple[int, dt.datetime] | None = None
    _keys: int = 0

    def __post_init__(self) -> None:
        self.pk = self.ledger.new_id("incident")
        self.created = self.now
        self._open_try(RoundReason.FIRST, Stage.APOLOGIZE, self.logger, at=self.reported)
        self.event("logged", self.logger, codes=f'{{"source": "{self.source}"}}')
        self.advance(self.logger)

    @property
    def round(self) -> Try:
        return self.tries[-1]

    def new_key(self) -> str:
        self._keys += 1
        return f"{self.key | self._keys:032x}"

    def event(self, kind: str, by: Person | None, subject: int | None = None, codes: str = "{}") -> None:
        pk = by.pk if by else None
        self.ledger.add("event", self.pk, kind, self.now, pk, len(self.tries) or 1, subject, codes)

    # What the actions do

    def facts(self) -> RoundFacts:
        return facts_of(self.round, self.given, self.sorries, self.calls)

    def advance(self, by: Person) -> None:
        here, facts = self.round, self.facts()
        is_right = not unmet(facts, Stage.REMEDY)
        if is_right and here.settled is None:
            given = [g.delivered for g in self.given if g.round is here and g.delivered]
            here.settled = max(given, default=self.now)
            self.event("settled", by)
            self._plan_calls(by)
            facts = self.facts()
        elif not is_right and here.settled is not None:
            here.settled = None
            facts = self.facts()
        self.version += 1
        step = next_step(facts)
        if step == Stage.CLOSED:
            self.end(by, CloseReason.RECOVERED)
        elif step != self.step:
            self.event("stage_moved", by, codes=f'{{"from_": "{self.step}", "to": "{step}"}}')
            self.step = step

    def _plan_calls(self, by: Person) -> None:
        here = self.round
        settled = here.settled or self.now
        planned = sorted((c for c in self.calls if c.round is here and c.is_planned), key=lambda c: c.due)
        clock = self.place.clock
        targets = clock.targets.follow_ups(self.severity)
        for position, target in enumerate(targets, 1):
            due = clock.calendar.due(settled, target)
            if planned and (position == len(targets) or planned[0].due <= due):
                planned.pop(0)
                continue
            call = Call(self.ledger.new_id("followup"), here, self.assignee, due, self.now)
            self.calls.append(call)
            self.event("follow_up_planned", by, call.pk)

    def apologize(
        self,
        by: Person,
        channel: str,
        *,
        words: str = "",
        to_whom: str = "",
        author_name: str = "",
        travels_with: Given | None = None,
    ) -> None:
        made = self.now if travels_with is None else travels_with.delivered
        author = None if author_name else by
        pk = self.ledger.new_id("apology")
        self.sorries.append(
            Sorry(pk, self.round, author, author_name, to_whom, channel, words, made, self.now, by, travels_with)
        )
        self.event("apology_recorded", by, pk)
        self.advance(by)

    def give(self, by: Person, gift: Gift, what: str, *, is_delivered: bool = False, **more: Any) -> Given:
        state = RemedyState.DELIVERED if is_delivered else RemedyState.OFFERED
        if gift.needs_receipt:
            state = RemedyState.AWAITING_RECEIPT
        pk, assignee = self.ledger.new_id("remedy"), None if more.get("done_by_name") else by
        given = Given(pk, self.round, gift, what, state, assignee, by, self.now, **more)
        given.delivered = self.now if state == RemedyState.DELIVERED else None
        self.given.append(given)
        self.event("remedy_added", by, given.pk, f'{{"state": "{state}"}}')
        self.advance(by)
        return given

    def deliver(self, given: Given, by: Person) -> None:
        given.state, given.delivered = RemedyState.DELIVERED, self.now
        given.version += 1
        for sorry in self.sorries:
            if sorry.travels_with is given:
                sorry.made = self.now
        self.event("remedy_delivered", by, given.pk)
        self.advance(by)

    def end_gift(self, given: Given, by: Person, state: RemedyState, note: str) -> None:
        given.state, given.note = state, note
        given.declined_as = Declined.NOT_ENOUGH.value if state == RemedyState.DECLINED else ""
        given.version += 1
        self.event(f"remedy_{state}", by, given.pk)
        self.advance(by)

    def waive_receipt(self, given: Given, by: Person, why: str) -> None:
        given.state, given.no_receipt = RemedyState.IN_PROGRESS, (self.now, by, why)
        given.version += 1
        self.event("receipt_waived", by, given.pk, f'{{"before": "{RemedyState.AWAITING_RECEIPT}"}}')
        self.advance(by)

    def next_call(self) -> Call | None:
        return min((c for c in self.calls if c.is_planned), key=lambda c: c.due, default=None)

    def attempt(
        self,
        by: Person,
        outcome: Outcome,
        channel: str,
        *,
        words: str = "",
        score: int | None = None,
        call_back: dt.datetime | None = None,
        has_apologized: bool = False,
    ) -> int:
        """The next call is tried: reaching them answers it, unhappy opens the next try, no contact moves it."""
        call = self.next_call()
        if call is None:
            raise ValueError("no call is planned")
        pk = self.ledger.new_id("attempt")
        self.ledger.add("attempt", pk, call.pk, self.now, by.pk, channel, outcome, score, words, self.new_key())
        self.event("follow_up_attempted", by, pk, f'{{"outcome": "{outcome}"}}')
        call.version += 1
        counted = verdict(outcome, score)
        if counted in REACHED:
            call.answered, call.outcome = self.now, counted
        elif outcome == Outcome.CALL_BACK and call_back is not None:
            call.due = call_back
        elif outcome in RETRY_AFTER:
            call.due = self.now + RETRY_AFTER[outcome]
        if counted == Outcome.REMEDY_NOT_RECEIVED:
            self._take_back(by)
        elif counted in REACHED and counted not in HAPPY:
            self.try_again(RoundReason.UNHAPPY, Stage.REMEDY, by)
            if has_apologized:
                self.apologize(by, channel)
        self.advance(by)
        return pk

    def _take_back(self, by: Person) -> None:
        """What we thought was delivered never arrived."""
        given = max(
            (g for g in self.given if g.round is self.round and g.delivered), key=lambda g: g.delivered or g.created
        )
        given.state = RemedyState.AWAITING_RECEIPT if given.gift.needs_receipt else RemedyState.IN_PROGRESS
        given.delivered = None
        given.version += 1
        for sorry in self.sorries:
            if sorry.travels_with is given:
                sorry.made = None
        self.event("remedy_not_received", by, given.pk)

    def _open_try(self, reason: RoundReason, entry: Stage, by: Person, *, at: dt.datetime) -> Try:
        before = self.tries[-1] if self.tries else None
        fresh = Try(self.ledger.new_id("round"), len(self.tries) + 1, reason, entry, at, by)
        self.tries.append(fresh)
        if before is not None:
            for call in self.calls:
                if call.round is before and call.is_planned:
                    call.round = fresh
            for given in self.given:
                if given.round is before and given.state in PENDING_REMEDY:
                    given.round = fresh
        return fresh

    def try_again(self, reason: RoundReason, entry: Stage, by: Person) -> None:
        """The next try; a closed one is reopened first."""
        if self.ended is not None:
            self.write_closure(reopened=self.now)
            self.ended, self.reason, self.step = None, "", Stage.APOLOGIZE
            self.reopened += 1
            self.event("reopened", by)
        fresh = self._open_try(reason, entry, by, at=self.now)
        self.event("round_opened", by, fresh.pk, f'{{"reason": "{reason}"}}')

    def end(self, by: Person, reason: CloseReason, note: str = "") -> None:
        for call in self.calls:
            if call.is_planned:
                call.cancelled = self.now
        self.ended, self.reason, self.step = self.now, reason, Stage.CLOSED
        self.told["closing"] = (self.round.pk, reason, note, self.now, by.pk)
        self.event("closed", by, codes=f'{{"reason": "{reason}"}}')

    def write_closure(self, reopened: dt.datetime | None) -> None:
        self.ledger.add("closure", self.pk, *self.told["closing"], reopened)

    def hand_over(self, to: Person, by: Person, note: str, accepted: dt.datetime | None) -> int:
        before, pk = self.assignee, self.ledger.new_id("handover")
        for call in self.calls:
            if call.is_planned and call.assignee is before:
                call.assignee = to
                call.version += 1
        for word in self.words:
            if word.assignee is before and not (word.kept or word.broken):
                word.assignee = to
        for given in self.given:
            if given.assignee is before and given.state in PENDING_REMEDY:
                given.assignee = to
        self.assignee = to
        self.ledger.add("handover", pk, self.pk, before.pk, to.pk, note, self.now, by.pk, accepted)
        self.event("handed_over", by, pk)
        self.untaken = None if accepted else (pk, self.now)
        return pk

    def note(self, by: Person, words: str) -> None:
        pk = self.ledger.new_id("note")
        self.ledger.add("note", pk, self.pk, words, self.now, by.pk, self.new_key())
        self.event("note_added", by, pk)

    def promise(self, by: Person, what: str, due: dt.datetime) -> Word:
        word = Word(self.ledger.new_id("promisemade"), what, self.assignee, due, self.now, by)
        self.words.append(word)
        self.event("promise_made", by, word.pk)
        return word

    def settle_promise(self, word: Word, by: Person, note: str, *, is_kept: bool) -> None:
        if is_kept:
            word.kept = self.now
        else:
            word.broken = self.now
        word.note = note
        self.event("promise_kept" if is_kept else "promise_broken", by, word.pk)
