"""A PDF looked at as somebody with the paper in hand does: page by page, as pictures."""

from __future__ import annotations

import pypdfium2
from PIL import ImageOps

A4 = (595, 842)  # points; one pixel each at scale 1
INSIDE = {"left": 40, "top": 45, "right": 40, "bottom": 20}  # the sheet's margins, a little less: letters stick out
MOST_PAGES = 3  # of the minutes of a meeting with two mistakes
LITTLE = 40  # letters: an empty page has its number only


def read_paper(pdf: bytes) -> str:
    """Its words, after a look at each sheet: printed on, within its margins, no more of them than needed."""
    with pypdfium2.PdfDocument(pdf) as sheets:
        assert 1 <= len(sheets) <= MOST_PAGES, f"{len(sheets)} pages"
        return " ".join(_looked_at(sheet, number) for number, sheet in enumerate(sheets, 1))


def _looked_at(sheet: pypdfium2.PdfPage, number: int) -> str:
    picture = sheet.render(scale=1).to_pil().convert("L")
    assert all(abs(is_ - a4) <= 1 for is_, a4 in zip(picture.size, A4, strict=True)), picture.size
    ink = ImageOps.invert(picture).getbbox()
    assert ink, f"page {number} is empty"
    free = {"left": ink[0], "top": ink[1], "right": picture.width - ink[2], "bottom": picture.height - ink[3]}
    narrow = {side: free[side] for side, least in INSIDE.items() if free[side] < least}
    assert not narrow, f"page {number} is printed into its margins: {narrow}"
    words = " ".join(sheet.get_textpage().get_text_range().split())
    assert len(words) >= LITTLE, f"page {number} says only “{words}”"
    return words
