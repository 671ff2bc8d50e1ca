"""How likely two records are one person, from what stands in them. Pure: no rows, no statements."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

SAME = 85  # from here on a manager is asked whether two are one
LIKE = 40  # from here on somebody who types a new customer is told

# (how alike of 100, points), a straight line between two of them.
NAME = ((50, -25), (60, 0), (70, 8), (80, 25), (90, 45), (100, 50))
ADDRESS = ((30, -12), (45, 0), (55, 10), (65, 30), (75, 42), (90, 50))
NUMBER, CLOSE_NUMBER, OTHER_NUMBER = 75, 40, -4
REACHED, REACHED_OTHERWISE = 65, -5  # one phone or one e-mail for both; each has one, and they differ
COLLEAGUES = 40  # called the same, at the same company

CALLED_OTHERWISE = 70  # names less alike than this are two people at one telephone or one address,
TWO_AT_MOST = 80  # whatever else agrees but the number
CALLED_THE_SAME = 88
PART_OF_A_NAME = 82  # "Novak" and "Nora Novak"
PART = 85  # how alike two words are that mean one
SHORTEST_NUMBER = 5


@dataclass(frozen=True)
class Person:
    """What one record says, as the columns hold it: `sort_name`, E.164 numbers, small letters, `number_key()`."""

    name: str
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    loyalty_key: str = ""
    address: str = ""
    account: str = ""


def likeness(a: Person, b: Person) -> int:
    """From 0, nothing in common, to 100. It does not matter which of the two comes first."""
    name = name_likeness(a.name, b.name)
    number = _number(a.loyalty_key, b.loyalty_key)
    points = _along(NAME, name) + number
    if a.address and b.address:
        points += _along(ADDRESS, address_likeness(a.address, b.address))
    points += _reached(a.phones, b.phones) + _reached(a.emails, b.emails)
    if a.account and a.account == b.account and name >= CALLED_THE_SAME:
        points += COLLEAGUES
    if name < CALLED_OTHERWISE and number <= 0:
        points = min(points, TWO_AT_MOST)
    return round(min(max(points, 0), 100))


def in_common(a: Person, b: Person) -> tuple[str, ...]:
    """What agrees: any of phone, email, number, name, address, account, the strongest first."""
    agrees = {
        "phone": bool(a.phones & b.phones),
        "email": bool(a.emails & b.emails),
        "number": _number(a.loyalty_key, b.loyalty_key) > 0,
        "name": name_likeness(a.name, b.name) >= CALLED_OTHERWISE,
        "address": bool(a.address and b.address) and _along(ADDRESS, address_likeness(a.address, b.address)) > 10,
        "account": bool(a.account) and a.account == b.account,
    }
    return tuple(name for name, is_so in agrees.items() if is_so)


def name_likeness(a: str, b: str) -> float:
    """Of 100. The order of the words says nothing; a single word may stand for the whole name."""
    one, two = sorted(words(a)), sorted(words(b))
    if not one or not two:
        return 0
    alike = max(fuzz.ratio(" ".join(one), " ".join(two)), fuzz.ratio("".join(words(a)), "".join(words(b))))
    few, many = sorted((one, two), key=len)
    if len(few) < len(many) and all(any(fuzz.ratio(word, other) >= PART for other in many) for word in few):
        return max(alike, PART_OF_A_NAME)
    return alike


def address_likeness(a: str, b: str) -> float:
    return fuzz.token_sort_ratio(" ".join(words(a)), " ".join(words(b)))


def words(text: str) -> list[str]:
    """`text` in words without accents, case or punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _along(curve: tuple[tuple[int, int], ...], at: float) -> float:
    (before, points), *later = curve
    if at <= before:
        return points
    for after, more in later:
        if at <= after:
            return points + (more - points) * (at - before) / (after - before)
        before, points = after, more
    return points


def _number(a: str, b: str) -> int:
    if not a or not b:
        return 0
    if a == b:
        return NUMBER
    is_slip = min(len(a), len(b)) >= SHORTEST_NUMBER and OSA.distance(a, b, score_cutoff=1) <= 1
    return CLOSE_NUMBER if is_slip else OTHER_NUMBER


def _reached(a: frozenset[str], b: frozenset[str]) -> int:
    if a & b:
        return REACHED
    return REACHED_OTHERWISE if a and b else 0
