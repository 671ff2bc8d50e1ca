"""Below one another: bars with names, figures at their end."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise

from incidents.charts.shapes import Box, Chart, Dot, Key, Row, Segment, Table, Word, across, down, nothing

ROW, BAR = 44, 16
NAMES, BARS = 38.0, 42.0  # names end here, bars fill so much; what is left is for the figures
LINE_LENGTH = 19


def _name(label: str, middle: float) -> list[Word]:
    """In two lines at most, beside the middle of its bar."""
    lines = textwrap.wrap(label, LINE_LENGTH, break_long_words=True)
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), LINE_LENGTH, placeholder="…") or lines[1]]
    first = middle + 4 - 8 * (len(lines) - 1)
    return [Word("name", "0%", down(first + 16 * at), text) for at, text in enumerate(lines)]


def _bar(ink: str, length: float, y: float, height: float = BAR, *, is_hollow: bool = False) -> Box:
    return Box(ink, across(NAMES), down(y), across(BARS * length), down(height), is_hollow)


def pareto(rows: Sequence[Row], *, title: str, desc: str, head: tuple[str, ...], sum_words: str) -> Chart:
    """The greatest first, each as its part of all of them; dots and a line add them up. `cells` go into the table."""
    total = sum(row.value for row in rows)
    if total <= 0:
        return nothing(title, desc, head)
    boxes, words, dots = [], [], []
    so_far = 0.0
    for at, row in enumerate(rows):
        middle = at * ROW + ROW / 2
        so_far += row.value
        boxes.append(_bar("now", row.value / total, middle - BAR / 2))
        dots.append(Dot("sum", across(NAMES + BARS * so_far / total), down(middle)))
        words += [*_name(row.label, middle), Word("name", "100%", down(middle + 4), row.words, "end")]
    path = [Segment("sum", a.x, a.y, b.x, b.y, "1.5") for a, b in pairwise(dots)]
    height = len(rows) * ROW
    most = across(NAMES + BARS * 0.8)
    lines = [_left(height), Segment("grid", most, "0", most, str(height), "1", "3 3")]
    words.append(Word("word", most, str(height + 14), "80%", "middle"))
    table = Table(head, tuple((row.label, row.words, *row.cells) for row in rows))
    keys = (Key("bar", "now", head[1]), Key("dots", "sum", sum_words))
    return Chart(
        title,
        desc,
        height + 20,
        table,
        boxes=tuple(boxes),
        segments=(*lines, *path),
        dots=tuple(dots),
        words=tuple(words),
        keys=keys,
    )


def _left(height: float) -> Segment:
    return Segment("base", across(NAMES), "0", across(NAMES), down(height))


def ageing(
    rows: Sequence[Row], *, title: str, desc: str, head: tuple[str, ...], all_words: str, late_words: str
) -> Chart:
    """How long things have been open; the late part of each bar is taller and has its own colour."""
    highest = max((row.value for row in rows), default=0)
    if highest <= 0:
        return nothing(title, desc, head)
    boxes, words = [], []
    for at, row in enumerate(rows):
        middle = at * ROW + ROW / 2
        boxes.append(_bar("now", row.value / highest, middle - BAR / 2))
        if row.late:
            boxes.append(_bar("late", row.late / highest, middle - BAR / 2 - 4, BAR + 8))
        words += [*_name(row.label, middle), Word("name", "100%", down(middle + 4), row.words, "end")]
    table = Table(head, tuple((row.label, f"{row.value:g}", *row.cells) for row in rows))
    keys = (Key("bar", "now", all_words), Key("bar", "late", late_words))
    return _rows_chart(title, desc, table, (boxes, words), keys)


def pairs(rows: Sequence[Row], *, title: str, desc: str, head: tuple[str, ...]) -> Chart:
    """Before, as an outline, and after, filled, below one another. `head`: name, after, before."""
    highest = max((max(row.value, row.before or 0) for row in rows), default=0)
    if highest <= 0:
        return nothing(title, desc, head)
    boxes, words = [], []
    for at, row in enumerate(rows):
        middle = at * ROW + ROW / 2
        boxes.append(_bar("before", (row.before or 0) / highest, middle - 14, 12, is_hollow=True))
        boxes.append(_bar("now", row.value / highest, middle + 1, 12))
        words += [*_name(row.label, middle), Word("name", "100%", down(middle + 4), row.words, "end")]
    table = Table(head, tuple((row.label, *row.cells) for row in rows))
    keys = (Key("bar", "now", head[1]), Key("hollow", "before", head[2]))
    return _rows_chart(title, desc, table, (boxes, words), keys)


def _rows_chart(
    title: str, desc: str, table: Table, shapes: tuple[list[Box], list[Word]], keys: tuple[Key, ...]
) -> Chart:
    height = len(table.rows) * ROW
    boxes, words = tuple(shapes[0]), tuple(shapes[1])
    return Chart(title, desc, height, table, boxes=boxes, segments=(_left(height),), words=words, keys=keys)
