"""A small grammar: rules with many alternatives, told with chance, one value per slot and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

Told = dict[str, str]
WORDS = Path(__file__).parent / "words"
_SLOT = re.compile(r"\{([^{}]+)\}")
_NUMBER = re.compile(r"(\w+):(\d+)-(\d+)")
_SENTENCE = re.compile(r"(?:^|[.!?] )([a-zà-ÿ])")
_WORD = re.compile(r"[A-Za-z]{5,}")


def rules(text: str) -> dict[str, tuple[str, ...]]:
    """`name:` on a line of its own begins a rule; each line below it is one alternative."""
    found: dict[str, list[str]] = {}
    name = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.endswith(":") and " " not in line:
            name = line[:-1]
            found.setdefault(name, [])
        elif line:
            found[name].append(line)
    return {key: tuple(lines) for key, lines in found.items()}


class Grammar:
    """Expands `{slot}`, `{slot?}` (half the time) and `{name:2-40}` (a number).

    A slot said once keeps its value for the rest of the text, so that what is written and
    the fields beside it agree. One whose name begins with `_` is drawn anew each time. A rule
    `a|b:` has two sides on each line: whichever is asked for first, the other goes with it.
    """

    @classmethod
    def read(cls, *names: str) -> Grammar:
        """From the files of `words`."""
        return cls(*((WORDS / f"{name}.txt").read_text("utf-8") for name in names))

    def __init__(self, *texts: str) -> None:
        lines: dict[str, tuple[str, ...]] = {}
        for text in texts:
            for name, more in rules(text).items():
                lines[name] = lines.get(name, ()) + more
        pairs = {name: lines.pop(name) for name in list(lines) if "|" in name}
        # Split once: literal, slot, literal, slot ...
        self._parts = {name: tuple(tuple(_SLOT.split(line)) for line in many) for name, many in lines.items()}
        self._pairs = {side: (tuple(name.split("|")), many) for name, many in pairs.items() for side in name.split("|")}

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def tell(self, name: str, chance: Random, told: Told) -> str:
        """One of the alternatives of `name`, its slots filled from `told` and into it."""
        many = self._parts[name]
        parts = many[int(chance.random() * len(many))]
        if len(parts) == 1:
            return parts[0]
        said = [parts[0]]
        for position in range(1, len(parts), 2):
            said.append(self._slot(parts[position], chance, told))
            said.append(parts[position + 1])
        return "".join(said)

    def _slot(self, slot: str, chance: Random, told: Told) -> str:
        if slot in told:
            return told[slot]
        if slot.endswith("?"):
            return self._slot(slot[:-1], chance, told) if chance.random() < 0.5 else ""
        if number := _NUMBER.fullmatch(slot):
            name, low, high = number[1], int(number[2]), int(number[3])
            if name not in told:
                told[name] = str(low + int(chance.random() * (high - low + 1)))
            return told[name]
        if slot in self._pairs:
            sides, many = self._pairs[slot]
            chosen = many[int(chance.random() * len(many))].split("|")
            told.update(zip(sides, chosen, strict=True))
            return told[slot]
        words = self.tell(slot, chance, told)
        if not slot.startswith("_"):
            told[slot] = words
        return words


def tidy(text: str) -> str:
    """One space between words, a capital at the start of each sentence."""
    plain = " ".join(text.split()).replace(" .", ".").replace(" ,", ",")
    return _SENTENCE.sub(lambda found: found[0].upper(), plain)


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int) -> str:
    return word[:at] + word[at] + word[at:]


_SLIPS: tuple[Callable[[str, int], str], ...] = (_swapped, _dropped, _doubled)


def in_a_hurry(text: str, chance: Random) -> str:
    """As typed with a guest waiting: a slip or two, or no capitals."""
    if chance.random() < 0.35:
        return text.lower().replace("'", "")
    for _slip in range(1 + int(chance.random() * 2)):
        words = list(_WORD.finditer(text))
        if not words:
            break
        found = words[int(chance.random() * len(words))]
        slipped = _SLIPS[int(chance.random() * 3)](found[0], 1 + int(chance.random() * (len(found[0]) - 3)))
        text = text[: found.start()] + slipped + text[found.end() :]
    return text


def weighted(chance: Random, many: Mapping[str, float]) -> str:
    """One key of `many`, by its weight."""
    mark = chance.random() * sum(many.values())
    for key, weight in many.items():
        mark -= weight
        if mark < 0:
            return key
    return key
