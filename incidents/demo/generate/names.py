"""Invented people and companies, and the numbers kept free for fiction."""

from __future__ import annotations

from random import Random

from incidents.demo.generate.grammar import WORDS, rules

_LISTS = rules((WORDS / "names.txt").read_text("utf-8"))
GIVEN, FAMILY, FRONTS, TRADES = (
    tuple(word.replace("_", " ") for line in _LISTS[name] for word in line.split())
    for name in ("given", "family", "fronts", "trades")
)
TITLES = ("", "", "", "Office manager", "Owner", "Assistant", "Accounts", "Teacher", "Secretary", "Purchasing")
PREFERENCES = (
    "Prefers mail to calls.",
    "Call after four.",
    "Quiet room, feather-free.",
    "Delivery through the yard.",
    "Speaks Spanish, some English.",
    "Hard of hearing: mail first.",
    "Knows everybody on the second floor.",
    "Ask for the cost centre.",
)
MAILBOXES = ("mail.example", "post.example", "inbox.example", "letters.example")


def full_name(chance: Random) -> str:
    given = GIVEN[int(chance.random() * len(GIVEN))]
    family = FAMILY[int(chance.random() * len(FAMILY))]
    if chance.random() < 0.04:
        family = f"{family}-{FAMILY[int(chance.random() * len(FAMILY))]}"
    return f"{given} {family}"


def company(chance: Random) -> str:
    """One of some thousands, a few of them far more often than others."""
    front = FRONTS[int(chance.random() ** 1.7 * len(FRONTS))]
    trade = TRADES[int(chance.random() ** 1.4 * len(TRADES))]
    if chance.random() < 0.25:
        front = f"{FAMILY[int(chance.random() ** 2 * len(FAMILY))]} & {front}"
    return f"{front} {trade}"


def phone(chance: Random, country: str) -> tuple[str, str]:
    """As typed, and as it is dialled. Only numbers that nobody can have."""
    last = 100 + int(chance.random() * 100)
    if country != "US" or chance.random() < 0.06:
        three = int(chance.random() * 1000)
        return f"+44 7700 900{three:03d}", f"+447700900{three:03d}"
    area = f"{2 + int(chance.random() * 8)}{int(chance.random() * 9)}{int(chance.random() * 10)}"
    if area.endswith("11"):
        area = "312"
    typed = (f"+1 {area} 555 0{last}", f"({area}) 555-0{last}", f"{area}-555-0{last}")[int(chance.random() * 3)]
    return typed, f"+1{area}5550{last}"
