"""What counts as rising, against the exact sum in fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rising import FEWEST, UNLIKELY, Trend, at_least, windows_between

counts = st.integers(0, 120)


def exactly(number: int, *, of: int, windows: int) -> Fraction:
    """The same, slowly: every way to have `number` or more of them in one of the windows."""
    ways = sum(math.comb(of, inside) * (windows - 1) ** (of - inside) for inside in range(number, of + 1))
    return Fraction(ways, windows**of)


@given(st.data())
def test_the_tail_is_the_exact_one(data: st.DataObject) -> None:
    of = data.draw(st.integers(0, 400))
    number, windows = data.draw(st.integers(0, of)), data.draw(st.integers(1, 8))
    exact = exactly(number, of=of, windows=windows)
    assert at_least(number, of=of, windows=windows) == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


@given(counts, st.lists(counts, min_size=2, max_size=6))
def test_the_verdict_is_the_exact_one(newest: int, before: list[int]) -> None:
    trend = Trend(newest, tuple(before))
    exact = exactly(newest, of=newest + sum(before), windows=len(before) + 1)
    if abs(exact - Fraction(UNLIKELY)) > Fraction(1, 10**9):
        assert trend.is_rising == (newest >= FEWEST and exact <= Fraction(UNLIKELY))


@given(counts, st.lists(counts, min_size=2, max_size=6))
def test_more_is_never_less_of_a_rise(newest: int, before: list[int]) -> None:
    less, more = Trend(newest, tuple(before)), Trend(newest + 1, tuple(before))
    assert more.chance <= less.chance + 1e-12
    assert not less.is_rising or more.is_rising
    worse_past = Trend(newest, (before[0] + 1, *before[1:]))
    assert worse_past.chance >= less.chance - 1e-12


@given(counts, st.lists(counts, min_size=2, max_size=6))
def test_which_of_the_windows_before_it_was_does_not_matter(newest: int, before: list[int]) -> None:
    assert Trend(newest, tuple(before)).chance == Trend(newest, tuple(reversed(before))).chance


@pytest.mark.parametrize(
    ("newest", "before", "is_rising"),
    [
        (7, (2, 2, 1, 3, 2, 2), True),
        (3, (0, 0, 0, 0, 0, 0), True),
        (2, (0, 0, 0, 0, 0, 0), False),  # too few to say anything, whatever came before
        (3, (1, 1, 1, 1, 1, 1), False),
        (3, (0, 0), True),
        (9, (0,), False),  # one window before is no past
        (9, (), False),
        (40, (40, 40, 40), False),
        (0, (9, 9, 9), False),
    ],
)
def test_what_people_would_say(newest: int, before: tuple[int, ...], is_rising: bool) -> None:
    assert Trend(newest, before).is_rising is is_rising


def test_a_false_alarm_is_as_rare_as_said() -> None:
    """Had nothing changed, of all the ways 30 things can fall into 7 windows at most one in twenty is called rising."""
    alarms = [n for n in range(31) if at_least(n, of=30, windows=7) <= UNLIKELY]
    assert exactly(min(alarms), of=30, windows=7) <= Fraction(UNLIKELY)
    assert exactly(min(alarms) - 1, of=30, windows=7) > Fraction(UNLIKELY)


def test_large_numbers_neither_overflow_nor_vanish() -> None:
    assert at_least(20_000, of=100_000, windows=7) == pytest.approx(0.0, abs=1e-300)
    assert at_least(1_000, of=100_000, windows=7) == 1.0
    assert at_least(14_286, of=100_000, windows=7) == pytest.approx(0.5, abs=0.01)
    assert Trend(20_000, (100,) * 6).once_in == 1_000_000_000


@pytest.mark.parametrize(("chance_of", "said"), [((7, (2, 2, 1, 3, 2, 2)), 79), ((3, (0,) * 6), 340)])
def test_the_chance_as_people_read_it(chance_of: tuple[int, tuple[int, ...]], said: int) -> None:
    assert Trend(*chance_of).once_in == said


def test_what_cannot_be() -> None:
    for number, of, windows in ((4, 3, 2), (-1, 3, 2), (1, 3, 0)):
        with pytest.raises(ValueError, match=str(number)):
            at_least(number, of=of, windows=windows)


@pytest.mark.parametrize(
    ("known", "length", "expected"), [(0, 28, 0), (27, 28, 0), (55.9, 28, 0), (56, 28, 1), (84, 28, 2), (9999, 28, 6)]
)
def test_only_whole_windows_count(known: float, length: int, expected: int) -> None:
    assert windows_between(known, length=length) == expected


def test_worth_a_notice_only_among_all_that_was_compared() -> None:
    rising = Trend(7, (2, 2, 1, 3, 2, 2))  # about once in 79 times
    assert rising.is_rising_among(1)
    assert rising.is_rising_among(3)
    assert not rising.is_rising_among(16)
    assert Trend(12, (2, 2, 1, 3, 2, 2)).is_rising_among(16)
    assert not Trend(2, (0,) * 6).is_rising_among(0)
