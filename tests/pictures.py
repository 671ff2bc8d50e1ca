"""Small files to hand in."""

from __future__ import annotations

import io
import random

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 20), colour: str = "red") -> bytes:
    """A one-coloured picture in any form that Pillow writes."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def noise(side: int = 600) -> bytes:
    """A PNG that stays larger than a megabyte however it is written."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()
