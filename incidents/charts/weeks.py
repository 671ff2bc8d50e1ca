"""Side by side: bars and lines of weeks, with the time before beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from incidents.charts.shapes import Box, Chart, Dot, Key, Point, Segment, Table, Word, across, down, nothing

TOP, FOOT = 22, 24  # above the plot for the highest word, below it for the labels
PLOT = 150
MOST_LABELS = 6
EDGE = 10.0  # the figures of the lines stand left of it


def scale_of(highest: float, most: float | None = None) -> tuple[float, ...]:
    """Round figures from nothing to `highest` or beyond, three at most above nothing. `most`: where it must end."""
    if most is not None:
        return (0, most / 2, most)
    if highest <= 0:
        return (0, 1)
    step = 10.0 ** math.floor(math.log10(highest))
    for times in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0):
        if highest <= 3 * step * times and (step * times >= 1 or highest < 1):
            return tuple(step * times * n for n in range(math.ceil(highest / (step * times) - 1e-9) + 1))
    return (0, step * 10)


def _plain(number: float) -> str:
    return f"{number:g}"


def _height_of(value: float, top: float) -> float:
    return TOP + PLOT * (1 - value / top)


def _grid(scale: Sequence[float], unit: str) -> tuple[list[Segment], list[Word]]:
    """Lines across, each with its figure before it."""
    lines, words = [], []
    for value in scale:
        y = _height_of(value, scale[-1])
        lines.append(Segment("grid" if value else "base", across(EDGE), down(y), "100%", down(y)))
        if value:
            words.append(Word("word", "0%", down(y + 4), f"{_plain(value)}{unit}"))
    return lines, words


def _labels(points: Sequence[Point]) -> list[Word]:
    """As many below the plot as fit a phone, the last one always."""
    step = max(1, math.ceil(len(points) / MOST_LABELS))
    wide = (100 - EDGE) / len(points)
    shown = []
    for at, point in enumerate(points):
        if (len(points) - 1 - at) % step:
            continue
        x, anchor = EDGE + (at + 0.5) * wide, "middle"
        if len(points) > 4 and at == 0:
            x, anchor = EDGE, "start"
        elif len(points) > 4 and at == len(points) - 1:
            x, anchor = 100.0, "end"
        shown.append(Word("word", across(x), str(TOP + PLOT + 17), point.label, anchor))
    return shown


def _table(points: Iterable[Point], head: tuple[str, ...]) -> Table:
    has_before = len(head) > 2
    rows = ((p.label, p.words, p.before_words) if has_before else (p.label, p.words) for p in points)
    return Table(head, tuple(rows))


def _figures(points: Iterable[Point]) -> list[float]:
    return [value for point in points for value in (point.value, point.before) if value is not None]


def columns(
    points: Sequence[Point], *, title: str, desc: str, head: tuple[str, ...], unit: str = "", most: float | None = None
) -> Chart:
    """A bar for each; what was before is the outline around it. `head`: of the table, with "before" as the third."""
    if not points:
        return nothing(title, desc, head)
    scale = scale_of(max(_figures(points), default=0), most)
    lines, words = _grid(scale, unit)
    wide = (100 - EDGE) / len(points)
    boxes = []
    for at, point in enumerate(points):
        if point.before is not None:
            y = _height_of(point.before, scale[-1])
            x, width = EDGE + (at + 0.1) * wide, 0.8 * wide
            boxes.append(Box("before", across(x), down(y), across(width), down(TOP + PLOT - y), is_hollow=True))
        if point.value:
            y = _height_of(point.value, scale[-1])
            boxes.append(
                Box("now", across(EDGE + (at + 0.24) * wide), down(y), across(0.52 * wide), down(TOP + PLOT - y))
            )
    keys = (Key("bar", "now", head[1]), Key("hollow", "before", head[2])) if len(head) > 2 else ()
    return Chart(
        title,
        desc,
        TOP + PLOT + FOOT,
        _table(points, head),
        boxes=tuple(boxes),
        segments=tuple(lines),
        words=(*words, *_labels(points)),
        keys=keys,
    )


def line(
    points: Sequence[Point], *, title: str, desc: str, head: tuple[str, ...], unit: str = "", most: float | None = None
) -> Chart:
    """A line with dots; what was before is dashed and has none. Where there is nothing, the line has a gap."""
    if not _figures(points):
        return nothing(title, desc, head)
    scale = scale_of(max(_figures(points)), most)
    grid, words = _grid(scale, unit)
    wide = (100 - EDGE) / len(points)
    places = [EDGE + (at + 0.5) * wide for at in range(len(points))]
    now = _path(places, [point.value for point in points], scale[-1], ink="now", width="2.5")
    before = _path(places, [point.before for point in points], scale[-1], ink="before", width="1.5", dashes="5 4")
    dots = tuple(
        Dot("now", across(x), down(_height_of(point.value, scale[-1])))
        for x, point in zip(places, points, strict=True)
        if point.value is not None
    )
    keys = (Key("line", "now", head[1]), Key("dashed", "before", head[2])) if len(head) > 2 else ()
    return Chart(
        title,
        desc,
        TOP + PLOT + FOOT,
        _table(points, head),
        segments=(*grid, *before, *now),
        dots=dots,
        words=(*words, *_labels(points)),
        keys=keys,
    )


def _path(
    places: Sequence[float], values: Sequence[float | None], top: float, *, ink: str, width: str, dashes: str = "none"
) -> list[Segment]:
    known = [(x, value) for x, value in zip(places, values, strict=True)]
    return [
        Segment(ink, across(x1), down(_height_of(a, top)), across(x2), down(_height_of(b, top)), width, dashes)
        for (x1, a), (x2, b) in pairwise(known)
        if a is not None and b is not None
    ]
