"""How long each step may take, by severity. Plain data; `calendars` turns it into instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from incidents.vocabulary import Clock, Severity


@dataclass(frozen=True)
class Target:
    """How long a step may take. `is_business` counts on the location's business clock."""

    length: timedelta
    is_business: bool = False
    is_same_day: bool = False


def _h(hours: float, *, b: bool = False) -> Target:
    return Target(timedelta(hours=hours), is_business=b)


_SAME_DAY = Target(timedelta(days=1), is_same_day=True)

# From the report; follow-ups from the moment the round was settled.
TARGETS: dict[Severity, dict[Clock, Target]] = {
    Severity.CRITICAL: {
        Clock.ACKNOWLEDGE: _h(5 / 60),
        Clock.APOLOGIZE: _h(0.25),
        Clock.OFFER: _h(1),
        Clock.DELIVER: _SAME_DAY,
    },
    Severity.MAJOR: {
        Clock.ACKNOWLEDGE: _h(0.25, b=True),
        Clock.APOLOGIZE: _h(1, b=True),
        Clock.OFFER: _h(4, b=True),
        Clock.DELIVER: _h(24),
    },
    Severity.MODERATE: {
        Clock.ACKNOWLEDGE: _h(1, b=True),
        Clock.APOLOGIZE: _h(4, b=True),
        Clock.OFFER: _h(24, b=True),
        Clock.DELIVER: _h(72, b=True),
    },
    Severity.MINOR: {
        Clock.ACKNOWLEDGE: _h(4, b=True),
        Clock.APOLOGIZE: _h(24, b=True),
        Clock.OFFER: _h(48, b=True),
        Clock.DELIVER: _h(120, b=True),
    },
}
FOLLOW_UPS: dict[Severity, tuple[timedelta, ...]] = {
    Severity.CRITICAL: (timedelta(hours=24), timedelta(days=7)),
    Severity.MAJOR: (timedelta(hours=24),),
    Severity.MODERATE: (timedelta(hours=48),),
    Severity.MINOR: (timedelta(days=3),),
}
RECEIPT_REMINDER_AFTER = timedelta(days=3)
# How long a question about money may stay unanswered before whoever asked may go ahead, or is reminded of it.
GO_AHEAD_AFTER = {Severity.CRITICAL: timedelta(minutes=5), Severity.MAJOR: timedelta(minutes=30)}
ANSWER_WITHIN = timedelta(hours=4)
