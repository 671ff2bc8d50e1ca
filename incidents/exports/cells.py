"""What may stand in a cell: words that no spreadsheet takes for a formula, numbers as numbers, times with a zone."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import TypeAlias

import phonenumbers

# An aware datetime is in the zone in which it is to be read.
Cell: TypeAlias = str | int | Decimal | dt.datetime | dt.date | None

LONGEST = 32_767  # characters in a cell of Excel
# Control characters but tab and line feed; halves of characters; what is no character; marks that turn the direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_STARTS_A_FORMULA = frozenset("=+-@\u2212")
_BREAKS = ("\t", "\n")
_NUMBER_TO_DIAL = re.compile(r"\+[0-9]+(?: [0-9]+)*")


def plain(text: str) -> str:
    """`text` without what nobody sees; line ends as line feeds."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe(text: str) -> str:
    """`text` as a cell: with an apostrophe before it where a spreadsheet would begin to reckon.

    Full-width and small forms of the signs count, and so do signs behind spaces. A telephone number in digits and
    spaces stays as it is: nothing in it can be reckoned.
    """
    if text[:1].isalnum() and text.isascii() and text.isprintable():
        return text[:LONGEST]  # most are; digits and letters begin no formula
    begins_with_a_break = text.startswith((*_BREAKS, "\r"))
    found = plain(text)[: LONGEST - 1]
    if _NUMBER_TO_DIAL.fullmatch(found):
        return found
    first = unicodedata.normalize("NFKC", found.lstrip()[:1])[:1]
    return f"'{found}" if begins_with_a_break or first in _STARTS_A_FORMULA else found


def phone(normalized: str | None, typed: str | None) -> str:
    """`+13125550100` as people read it, in digits and spaces: +1 312 555 0100."""
    if not normalized:
        return typed or ""
    try:
        number = phonenumbers.parse(normalized)
    except phonenumbers.NumberParseException:
        return typed or normalized
    spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return " ".join(re.sub(r"[^0-9+]", " ", spaced).split()) if number.extension is None else typed or normalized


def local(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.datetime | None:
    return moment.astimezone(zone) if moment else None
