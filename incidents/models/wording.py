"""The words somebody looks for, and whether a story says them: no accents, no case, and a beginning is enough."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import Q

from incidents.models.base import SHORT
from incidents.models.incident_indexes import WORDS
from incidents.models.staff import Staff

MOST_WORDS = 12
SHORTEST_BEGINNING = 3  # letters; a shorter word is looked for as it stands
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)+|[^\W_]+")


def words_of(term: str) -> list[str]:
    """What was typed, cut into words as `incidents_words` cuts stories."""
    return [word[:SHORT] for word in words_in(term)][:MOST_WORDS]


def words_in(text: str) -> list[str]:
    """All the words of a text, without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def says(words: list[str]) -> SearchVectorExact:
    """Whether the story has a word that begins like each of these; at least one. Answered by an index."""
    return story_says(asking(words))


def asking(words: list[str]) -> str:
    """The same, as PostgreSQL reads it."""
    return " & ".join(f"'{word}'{':*' if len(word) >= SHORTEST_BEGINNING else ''}" for word in words)


def story_says(asked: str) -> SearchVectorExact:
    story = SearchVector("what_happened", config=WORDS)  # as the index has it
    return SearchVectorExact(story, SearchQuery(asked, config=WORDS, search_type="raw"))


def may_read(staff: Staff) -> Q:
    """The incidents among those `staff` may see whose words they may read, and so find: `access.can_read_whole`."""
    return Q() if staff.is_manager else Q(is_restricted=False) | Q(assignee=staff)
