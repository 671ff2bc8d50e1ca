"""Both forms of a file: numbers as numbers, times with their zone, nothing that is reckoned, pieces that fit."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.exports.cells import Cell
from incidents.exports.listing import Column, Kind, Listing
from incidents.exports.sheet import FORMS
from tests.exports.reading import csv_rows, sheet_of, xlsx_rows

ZONE = ZoneInfo("America/Chicago")
SPRING = dt.datetime(2026, 3, 8, 9, 0, tzinfo=dt.UTC).astimezone(ZONE)  # an hour after the clocks moved


@dataclass(frozen=True)
class Row:
    words: Cell = "plain"
    number: Cell = 3
    money: Cell = Decimal("1234.50")
    moment: Cell = SPRING
    is_whole: bool = True


def of(name: str) -> Any:
    return lambda row: getattr(row, name)


LISTING = Listing(
    "made-up",
    "made-up",
    "Made up",  # type: ignore[arg-type]
    (
        Column("Words", of("words"), is_own=True),  # type: ignore[arg-type]
        Column("=Number", of("number"), Kind.NUMBER),  # type: ignore[arg-type]
        Column("Money", of("money"), Kind.MONEY),  # type: ignore[arg-type]
        Column("Moment", of("moment"), Kind.MOMENT),  # type: ignore[arg-type]
    ),
    lambda staff, numbers, now: [],
    lambda row: None,
)


def written(form: str, *pieces: Sequence[Row]) -> bytes:
    made, out, at = FORMS[form](), io.BytesIO(), 0
    parts: list[Any] = []
    for rows in pieces:
        part = io.BytesIO()
        made.piece(part, LISTING, rows, at=at)
        parts.append(io.BytesIO(part.getvalue()))
        at += len(rows)
    made.join(out, LISTING, parts, count=at)
    return out.getvalue()


def test_csv_says_numbers_and_times_plainly() -> None:
    content = written("csv", [Row(), Row(words=None, number=None, money=None, moment=dt.date(2026, 3, 8))])
    first, second = csv_rows(content)
    assert first == {
        "Words": "plain",
        "'=Number": "3",
        "Money": "1234.50",
        "Moment": "2026-03-08T04:00:00-05:00",
    }
    assert second == {"Words": "", "'=Number": "", "Money": "", "Moment": "2026-03-08"}
    assert content.count(b"\r\n") == 3


def test_excel_has_numbers_and_times_of_the_wall() -> None:
    sheet = sheet_of(written("xlsx", [Row(), Row(moment=dt.date(2026, 3, 8), words=None)]))
    words, number, money, moment = sheet[2]
    assert (words.value, words.data_type) == ("plain", "s")
    assert (number.value, number.number_format) == (3, "0")
    assert (money.value, money.number_format) == (1234.5, "#,##0.00")
    assert (moment.value, moment.number_format) == (dt.datetime(2026, 3, 8, 4, 0), "yyyy-mm-dd hh:mm")  # noqa: DTZ001
    assert sheet[3][3].number_format == "yyyy-mm-dd"
    assert sheet[3][0].value is None
    assert sheet[1][0].font.b
    assert not number.font.b
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.dimensions) == ("B2", "A1:D3", "A1:D3")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("cut", [(0, 3), (1, 3), (2, 2), (3, 3)])
def test_it_does_not_matter_how_it_was_cut(form: str, cut: tuple[int, int]) -> None:
    """Cells of the first piece are empty, so that formats are first used in another order."""
    rows = [Row(money=None, moment=None), Row(number=None), Row(words="last")]
    pieces = [rows[: cut[0]], rows[cut[0] : cut[1]], rows[cut[1] :]]
    content = written(form, *(piece for piece in pieces if piece))
    if form == "csv":
        assert content == written(form, rows)
        return
    assert xlsx_rows(content) == xlsx_rows(written(form, rows))
    sheet = sheet_of(content)
    assert [sheet[4][n].number_format for n in (1, 2, 3)] == ["0", "#,##0.00", "yyyy-mm-dd hh:mm"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_without_rows_it_is_its_head(form: str) -> None:
    content = written(form)
    assert (csv_rows(content) if form == "csv" else xlsx_rows(content)) == []


HOSTILE = [
    "=1+1",
    "＝1+1",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    "-1+2",
    "+1-2",
    "\x00=1",
    "\ud800=1",
    "\u202e=1",
    "{=1}",
    "a\x00b\x07c\ud83dd\u202ee\ufffff",
    "_x0041_",
    "<b>&amp;\"'",
    "]]>",
    'one,"two"\nthree;four',
    "http://example.com",
    "0123",
    "1e5",
    "x" * 40_000,
    "👩‍👩‍👧",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_no_text_becomes_anything_else(text: str) -> None:
    [found] = csv_rows(written("csv", [Row(words=text)]))
    content = written("xlsx", [Row(words=text)])
    cell = sheet_of(content)[2][0]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    said = str(cell.value)
    assert said.replace("_x005F_", "_") == found["Words"]
    assert not said.lstrip().startswith(("=", "+", "-", "@", "＝", "\t"))
    assert not set(said) & {"\x00", "\x07", "\u202e", "\ufffe"}


def test_what_the_reader_has_no_right_to_is_empty() -> None:
    [found] = csv_rows(written("csv", [Row(words="secret", is_whole=False)]))
    assert found["Words"] == ""
    assert found["Money"] == "1234.50"


def test_it_is_one_workbook_and_nothing_besides() -> None:
    with zipfile.ZipFile(io.BytesIO(written("xlsx", [Row()], [Row()]))) as book:
        assert book.testzip() is None
        names = book.namelist()
    assert len(names) == len(set(names))
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
