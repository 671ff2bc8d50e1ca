"""What a generated demo will be, before any of it exists: how many, when, whose, by which keys.

Incidents are numbered from 0, the oldest, and everything about one follows from the plan and its number: so slices may
be made by different processes, and each comes out the same.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from random import Random
from typing import Any

HOURS = 365 * 24
# By the hour of the place's day, by weekday from Monday, by month from January.
HOTEL_RHYTHM = (
    (.4, .25, .15, .1, .15, .4, 1.2, 2.2, 2.4, 2, 1.6, 1.3, 1.1, 1, 1.3, 1.8, 2, 2.1, 2.2, 2.2, 1.9, 1.6, 1.2, .8),
    (.9, .8, .85, 1, 1.25, 1.3, 1.1),
    (.8, .8, .9, 1, 1.05, 1.15, 1.3, 1.3, 1.05, 1, .85, 1.15),
)  # fmt: skip
SHOP_RHYTHM = (
    (0, 0, 0, 0, 0, 0, .1, .6, 2.2, 3.4, 3.2, 2.6, 1.6, 1.7, 2.4, 2.6, 2.1, 1.5, .5, .1, .03, .02, 0, 0),
    (1.5, 1.15, 1.05, 1, 1.1, .3, .03),
    (1.25, 1, 1, .95, .9, .9, .75, 1.3, 1.35, 1, .95, .9),
)  # fmt: skip
Rhythm = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]
RHYTHMS: dict[str, Rhythm] = {"hotel": HOTEL_RHYTHM, "shop": SHOP_RHYTHM}
FEWEST_EACH, MOST_EACH = 0.6, 5


@dataclass(frozen=True)
class Plan:
    """`run` keeps one generated demo's keys apart from those of another in the same database."""

    count: int
    as_of: dt.datetime
    seed: int = 0
    run: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"count": self.count, "as_of": self.as_of.isoformat(), "seed": self.seed, "run": self.run}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Plan:
        return cls(stored["count"], dt.datetime.fromisoformat(stored["as_of"]), stored["seed"], stored["run"])

    @cached_property
    def customers(self) -> int:
        """A fifth of many incidents, more than half of a few."""
        return max(1, int(min(self.count * FEWEST_EACH, 150 + self.count / MOST_EACH)))

    def key(self, what: str, number: int) -> int:
        """128 bits for one thing; the last twelve are free for what hangs on it."""
        name = f"recovery-demo/{self.seed}/{self.run}/{self.count}/{self.as_of.isoformat()}/{what}/{number}"
        return int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "big") & ~0xFFF

    def chance(self, what: str, number: int) -> Random:
        return Random(self.key(what, number))  # noqa: S311  # nosec B311

    def began_by(self, number: int) -> int:
        """How many customers there are once incident `number` has been told."""
        return (number + 1) * self.customers // self.count

    def is_first_of_customer(self, number: int) -> bool:
        return number * self.customers // self.count < self.began_by(number)

    def first_of(self, customer: int) -> int:
        """The number of the incident by which we came to know `customer`."""
        return ((customer + 1) * self.count - 1) // self.customers


@dataclass(frozen=True)
class Home:
    """What of a place the year's rhythm asks for."""

    voice: str
    zone: dt.tzinfo


class Year:
    """When and where each incident of a plan is told: the hours of a year, weighed by how busy each place is."""

    def __init__(self, plan: Plan, homes: Sequence[Home]) -> None:
        self.plan = plan
        self.began = plan.as_of - dt.timedelta(hours=HOURS)
        self.busy = [self._rhythm(home) for home in homes]
        self.until = list(accumulate(map(sum, zip(*self.busy, strict=True))))

    def _rhythm(self, home: Home) -> list[float]:
        hours, days, months = RHYTHMS[home.voice]
        found = []
        for hour in range(HOURS):
            local = (self.began + dt.timedelta(hours=hour)).astimezone(home.zone)
            found.append(hours[local.hour] * days[local.weekday()] * months[local.month - 1])
        return found

    def told(self, number: int, chance: Random) -> tuple[dt.datetime, int]:
        """The moment of incident `number` and the index of its place. Later numbers are later."""
        mark = (number + chance.random()) / self.plan.count * self.until[-1]
        hour = min(bisect_right(self.until, mark), HOURS - 1)
        before = self.until[hour - 1] if hour else 0.0
        into = (mark - before) / (self.until[hour] - before)
        moment = self.began + dt.timedelta(hours=hour, seconds=int(into * 3599))
        share = chance.random() * (self.until[hour] - before)
        for place, busy in enumerate(self.busy):
            share -= busy[hour]
            if share < 0:
                return moment, place
        return moment, len(self.busy) - 1
