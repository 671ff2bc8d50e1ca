"""Whether words only say that somebody was at fault: "human error" is where asking begins, not what it comes to.

Imports nothing of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

_LEFT_OUT = frozenset(
    word
    for words in (
        "a an the it it's its was were is just simply only our one of us this by due to because",
        "my their his her somebody's someone's plain pure",
    )
    for word in words.split()
)


def _phrases() -> frozenset[str]:
    """As people say it, also in the reader's language."""
    said = _(
        "human error, human mistake, human failure, operator error, user error, staff error, error, mistake, "
        "carelessness, careless, negligence, inattention, not paying attention, did not pay attention, "
        "somebody made mistake, someone made mistake, somebody made error, someone made error, somebody forgot, "
        "someone forgot, forgot, forgetfulness, somebody was careless, someone was careless, stupidity, laziness"
    )
    return frozenset(_plain(phrase) for phrase in said.split(","))


def _plain(words: str) -> str:
    text = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    return " ".join(word for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text) if word not in _LEFT_OUT)


def blames_only(lines: Iterable[str]) -> bool:
    """Every line that says something says nothing else. False when no line says anything."""
    said = [plain for line in lines if (plain := _plain(line))]
    known = _phrases()
    return bool(said) and all(line in known for line in said)
