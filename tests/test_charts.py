"""Charts are plain shapes: their geometry, and the table that says the same."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.charts import Point, Row, ageing, columns, line, pareto
from incidents.charts.weeks import scale_of

WEEKS = [Point("2 Mar", 4, "4", 2, "2"), Point("9 Mar", None, "", 3, "3"), Point("16 Mar", 6, "6", None, "")]
SAID: dict[str, Any] = {"title": "Each week", "desc": "Four to six.", "head": ("Week", "Now", "Before")}


@pytest.mark.parametrize(
    ("highest", "scale"), [(0, (0, 1)), (1, (0, 1)), (6, (0, 2, 4, 6)), (38, (0, 20, 40)), (100, (0, 50, 100))]
)
def test_lines_across_stand_at_round_figures(highest: float, scale: tuple[float, ...]) -> None:
    assert scale_of(highest) == scale


def test_bars_stand_on_the_ground_and_the_table_says_the_same() -> None:
    drawn = columns(WEEKS, **SAID)
    ends = {round(float(box.y) + float(box.height), 1) for box in drawn.boxes}
    assert len(ends) == 1
    assert [box.is_hollow for box in drawn.boxes] == [True, False, True, False]
    assert drawn.table.rows == (("2 Mar", "4", "2"), ("9 Mar", "", "3"), ("16 Mar", "6", ""))


def test_a_line_has_a_gap_where_there_is_nothing() -> None:
    drawn = line(WEEKS, **SAID)
    assert len(drawn.dots) == 2
    assert [each.ink for each in drawn.segments if each.ink not in {"grid", "base"}] == ["before"]


def test_what_adds_up_ends_at_all_of_it() -> None:
    drawn = pareto([Row("A", 3, "3"), Row("B", 1, "1")], title="", desc="", head=("Cause", "n"), sum_words="Added up")
    assert [dot.x for dot in drawn.dots] == ["69.50%", "80.00%"]


def test_nothing_is_drawn_of_nothing() -> None:
    said: dict[str, Any] = {"title": "", "desc": "", "head": ("Open for", "Open", "Late")}
    assert ageing([Row("Today", 0, "0")], all_words="", late_words="", **said).is_empty
    assert line([Point("2 Mar", None, "")], **SAID).is_empty
