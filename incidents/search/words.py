"""Words as people type them: mended where no story knows them, and marked where a story says them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from rapidfuzz.distance import OSA

from incidents.models.base import sort_key

SHORTEST_SLIP = 4  # letters; what is shorter may be anything
AROUND = 60  # letters of a story before the first word that was found
SNIPPET = 180
_PIECE = re.compile(r"[^\W_]+|[\W_]+")

# Of each typed word: whether a story knows it, or one that begins so; if not, the words that may have been meant,
# by their trigrams, or by their first two letters when letters changed places in a short one.
_ALIKE = """
    SELECT typed.at, alike.word, alike.stories
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS typed (word, at)
    CROSS JOIN LATERAL (
        (SELECT word, stories FROM incidents_word WHERE word %% typed.word
         ORDER BY similarity(word, typed.word) DESC, stories DESC LIMIT 12)
        UNION
        (SELECT word, stories FROM incidents_word
         WHERE word LIKE left(typed.word, 2) || '%%' AND abs(length(word) - length(typed.word)) <= 1
         ORDER BY similarity(word, typed.word) DESC, stories DESC LIMIT 12)
    ) AS alike
    WHERE NOT EXISTS (SELECT FROM incidents_word WHERE word LIKE typed.word || '%%')
    ORDER BY typed.at, alike.stories DESC, alike.word
"""


def mended(words: list[str]) -> list[str] | None:
    """The words that may have been meant; None when nothing was to mend. One statement.

    It knows the words of all places: whoever shows them must have found something with them first.
    """
    slips = {at: word for at, word in enumerate(words) if len(word) >= SHORTEST_SLIP and word.isalpha()}
    if not slips:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"words": list(slips.values())})
        rows = cursor.fetchall()
    better = list(words)
    for number, (at, typed) in enumerate(slips.items(), 1):
        # At the same distance a letter left out is likelier than one too many.
        near = [
            (OSA.distance(typed, word), len(word) < len(typed), -stories, word)
            for where, word, stories in rows
            if where == number
        ]
        if near and min(near)[0] <= _slips_in(typed):
            better[at] = min(near)[-1]
    return better if better != words else None


def _slips_in(word: str) -> int:
    """How many letters may be wrong, missing, too many or swapped."""
    return 1 if len(word) <= 5 else 2


@dataclass(frozen=True)
class Piece:
    """A part of a story; `is_hit` when somebody looked for it."""

    text: str
    is_hit: bool = False


def marked(story: str, words: list[str]) -> list[Piece]:
    """The part of the story around the first word that was found, cut where words were."""
    pieces = [Piece(text, _is_one_of(text, words)) for text in _PIECE.findall(story)]
    first = next((at for at, piece in enumerate(pieces) if piece.is_hit), 0)
    begin, before = first, 0
    while begin and before + len(pieces[begin - 1].text) <= AROUND:
        begin -= 1
        before += len(pieces[begin].text)
    if begin == 1 and len(pieces[0].text) == 1:
        begin = 0
    begin += bool(begin and not pieces[begin].text[0].isalnum())
    end, length = begin, 0
    while end < len(pieces) and length + len(pieces[end].text) <= SNIPPET:
        length += len(pieces[end].text)
        end += 1
    shown = pieces[begin:end] or [Piece(story[:SNIPPET])]
    return [*([Piece("… ")] if begin else []), *_joined(shown), *([Piece(" …")] if end < len(pieces) else [])]


def _is_one_of(text: str, words: list[str]) -> bool:
    key = sort_key(text)
    return any(key.startswith(word) if len(word) > 2 else key == word for word in words)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """What follows each other alike is one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].is_hit == piece.is_hit:
            found[-1] = Piece(found[-1].text + piece.text, piece.is_hit)
        else:
            found.append(piece)
    return found
