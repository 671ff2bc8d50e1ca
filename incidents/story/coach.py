"""The apology coach: what a listener would stumble over in the words of an apology.

Plain functions of text. It never blocks, never writes for anybody and remembers nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.story.phrases import Language, Phrase, compiled, language_of

LATE = dt.timedelta(hours=24)
REMEMBERED = dt.timedelta(days=90)
# "I am sorry." is nobody's template.
SHORTEST_TEMPLATE = 24

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\u0060\uff07", "'"))
_QUOTED = re.compile(
    r"“[^“”]{1,600}”|„[^“”„]{1,600}[“”]|«[^«»]{1,600}»|\"[^\"]{1,600}\"|(?<!\w)'(?:[^']|(?<=\w)'(?=\w)){1,600}'(?!\w)"
)
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?;]\s")
_NEAR = 80

_WHY: dict[str, LazyText] = {
    "if_feel": gettext_lazy("“%(phrase)s” doubts that it happened to them. Say what it did to them."),
    "inconvenience": gettext_lazy("“%(phrase)s” fits everybody and so nobody. Name what it cost this customer."),
    "policy": gettext_lazy("“%(phrase)s” is about us. Say what you will do for them."),
    "you_should": gettext_lazy("“%(phrase)s” hands it back to them. Say what we could have done."),
    "were_made": gettext_lazy("“%(phrase)s” hides who it was. Say “we” or “I”."),
    "colleague": gettext_lazy("This sounds like a colleague’s fault. The customer hears all of us: say “we”."),
    "same": gettext_lazy("These are the words of an earlier apology. Add something that fits only this customer."),
    "late": gettext_lazy("We have known for more than a day. Say that you are sorry for the wait too."),
}


@dataclass(frozen=True)
class Caution:
    """One soft warning. `code` is for tests and templates, `words` for people."""

    code: str
    words: str


def cautions(
    words: str,
    *,
    colleagues: Iterable[str] = (),
    about: Iterable[str] = (),
    earlier: Iterable[str] = (),
    late_by: dt.timedelta | None = None,
    language: str | None = "en",
) -> tuple[Caution, ...]:
    """What to think about, each kind once, in the order of a conversation.

    `colleagues` are names of the people here, `about` those of the customer and whoever speaks (never blamed),
    `earlier` the words of other apologies, `late_by` how long the customer has waited for a first one.
    """
    text, heard = tidy(words), language_of(language)
    found: dict[str, str] = {}
    if heard is not None:
        spoken = _own_words(text, heard)
        for phrase in heard.phrases:
            if phrase.code not in found and _occurs(phrase, spoken):
                found[phrase.code] = phrase.shown
        if _blames(spoken, heard, _names(colleagues, about)):
            found["colleague"] = ""
    if is_same(text, earlier, heard):
        found["same"] = ""
    if late_by is not None and late_by > LATE:
        found["late"] = ""
    return tuple(Caution(code, _WHY[code] % {"phrase": found[code]}) for code in _WHY if code in found)


def tidy(words: str) -> str:
    """Single spaces, straight apostrophes; a blank line ends a sentence."""
    text = unicodedata.normalize("NFC", words).translate(_APOSTROPHES)
    return " ".join(re.sub(r"(?<=[^\s.!?])[ \t]*\n\s*\n", ". ", text).split())


def is_same(text: str, earlier: Iterable[str], heard: Language | None = None) -> bool:
    """Whether `text` was said before, word for word, whoever it greeted."""
    mine = _bare(text, heard)
    return len(mine) >= SHORTEST_TEMPLATE and any(_bare(tidy(other), heard) == mine for other in earlier)


def _bare(text: str, heard: Language | None) -> str:
    if heard is not None:
        text = compiled(heard.greeting).sub("", text, count=1)
    return " ".join(_WORD.findall(text.casefold()))


def _own_words(text: str, heard: Language) -> str:
    """Without what somebody else is quoted to have said.

    A quotation is one's own when it follows "I said", or when it is most of what there is.
    """
    quotes = [found for found in _QUOTED.finditer(text) if not _is_own(text[: found.start()], heard)]
    inside = sum(len(_WORD.findall(found[0])) for found in quotes)
    if inside * 2 > len(_WORD.findall(text)):
        return text
    pieces, at = [], 0
    for found in quotes:
        pieces.append(text[at : found.start()])
        at = found.end()
    return " … ".join([*pieces, text[at:]])


def _is_own(before: str, heard: Language) -> bool:
    return compiled(heard.own_speech).search(before[-_NEAR:]) is not None


def _occurs(phrase: Phrase, text: str) -> bool:
    return any(_is_meant(phrase, text, found) for found in compiled(phrase.pattern).finditer(text))


def _is_meant(phrase: Phrase, text: str, found: re.Match[str]) -> bool:
    before = _SENTENCE_END.split(text[max(0, found.start() - _NEAR) : found.start()])[-1]
    after = text[found.end() : found.end() + _NEAR]
    if phrase.unless_before and compiled(phrase.unless_before).search(before):
        return False
    return not (phrase.unless_after and compiled(phrase.unless_after).match(after))


def _names(colleagues: Iterable[str], about: Iterable[str]) -> frozenset[str]:
    """Whole names and each part of them; none that the customer or the speaker bears."""
    spared = {part.casefold() for name in about for part in tidy(name).split()}
    return frozenset(
        name
        for colleague in map(tidy, colleagues)
        for name in (colleague, *colleague.split())
        if len(name) > 2 and not {part.casefold() for part in name.split()} & spared
    )


def _blames(text: str, heard: Language, names: frozenset[str]) -> bool:
    return any(
        not re.search(heard.not_blamed, text[max(0, found.start() - _NEAR) : found.start()], re.IGNORECASE)
        for pattern in _blame(heard, names)
        for found in pattern.finditer(text)
    )


@lru_cache(maxsize=64)
def _blame(heard: Language, names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """The patterns of a place: made once for the people there."""
    name = rf"(?<![\w-])(?:{'|'.join([*_spelled(names, heard), heard.colleague])})(?![\w-])"
    return tuple(re.compile(_around(pattern, name)) for pattern in heard.blame)


def _around(pattern: str, name: str) -> str:
    """Fault words in any case; the name as `_spelled` says."""
    return "".join(name if piece == "{name}" else f"(?i:{piece})" for piece in _pieces(pattern) if piece)


def _pieces(pattern: str) -> Iterator[str]:
    before, _name, after = pattern.partition("{name}")
    yield from (before, "{name}", after)


def _spelled(names: Iterable[str], heard: Language) -> Iterator[str]:
    """Longest first. A name that is a word too is one only as it is written."""
    for name in sorted(names, key=lambda one: (-len(one), one)):
        is_word = name.casefold() in heard.also_words
        yield re.escape(name) if is_word else f"(?i:{re.escape(name)})"


def checklist() -> tuple[str, ...]:
    """What a good apology has, in an order that works. Tips: nothing of it is required."""
    return (
        _("We own it: “we”, and no “but”."),
        _("What you will do, and by when."),
        _("Sorry, and for what: name what it did to them."),
        _("How it happened: short and true."),
        _("What changes, so that it does not happen to them again."),
        _("Asking them to forgive is up to you. They owe us nothing."),
    )


def checklist_of_explaining() -> tuple[str, ...]:
    """When it was not our fault: regret and an explanation."""
    return (
        _("That it happened to them, and that you are sorry it did."),
        _("How it happened: short and true, without blaming anybody."),
        _("What you can do for them all the same, and by when."),
    )


def manners() -> tuple[str, ...]:
    return (
        _("Listen to the end before you speak."),
        _("Say the feeling you heard: “You were worried”, “That was a bad night”."),
        _("Thank them for telling us."),
    )
