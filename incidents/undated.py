"""Days taken out of words: "the order from 12 March" is "the order from the other day". Imports nothing of ours.

The time of day stays: eleven at night belongs to a story. Whoever made the story reads it before others do.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?!\w)(?:\.(?=\s*[\d,a-z]))?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?:19|20)\d\d)?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATES = (
    r"(?:19|20)\d\d-\d{1,2}-\d{1,2}",
    r"\d{1,2}[./]\d{1,2}[./](?:(?:19|20)\d\d|\d\d)",
    rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
    rf"{_MONTH}\s+{_DAY}{_YEAR}",
)
_DATED = re.compile(
    rf"(?<!\w)(?:(?:on|last|this|next)\s+)*(?:{_WEEKDAY},?\s+)?(?:{'|'.join(_DATES)}|{_WEEKDAY})(?!\w)"
    r"(?:\s+(?:19|20)\d\d(?!\w))?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:^|[.!?…]\s+|\n\s*)$")


def without_days(text: str) -> str:
    """`text` with "the other day" for every date and day of the week."""

    def instead(found: re.Match[str]) -> str:
        words = _("the other day")
        is_first = _SENTENCE.search(text, max(0, found.start() - 4), found.start())
        return words[:1].upper() + words[1:] if is_first else words

    return _DATED.sub(instead, text)
