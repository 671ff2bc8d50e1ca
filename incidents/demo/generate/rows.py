"""What one incident's life is made of, while it is still in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from incidents.demo.generate.setting import Gift, Person
from incidents.vocabulary import PENDING_REMEDY, Channel, Declined, Outcome, RemedyState, RoundReason, Stage
from incidents.workflow import FollowUpFact, RemedyFact, RoundFacts


@dataclass(slots=True)
class Who:
    """The customer; `pk` is None for somebody nobody knows."""

    pk: int | None
    name: str
    hint: str = ""
    is_reachable: bool = True
    is_new: bool = False


@dataclass(slots=True)
class Try:
    pk: int
    number: int
    reason: RoundReason
    entry: Stage
    started: dt.datetime
    by: Person
    settled: dt.datetime | None = None


@dataclass(slots=True)
class Given:
    pk: int
    round: Try
    gift: Gift
    what: str
    state: RemedyState
    assignee: Person | None
    by: Person
    created: dt.datetime
    done_by_name: str = ""
    estimated: Decimal | None = None
    actual: Decimal | None = None
    minutes: int | None = None
    delivered: dt.datetime | None = None
    paid_on: dt.date | None = None
    declined_as: str = ""
    note: str = ""
    no_receipt: tuple[dt.datetime, Person, str] | None = None
    replaces: Given | None = None
    version: int = 0


@dataclass(slots=True)
class Sorry:
    pk: int
    round: Try
    author: Person | None
    author_name: str
    to_whom: str
    channel: str
    words: str
    made: dt.datetime | None
    created: dt.datetime
    by: Person
    travels_with: Given | None = None


@dataclass(slots=True)
class Call:
    pk: int
    round: Try
    assignee: Person
    due: dt.datetime
    created: dt.datetime
    answered: dt.datetime | None = None
    outcome: str = ""
    cancelled: dt.datetime | None = None
    version: int = 0

    @property
    def is_planned(self) -> bool:
        return self.answered is None and self.cancelled is None


@dataclass(slots=True)
class Word:
    """A promise."""

    pk: int
    what: str
    assignee: Person
    due: dt.datetime
    created: dt.datetime
    by: Person
    kept: dt.datetime | None = None
    broken: dt.datetime | None = None
    note: str = ""


def facts_of(here: Try, given: list[Given], sorries: list[Sorry], calls: list[Call]) -> RoundFacts:
    """What `models.recovery.facts_of()` would say of the stored rows."""
    mine = [g for g in given if g.round is here and g.state != RemedyState.WITHDRAWN]
    replaced = {g.replaces.pk for g in mine if g.replaces}
    said = [s for s in sorries if s.round is here]
    return RoundFacts(
        entry=here.entry,
        apologies_made=sum(s.made is not None and s.channel != Channel.PUBLIC for s in said),
        apologies_public=sum(s.made is not None and s.channel == Channel.PUBLIC for s in said),
        apologies_travelling=sum(
            s.made is None and s.travels_with is not None and s.travels_with.state in PENDING_REMEDY for s in said
        ),
        remedies=tuple(
            RemedyFact(
                g.state, g.pk in replaced, g.replaces is not None, Declined(g.declined_as) if g.declined_as else None
            )
            for g in mine
        ),
        settled_at=here.settled,
        follow_ups=tuple(
            FollowUpFact(c.answered, Outcome(c.outcome) if c.outcome else None)
            for c in calls
            if c.round is here and c.cancelled is None
        ),
    )
