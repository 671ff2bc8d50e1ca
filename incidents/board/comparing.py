"""Two versions of a text, line by line, and within a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Part = tuple[str, bool]  # words, and whether they differ
_WORDS = re.compile(r"\s+|[^\s]+")
ALIKE = 0.4  # less alike, a line is another one, not the same said otherwise


@dataclass(frozen=True)
class Compared:
    """One line: `old` and `new` are its parts; empty where it was not there."""

    old: tuple[Part, ...]
    new: tuple[Part, ...]

    @property
    def is_same(self) -> bool:
        return bool(self.old) and self.old == self.new


def compare(old: Sequence[str], new: Sequence[str]) -> list[Compared]:
    """Every line of both, in order: kept, changed, taken out or added."""
    found: list[Compared] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Compared(((line, False),), ((line, False),)) for line in old[a:b]]
        else:
            found += _changed(old[a:b], new[c:d])
    return found


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Compared]:
    for number in range(max(len(old), len(new))):
        before = old[number] if number < len(old) else None
        after = new[number] if number < len(new) else None
        if before is None or after is None:
            yield Compared(_whole(before), _whole(after))
            continue
        here, there = _WORDS.findall(before), _WORDS.findall(after)
        match = SequenceMatcher(None, here, there, autojunk=False)
        if match.ratio() >= ALIKE:
            yield _by_word(match, here, there)
        else:
            yield Compared(_whole(before), ())
            yield Compared((), _whole(after))


def _whole(line: str | None) -> tuple[Part, ...]:
    return () if line is None else ((line, True),)


def _by_word(match: SequenceMatcher[str], here: list[str], there: list[str]) -> Compared:
    old: list[Part] = []
    new: list[Part] = []
    for what, a, b, c, d in match.get_opcodes():
        is_other = what != "equal"
        if b > a:
            old.append(("".join(here[a:b]), is_other))
        if d > c:
            new.append(("".join(there[c:d]), is_other))
    return Compared(tuple(old), tuple(new))
