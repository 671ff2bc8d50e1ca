"""Does something happen more often than it used to? Pure: numbers in, numbers out.

The days are cut into windows of one length, the newest first. If nothing had changed, each thing that
happened would fall into any of the windows with the same chance: of all that were counted, the newest window
has a binomial number with a chance of 1 in as many as there are windows. How probable it is to find at least
as many there as we did is asked without knowing the rate (the conditional test of two Poisson rates).
Nothing is rising that came fewer than FEWEST times: with small numbers chance does most of the work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FEWEST = 3
UNLIKELY = 0.05
FEWEST_BEFORE = 2  # windows: with one alone nobody knows what is usual
MOST_BEFORE = 6


@dataclass(frozen=True)
class Trend:
    """How often in the newest window, and in those of the same length before it, the newest of them first."""

    newest: int
    before: tuple[int, ...]

    @property
    def is_comparable(self) -> bool:
        return len(self.before) >= FEWEST_BEFORE

    @property
    def usual(self) -> float:
        """The mean of the windows before; 0 when there are none."""
        return sum(self.before) / len(self.before) if self.before else 0.0

    @property
    def chance(self) -> float:
        """How probable so many or more are in the newest window, had nothing changed; 1 where nothing can be said."""
        if not self.is_comparable:
            return 1.0
        return at_least(self.newest, of=self.newest + sum(self.before), windows=len(self.before) + 1)

    @property
    def is_rising(self) -> bool:
        return self.newest >= FEWEST and self.chance <= UNLIKELY

    def is_rising_among(self, compared: int) -> bool:
        """Also when so many were looked at and this one stood out (Bonferroni): worth a notice nobody asked for."""
        return self.is_rising and self.chance * max(1, compared) <= UNLIKELY

    @property
    def once_in(self) -> int:
        """ "By chance about once in 90 times": two figures of it, for people."""
        times = 1 / max(self.chance, 1e-9)
        step: int = 10 ** max(0, math.floor(math.log10(times)) - 1)
        return round(times / step) * step


def at_least(number: int, *, of: int, windows: int) -> float:
    """The chance that `number` or more of `of` things fall into one certain of `windows` equal windows.

    The terms of the binomial tail, each from the one before it, summed from the side on which they shrink.
    """
    if not 0 <= number <= of or windows < 1:
        raise ValueError((number, of, windows))
    if number == 0 or windows == 1:
        return 1.0
    if number * windows >= of:  # at or above the mean: from here on every term is smaller than the last
        return min(1.0, _tail(number, of, windows))
    return max(0.0, 1.0 - _tail(of - number + 1, of, windows, is_inside=False))


def _tail(first: int, of: int, windows: int, *, is_inside: bool = True) -> float:
    """The sum of the terms from `first` up: of things inside the window, or of things outside it."""
    odds = 1 / (windows - 1) if is_inside else windows - 1.0
    chance = 1 / windows if is_inside else (windows - 1) / windows
    logs = math.lgamma(of + 1) - math.lgamma(first + 1) - math.lgamma(of - first + 1)
    term = math.exp(logs + first * math.log(chance) + (of - first) * math.log1p(-chance))
    total = 0.0
    for number in range(first, of + 1):
        total += term
        if term <= total * 1e-17:
            break
        term *= (of - number) / (number + 1) * odds
    return total


def windows_between(days_known: float, *, length: int) -> int:
    """How many whole windows of `length` days lie between the first day we know of and the newest window."""
    return max(0, min(MOST_BEFORE, int(days_known // length) - 1))
