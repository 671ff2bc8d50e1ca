"""Names taken out of words: "Nora's room, call +1 312 555 0100" is "The customer's room, call a phone number".

Imports nothing of ours. Whole words only, whatever their case and accents, the longest name first. Whoever knows the
names says what stands instead; e-mail addresses, long numbers and references go without anybody knowing them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.common_words import ABBREVIATIONS, AUXILIARIES, COMMON, JOBS, PARTICLES, PRONOUNS, SHORT, TITLES

_ODD = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’ʼ](?:[^\W\d_][\u0300-\u036f]*)+)*|\d+")
_RUNNING_ON = re.compile("[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")  # scripts without spaces
_OF = re.compile(r"['’ʼ]s$", re.IGNORECASE)
_GAP = re.compile(r"[\W_]{0,4}")
_EMAIL = re.compile(r"[\w.+%'-]*\w@\w[\w-]*(?:\.[\w-]+)+")
_REFERENCE = re.compile(r"(?<!\w)R-?\d{4}-?\d{3,}(?!\w)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![^\W_])[+(]{0,2}\d(?:[ \t\u00a0().\-–/]{0,3}\d){4,}")
_CODE = re.compile(r"(?<![^\W_])(?:#\s?\d{3,}|(?=(?:[A-Za-z-]*\d){3})[A-Z][A-Za-z]{0,5}\d*(?:-?[A-Za-z0-9]+)*)(?!\w)")
_DAY, _MONEY = r"(?:0?[1-9]|[12]\d|3[01])", r"[$€£¥]|USD|EUR|GBP|CHF|CAD|AUD|JPY|SEK|NOK|DKK|PLN"
_KEPT = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d-{_DAY}-{_DAY}|{_DAY}[./-]{_DAY}[./-](?:(?:19|20)\d\d|\d\d)|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?"
    rf"|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d|(?:{_MONEY})\s?\d[\d.,]*|\d[\d.,]*\s?(?:{_MONEY}|%))(?![\d-])"
)
_BETWEEN = re.compile(r"[\s.\-–]*(?:(?:[^\W\d_]\.?|van|von|der|den|de|del|della|da|di|la|le|bin|ibn)[\s.\-–]+)*")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.[ \u00a0]?){2,4}")
_SENTENCE = re.compile(r"(?:^|[.!?…]['\"”’)]*\s+|\n\s*)[\"“'‘(]*$")


def fold(word: str) -> str:
    """As words are compared: no case, no accents, no apostrophes."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_ODD))
    return "".join(c for c in plain if c.isalnum())


def parts_of(name: str) -> list[str]:
    """The name, and each word of it that names somebody by itself; hyphenated ones whole and in their halves."""
    found = [name]
    for part in name.split():
        halves = part.split("-")
        for each in dict.fromkeys([part, *halves]):
            word = fold(each)
            is_long = len(word) >= 3 or _RUNNING_ON.search(each) or (len(word) == 2 and word not in SHORT)
            if is_long and word not in TITLES | PARTICLES and not word.isdigit():
                found.append(each.strip(".,;:()[]\"'"))
    if len(words := [fold(w) for w in _WORD.findall(name)]) > 1:
        found.append("".join(words))
    return list(dict.fromkeys(each for each in found if each))


def is_a_job(words: str) -> bool:
    """ "the sales manager" names nobody."""
    found = [fold(word) for word in _WORD.findall(words)]
    return bool(found) and all(word in JOBS for word in found)


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    instead: str


@dataclass(frozen=True)
class _Key:
    words: tuple[str, ...]
    instead: str
    needs_capital: bool


class Names:
    """Names made ready to be looked for in many texts.

    `always` go whatever their case; single words of `careful` only where they are written with a capital.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        always: Mapping[str, str] | None = None,
        careful: Mapping[str, str] | None = None,
    ) -> None:
        self.keys: dict[str, list[_Key]] = {}
        self.patterns: list[tuple[re.Pattern[str], str]] = []
        self.initials: dict[str, str] = {}
        for name, instead in (always or {}).items():
            self._learn(name, instead, is_sure=True)
        for name, instead in names.items():
            self._learn(name, instead)
        for name, instead in (careful or {}).items():
            self._learn(name, instead, is_careful=True)
        for keys in self.keys.values():
            keys.sort(key=lambda key: -len(key.words))  # stable: of equals, the one learnt first

    def _learn(self, name: str, instead: str, *, is_sure: bool = False, is_careful: bool = False) -> None:
        name = unicodedata.normalize("NFC", name).strip()
        letters = [c for c in name if c.isalnum()]
        if any(c.isdigit() for c in letters) or _RUNNING_ON.search(name) or (is_sure and not letters):
            inside = r"[\W_]{0,3}".join(map(re.escape, letters)) or re.escape(name)
            edge = "" if _RUNNING_ON.search(name) or not letters else r"(?!\w)"
            before = r"(?<!\w)" if edge else ""
            if len(letters) > 1 or is_sure:
                self.patterns.append((re.compile(before + inside + edge, re.IGNORECASE), instead))
            return
        found = _WORD.findall(name)
        spellings = {tuple(map(fold, found)), tuple(fold(w.casefold().translate(_UMLAUTS)) for w in found)} - {()}
        for words in spellings:
            is_common = len(words) == 1 and (is_careful or words[0] in COMMON or len(words[0]) < 3)
            self.keys.setdefault(words[0], []).append(_Key(words, instead, is_common and not is_sure))
            if len(words) > 1 and not is_sure and not is_careful:
                self.initials.setdefault("".join(word[0] for word in words), instead)

    def hide(self, text: str) -> str:
        """`text` with what stands instead of every name."""
        if not text:
            return text
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
        taken = _without_overlaps([*self._numbers(text), *self._names(text), *self._initials(text)])
        pieces, at = [], 0
        for found in _joined(taken, text):
            start = max(at, _with_article(text, found.start, found.instead))
            is_first = _SENTENCE.search(text, max(0, start - 8), start) is not None and found.instead[:1].isalpha()
            instead = found.instead[:1].upper() + found.instead[1:] if is_first else found.instead
            pieces += [text[at:start], instead]
            at = found.end
        return "".join([*pieces, text[at:]])

    def _numbers(self, text: str) -> Iterator[_Found]:
        for pattern, instead in self.patterns:
            yield from (_Found(*m.span(), instead) for m in pattern.finditer(text))
        yield from (_Found(*m.span(), _("an e-mail address")) for m in _EMAIL.finditer(text))
        yield from (_Found(*m.span(), _("a reference")) for m in _REFERENCE.finditer(text))
        rest = _KEPT.sub(lambda m: "_" * len(m.group()), text)
        for m in (*_NUMBER.finditer(rest), *_CODE.finditer(rest)):
            is_phone = m.re is _NUMBER and sum(c.isdigit() for c in m.group()) > 6
            yield _Found(*m.span(), _("a phone number") if is_phone else _("a number"))

    def _names(self, text: str) -> Iterator[_Found]:
        words = list(_WORD.finditer(text))
        folded = [fold(word.group()) for word in words]
        for at, word in enumerate(words):
            found = self._at(text, words, folded, at)
            if found is not None:
                start = self._with_title(text, words, folded, at)
                end = found.end
                after = re.match(r"[ \u00a0]([B-HJ-Z])(?!\w)(\.(?=\s*[a-z,]))?", text[end : end + 6])
                if after and any(after[1].casefold() in held for held in self.initials):
                    end += after.end()
                yield _Found(start, end, found.instead + _tail(word.group() if found.end == word.end() else ""))

    def _at(self, text: str, words: list[re.Match[str]], folded: list[str], at: int) -> _Found | None:
        """The longest name that begins with word `at`."""
        for first in _readings(words[at].group()):
            for key in self.keys.get(first, ()):
                end = at + len(key.words)
                if end > len(words) or (key.needs_capital and not _is_written_as_a_name(words, folded, at)):
                    continue
                last = words[end - 1]
                if key.words[-1] not in _readings(last.group()) or tuple(folded[at : end - 1]) != key.words[:-1]:
                    continue
                if all(_GAP.fullmatch(text, words[n].end(), words[n + 1].start()) for n in range(at, end - 1)):
                    tail = _tail(last.group()) if end - at > 1 else ""
                    return _Found(words[at].start(), last.end(), key.instead + tail)
        return None

    def _with_title(self, text: str, words: list[re.Match[str]], folded: list[str], at: int) -> int:
        """Where it begins with the "Mrs" and the initials before it."""
        start = words[at].start()
        while at:
            before = words[at - 1]
            gap = text[before.end() : start]
            is_initial = gap in {".", ". "} and any(folded[at - 1] == held[0] for held in self.initials)
            if not (folded[at - 1] in TITLES and gap in {" ", ". ", ".", "\u00a0"}) and not (
                is_initial and len(before.group()) == 1 and before.group().isupper()
            ):
                break
            at, start = at - 1, before.start()
        return start

    def _initials(self, text: str) -> Iterator[_Found]:
        for m in _INITIALS.finditer(text):
            if instead := self.initials.get(fold(m.group())):
                yield _Found(m.start(), m.end() - (m.group()[-1].isspace()), instead)
        for word in _WORD.finditer(text):
            letters = word.group()
            is_pair = letters.isupper() and 1 < len(letters) < 4 and fold(letters) not in ABBREVIATIONS
            if is_pair and (instead := self.initials.get(fold(letters))):
                yield _Found(*word.span(), instead)


def hide(words: str, names: Mapping[str, str]) -> str:
    """`words` with what `names` says in the place of each name. For many texts make `Names` once."""
    return Names(names).hide(words)


def names_with_parts(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(name, what stands instead), whole and in parts; whoever comes first keeps a part that two of them have."""
    found: dict[str, str] = {}
    for name, instead in people:
        for part in parts_of(name):
            found.setdefault(part, instead)
    return found


def _readings(word: str) -> tuple[str, ...]:
    """What the word may be: itself, and without the `s` of an owner or of a family."""
    plain = fold(word)
    if _OF.search(word):
        return (fold(_OF.sub("", word)), plain)
    return (plain, plain[:-1]) if plain.endswith("s") and len(plain) > 4 else (plain,)


def _is_written_as_a_name(words: list[re.Match[str]], folded: list[str], at: int) -> bool:
    """With a capital; "Will you come?" is a question."""
    asks = folded[at] in AUXILIARIES and at + 1 < len(words) and folded[at + 1] in PRONOUNS
    return words[at].group()[0].isupper() and not asks


def _tail(word: str) -> str:
    held = _OF.search(word)
    return held.group() if held else ""


def _without_overlaps(found: list[_Found]) -> list[_Found]:
    """In the order of the text. Of two over the same letters, the one named first keeps them; alike, they are one."""
    kept: list[_Found] = []
    for each in found:
        over = [other for other in kept if other.start < each.end and each.start < other.end]
        if not over:
            kept.append(each)
        elif len(over) == 1 and _same(over[0], each):
            kept.remove(over[0])
            kept.append(_Found(min(over[0].start, each.start), max(over[0].end, each.end), each.instead))
    return sorted(kept, key=lambda each: each.start)


def _joined(found: list[_Found], text: str) -> Iterator[_Found]:
    """Two words of one name, side by side, are one person."""
    before: _Found | None = None
    for each in found:
        if before and _same(before, each) and _BETWEEN.fullmatch(text, before.end, each.start):
            before = _Found(before.start, each.end, each.instead)
            continue
        if before:
            yield before
        before = each
    if before:
        yield before


def _same(one: _Found, other: _Found) -> bool:
    return one.instead == other.instead or other.instead == one.instead + _tail(other.instead)


def _with_article(text: str, start: int, instead: str) -> int:
    """ "the Novaks" is "the customer", not "the the customer"."""
    m = re.search(r"(?<!\w)(?:the|our|a|an)\s+$", text[max(0, start - 6) : start], re.IGNORECASE)
    articles = ("the ", "a ", "an ")
    return start - len(m.group()) if m and instead.casefold().startswith(articles) else start
