"""What a file says, read as a spreadsheet reads it."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


def csv_rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_of(content: bytes) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == 1
    sheet: Any = book.worksheets[0]
    found: Worksheet = sheet
    return found


def xlsx_rows(content: bytes) -> list[dict[str, Any]]:
    heads, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def column(content: bytes, name: str, form: str = "csv") -> list[Any]:
    rows: list[dict[str, Any]] = [*csv_rows(content)] if form == "csv" else xlsx_rows(content)
    return [row[name] for row in rows]
