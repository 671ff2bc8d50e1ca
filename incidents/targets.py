"""How long each step may take, by severity. Plain data; `calendars` turns it into instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from incidents.vocabulary import Clock, Severity


@dataclass(frozen=True)
class Target:
    """How long a step may take: so many minutes, or so many days. `is_business` counts open time only.

    A day later is the same time by the clock on the wall; no days at all is the end of the same day.
    """

    minutes: int | None = None
    days: int | None = None
    is_business: bool = False

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.days is None):
            raise ValueError("a target is so many minutes, or so many days")

    @property
    def is_same_day(self) -> bool:
        return self.days == 0

    @property
    def length(self) -> timedelta:
        """About how long that is where nobody ever closes."""
        return timedelta(minutes=self.minutes) if self.minutes is not None else timedelta(days=self.days or 1)


def _m(minutes: int, *, b: bool = False) -> Target:
    return Target(minutes=minutes, is_business=b)


def _d(days: int, *, b: bool = False) -> Target:
    return Target(days=days, is_business=b)


# From the report; follow-ups from the moment the round was settled.
TARGETS: dict[Severity, dict[Clock, Target]] = {
    Severity.CRITICAL: {
        Clock.ACKNOWLEDGE: _m(5),
        Clock.APOLOGIZE: _m(15),
        Clock.OFFER: _m(60),
        Clock.DELIVER: _d(0),
    },
    Severity.MAJOR: {
        Clock.ACKNOWLEDGE: _m(15, b=True),
        Clock.APOLOGIZE: _m(60, b=True),
        Clock.OFFER: _m(4 * 60, b=True),
        Clock.DELIVER: _m(24 * 60),
    },
    Severity.MODERATE: {
        Clock.ACKNOWLEDGE: _m(60, b=True),
        Clock.APOLOGIZE: _m(4 * 60, b=True),
        Clock.OFFER: _d(1, b=True),
        Clock.DELIVER: _d(3, b=True),
    },
    Severity.MINOR: {
        Clock.ACKNOWLEDGE: _m(4 * 60, b=True),
        Clock.APOLOGIZE: _d(1, b=True),
        Clock.OFFER: _d(2, b=True),
        Clock.DELIVER: _d(5, b=True),
    },
}
FOLLOW_UPS: dict[Severity, tuple[Target, ...]] = {
    Severity.CRITICAL: (_m(24 * 60), _d(7)),
    Severity.MAJOR: (_m(24 * 60),),
    Severity.MODERATE: (_m(48 * 60),),
    Severity.MINOR: (_d(3),),
}
RECEIPT_REMINDER_AFTER = timedelta(days=3)
# How long a question about money may stay unanswered before whoever asked may go ahead, or is reminded of it.
GO_AHEAD_AFTER = {Severity.CRITICAL: timedelta(minutes=5), Severity.MAJOR: timedelta(minutes=30)}
ANSWER_WITHIN = timedelta(hours=4)
# How long we wait for the customer unless somebody says, and at most.
WAIT_USUALLY = Target(days=3, is_business=True)
WAIT_AT_MOST = timedelta(days=60)
# When a customer counts as unreachable: so many tries, in so many ways, over so long, and a message left.
TRIES = 3
WAYS = 2
TRYING_FOR = timedelta(days=3)
