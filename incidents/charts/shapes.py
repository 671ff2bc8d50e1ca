"""What charts are made of: no colour of their own but for paper, no query, no words but those that come in.

Across, everything is a percentage of the width, so that a chart fits a phone and a page while its words keep their
size. Down, everything is pixels. Each chart brings the table that says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

# What a shape is drawn with on paper; on the screen the style sheet decides by the same names (`ink-now` ...).
INKS = {
    "now": "#0b5cad",
    "before": "#7a858f",
    "late": "#ae1218",
    "grid": "#dde2e7",
    "base": "#7a858f",
    "sum": "#1b2127",
    "word": "#4d5761",
    "name": "#1b2127",
}


@dataclass(frozen=True)
class Point:
    """One week, or what else stands side by side. Nothing to show: `value` is None. `words` say the value."""

    label: str
    value: float | None
    words: str
    before: float | None = None
    before_words: str = ""


@dataclass(frozen=True)
class Row:
    """One bar with a name. `late` is the part of it that is late, `before` the same a while ago."""

    label: str
    value: float
    words: str
    late: float = 0
    before: float | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    ink: str
    x: str
    y: str
    width: str
    height: str
    is_hollow: bool = False

    @property
    def fill(self) -> str:
        return "none" if self.is_hollow else INKS[self.ink]

    @property
    def stroke(self) -> str:
        return INKS[self.ink] if self.is_hollow else "none"


@dataclass(frozen=True)
class Segment:
    ink: str
    x1: str
    y1: str
    x2: str
    y2: str
    width: str = "1"
    dashes: str = "none"

    @property
    def stroke(self) -> str:
        return INKS[self.ink]


@dataclass(frozen=True)
class Dot:
    ink: str
    x: str
    y: str

    @property
    def fill(self) -> str:
        return INKS[self.ink]


@dataclass(frozen=True)
class Word:
    ink: str
    x: str
    y: str
    text: str
    anchor: str = "start"

    @property
    def fill(self) -> str:
        return INKS[self.ink]


@dataclass(frozen=True)
class Key:
    """A line of the legend: how it is drawn ("bar", "hollow", "line", "dashed", "dots"), and what it is."""

    shape: str
    ink: str
    words: str

    @property
    def paper(self) -> str:
        return INKS[self.ink]


@dataclass(frozen=True)
class Table:
    """The same in words. The first cell of each row is its name."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """`title` and `desc` are what is said to whoever does not see it."""

    title: str
    desc: str
    height: int
    table: Table
    boxes: tuple[Box, ...] = ()
    segments: tuple[Segment, ...] = ()
    dots: tuple[Dot, ...] = ()
    words: tuple[Word, ...] = ()
    keys: tuple[Key, ...] = ()
    is_empty: bool = False


def across(number: float) -> str:
    return f"{number:.2f}%"


def down(number: float) -> str:
    return f"{number:.1f}"


def nothing(title: str, desc: str, head: tuple[str, ...]) -> Chart:
    """Of what is not there: the page says so in words."""
    return Chart(title, desc, 0, Table(head, ()), is_empty=True)
