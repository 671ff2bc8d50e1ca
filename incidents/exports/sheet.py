"""The two forms of a file. Each is written in pieces, which `join()` puts together: pieces survive a process."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, ClassVar, Protocol

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from incidents.exports.cells import Cell, safe
from incidents.exports.listing import Column, Kind, Listing


class Form(Protocol):
    """How rows become bytes. A piece has no head; `at` is how many rows stand before it."""

    ending: ClassVar[str]
    content_type: ClassVar[str]
    most_rows: ClassVar[int | None]

    def piece(self, out: IO[bytes], listing: Listing, rows: Sequence[Any], *, at: int) -> None: ...

    def join(self, out: IO[bytes], listing: Listing, pieces: Sequence[Path | IO[bytes]], *, count: int) -> None: ...


def _opened(piece: Path | IO[bytes]) -> IO[bytes]:
    if isinstance(piece, Path):
        return piece.open("rb")
    piece.seek(0)
    return piece


class Csv:
    """UTF-8 with the mark by which Excel knows it; lines end as RFC 4180 has it."""

    ending: ClassVar[str] = "csv"
    content_type: ClassVar[str] = "text/csv; charset=utf-8"
    most_rows: ClassVar[int | None] = None

    def __init__(self, folder: str | None = None) -> None:
        """`folder` is for what Excel's form needs beside."""

    def piece(self, out: IO[bytes], listing: Listing, rows: Sequence[Any], *, at: int) -> None:
        self._write(out, (map(self._text, listing.cells(row)) for row in rows))

    def join(self, out: IO[bytes], listing: Listing, pieces: Sequence[Path | IO[bytes]], *, count: int) -> None:
        out.write(b"\xef\xbb\xbf")
        self._write(out, [map(safe, listing.heads())])
        for piece in pieces:
            with _opened(piece) as source:
                shutil.copyfileobj(source, out, 1 << 20)

    def _write(self, out: IO[bytes], rows: Iterable[Iterable[str]]) -> None:
        words = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            csv.writer(words, lineterminator="\r\n").writerows(rows)
        finally:
            words.detach()

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, str):
            return safe(cell)
        if isinstance(cell, dt.datetime):
            return cell.isoformat(timespec="seconds")
        if isinstance(cell, dt.date):
            return cell.isoformat()
        return "" if cell is None else str(cell)


SHEET = "xl/worksheets/sheet1.xml"
_HEAD_ENDS, _DATA, _DATA_ENDS = b"</row>", b"<sheetData>", b"</sheetData>"
_EXTENT = re.compile(rb'(<dimension ref="A1:[A-Z]+)1')
_FORMATS = {
    Kind.NUMBER: {"num_format": "0"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm"},
    "day": {"num_format": "yyyy-mm-dd"},
    "head": {"bold": True, "text_wrap": True, "valign": "top"},
}


class _Book:
    """A workbook of one sheet with our formats, each of which has the same number in every workbook.

    Rows leave memory as they are written; texts stand in their cells, so that rows of several books make one sheet.
    """

    def __init__(self, listing: Listing, out: IO[bytes], folder: str | None) -> None:
        how = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        self.book = xlsxwriter.Workbook(out, how)
        self.book.set_properties({"title": str(listing.label), "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        self.formats = {name: self.book.add_format(what) for name, what in _FORMATS.items()}
        for each in self.formats.values():
            each._get_xf_index()  # noqa: SLF001  else numbered as they are first used, which differs from book to book
        self.sheet = self.book.add_worksheet(str(listing.label)[:31])
        for number, name in enumerate(listing.heads()):
            self.sheet.write_string(0, number, safe(name), self.formats["head"])

    def write(self, at: int, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
        for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if isinstance(cell, str):
                if cell:
                    self.sheet.write_string(at, number, safe(cell))
            elif isinstance(cell, dt.datetime):
                self.sheet.write_datetime(at, number, cell.replace(tzinfo=None), self.formats[Kind.MOMENT])
            elif isinstance(cell, dt.date):
                self.sheet.write_datetime(at, number, cell, self.formats["day"])
            elif isinstance(cell, int | Decimal):
                self.sheet.write_number(at, number, cell, self.formats[column.kind])

    def close(self) -> None:
        """Raises OSError when the disk is full."""
        try:
            self.book.close()
        except FileCreateError as problem:
            raise OSError(str(problem)) from problem


class Xlsx:
    """For Excel. Times are of the wall in the zone that its column names: Excel knows no others."""

    ending: ClassVar[str] = "xlsx"
    content_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most_rows: ClassVar[int | None] = 1_048_575  # a sheet of Excel has one more

    def __init__(self, folder: str | None = None) -> None:
        self.folder = folder

    def piece(self, out: IO[bytes], listing: Listing, rows: Sequence[Any], *, at: int) -> None:
        """The rows as they stand inside the sheet of a workbook."""
        with tempfile.TemporaryFile(dir=self.folder) as whole:
            made = _Book(listing, whole, self.folder)
            for number, row in enumerate(rows, start=at + 1):
                made.write(number, listing.columns, listing.cells(row))
            made.close()
            with zipfile.ZipFile(whole) as book:
                sheet = book.read(SHEET)
        begins = sheet.index(_HEAD_ENDS, sheet.index(_DATA)) + len(_HEAD_ENDS)
        out.write(memoryview(sheet)[begins : sheet.rindex(_DATA_ENDS)])

    def join(self, out: IO[bytes], listing: Listing, pieces: Sequence[Path | IO[bytes]], *, count: int) -> None:
        """A workbook with the head alone, and the rows of all pieces put into its sheet."""
        with tempfile.TemporaryFile(dir=self.folder) as head:
            self._shell(listing, head, count)
            with zipfile.ZipFile(head) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
                for member in source.infolist():
                    content = source.read(member)
                    if member.filename != SHEET:
                        target.writestr(member, content, zipfile.ZIP_DEFLATED)
                        continue
                    until = content.rindex(_DATA_ENDS)
                    member.file_size = len(content) + sum(map(_size, pieces))  # tells whether it needs ZIP64
                    with target.open(member, "w") as sheet:
                        sheet.write(_EXTENT.sub(rb"\g<1>%d" % (count + 1), content[:until], count=1))
                        for piece in pieces:
                            with _opened(piece) as rows:
                                shutil.copyfileobj(rows, sheet, 1 << 20)
                        sheet.write(content[until:])

    def _shell(self, listing: Listing, out: IO[bytes], count: int) -> None:
        made = _Book(listing, out, self.folder)
        for number, column in enumerate(listing.columns):
            made.sheet.set_column(number, number, column.width)
        made.sheet.freeze_panes(1, 1)
        made.sheet.autofilter(0, 0, max(count, 1), len(listing.columns) - 1)
        made.close()


def _size(piece: Path | IO[bytes]) -> int:
    return piece.stat().st_size if isinstance(piece, Path) else piece.seek(0, io.SEEK_END)


FORMS: dict[str, type[Csv] | type[Xlsx]] = {"csv": Csv, "xlsx": Xlsx}
