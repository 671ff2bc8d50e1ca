"""Words that spoil an apology, as data: one list a language. A language without a list hears no phrases.

Every pattern is matched without regard to case, in text whose spaces are single and whose apostrophes are
straight. `unless_before` and `unless_after` look at what stands right before and right after a match, in
the same sentence: there the words are innocent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CODES = ("if_feel", "inconvenience", "policy", "you_should", "were_made")


@dataclass(frozen=True)
class Phrase:
    """One thing not to say. `shown` is how the tip quotes it; never what was typed."""

    code: str
    shown: str
    pattern: str
    unless_before: str = ""
    unless_after: str = ""


@dataclass(frozen=True)
class Language:
    """What is listened for in one language.

    `blame` has the patterns around the name of a colleague, where `{name}` stands for it; `colleague` are words for
    one without a name; `also_words` are names that are words too, heard only with a capital; `own_speech` is what
    stands before a quotation of oneself; `greeting` is what differs in every letter.
    """

    phrases: tuple[Phrase, ...]
    blame: tuple[str, ...]
    not_blamed: str
    colleague: str
    also_words: frozenset[str]
    own_speech: str
    greeting: str


_INNOCENT_FEELINGS = (
    r" (?:like|up to|free|unwell|ill|sick|dizzy|faint|any|pain|better|worse|ready|able|comfortable|hungry|thirsty"
    r"|cold|hot|warm|tired|safe|at home|the need|more)\b"
)
_WE_CHANGE_IT = (
    r"\b(?:chang\w+|rewr[io]t\w+|revis\w+|mend\w*|fix\w*|broke|breach\w*|against|drop\w*|improv\w+|updat\w+"
    r"|review\w*|rethink\w*|clarif\w+|reword\w*|correct\w*|scrap\w*|remov\w+|wrong with)(?: \w+){0,2} $"
)
_IT_WAS_WRONG = (
    r"(?: \w+){0,2} (?:(?:was|is|were|are) (?:wrong|unclear|unfair|too|not clear|not right|bad\w*|confusing|to blame)"
    r"|failed|let you down|(?:has|have|will|is|are)(?: be| being| been| now)? chang)"
)
# What follows when it was owed to them: "you should have been told", "you should have had a quiet room".
_OWED = (
    r"(?: (?:all|both|always|certainly|of course))? (?:been(?! (?:more|clearer|earlier|there|on time|careful|quicker))"
    r"|had|got|gotten|received|heard|felt|found a|a|an|the|your|it|this|that|them|these|those|everything|what|one|no"
    r"|never|not|by|more|some|enough|our|us|him|her|to wait|\d\S*)\b|$"
)
_BETWEEN = (
    r"(?:,? (?:who|that|has|had|have|also|just|simply|clearly|again|then|really|unfortunately|obviously|must|sadly|"
    r"apparently|probably|completely|totally|of course|in reception|at the desk|on the night shift)){0,3} "
)
_DID = (
    r"(?:forg[eo]t(?:ten|s)?\b|failed\b|misfiled|misplaced|mislaid|misread|misheard|miss?pelt|misspelled|mistyped"
    r"|miscounted|lost\b(?! (?:no time|sleep|count))|broke\b(?! the news)|broken|ignored|neglected|overlooked"
    r"|missed\b(?! you\b)|botched|bungled|fumbled|double-booked|overbooked|overcharged|dropped the ball|slipped up"
    r"|(?:mixed|messed|screwed|fouled|mucked)\b[^.!?;]{0,40}? up\b|mixed up|messed up|screwed up|let you down"
    r"|(?:got|put|gave|sent|told|wrote)\b[^.!?;]{0,40}?\bwrong|should(?: have|'ve)"
    r"|(?:was|is|'s) (?:\w+ )?(?:wrong|rude|careless|lazy|negligent|incompetent|asleep|clumsy|at fault|to blame"
    r"|new here)\b"
    r"|(?:was|is) responsible for (?:this|it|that|the (?:mistake|error|mix-up|delay|mess))\b"
    r"|made (?:a|the|this|that|another)(?: \w+)? (?:mistake|error)"
    r"|(?:did not|didn't|never) (?:tell|told|call|check|write|wrote|pass|send|sent|order|book|come|came|show|do|did"
    r"|note|read|put|enter|record|follow|file|pack|bring|give|gave|log|look|listen|ring|say|said|ask|answer|deliver"
    r"|clean|turn|finish|wake|save|reserve|confirm|apologi[sz]e|mention|pay|paid|count|lock|close|open)\w*)"
)
_FAULT = r"(?:fault|mistake|error|oversight|carelessness|negligence|slip|mess|blunder)"
_NAMES_THAT_ARE_WORDS = (
    "amber angel april art august best bill chance chase chip cook crystal dawn dean drew earl early faith frank glen "
    "grace grant guy hope ivy jack joy june king lance long mark may melody miles nick olive page pat pearl penny "
    "pierce post price ray reed rich rob rose ruby sandy sky star sue summer wade will young"
)

ENGLISH = Language(
    phrases=(
        Phrase(
            "if_feel",
            "if you feel",
            r"\bif (?:you|anyone|anybody|someone|they) (?:have |has )?(?:feel|felt|feels)\b",
            unless_after=_INNOCENT_FEELINGS,
        ),
        Phrase("if_feel", "if you feel", r"\bsorry (?:that )?you (?:feel|felt) (?:that|this|the|so) way\b"),
        Phrase(
            "if_feel",
            "sorry if",
            r"\b(?:sorry|apologi[sz]e|apologies|regret(?: it)?),? if (?:you|anyone|anybody|it|this|that|we|there|i)\b",
            unless_before=r"\bbe (?:very |so |really )?$",
        ),
        Phrase(
            "inconvenience",
            "any inconvenience",
            r"\b(?:any|the) (?:possible |potential )?inconveniences?\b",
            unless_before=(
                r"\b(?:without|free of|free from|spares?|saves?|avoid|(?:not|no|never|n't)(?: \w+){0,2})(?: you)? $"
            ),
            unless_after=r"(?: to you)? of\b",
        ),
        Phrase(
            "inconvenience",
            "any inconvenience",
            r"\bany (?:trouble|confusion|upset|offen[cs]e|distress|disappointment) (?:this|that|it|we|you|caused)\b",
        ),
        Phrase(
            "policy",
            "our policy",
            r"\b(?:our|company|hotel|house|store) (?:(?!insurance)\w+ ){0,2}?polic(?:y|ies)\b",
            unless_before=_WE_CHANGE_IT,
            unless_after=_IT_WAS_WRONG,
        ),
        Phrase(
            "you_should",
            "you should have",
            r"\byou (?:really |simply |just )?(?:should|ought to)(?: have|'ve)\b",
            unless_after=_OWED,
        ),
        Phrase(
            "you_should",
            "you should have",
            r"\byou could have (?:just |simply )?(?:told|asked|called|said|checked|read)\b",
        ),
        Phrase(
            "were_made",
            "mistakes were made",
            r"\b(?:mistakes?|errors?) (?:were|was|have been|has been|got) made\b",
            unless_after=(
                r"(?: \w+){0,2},?(?: \w+)? (?:by (?:us|me|our|my)|on (?:our|my) (?:side|part)|and (?:we|i) made)\b"
            ),
        ),
        Phrase("were_made", "mistakes happen", r"\b(?:mistakes|errors|these things) (?:can |do |will )?happen\b"),
    ),
    blame=(
        r"{name}'s?(?: own)? " + _FAULT + r"\b",
        r"\b" + _FAULT + r" (?:of|by|from|lies with|was with) {name}\b",
        r"\bblam(?:e|es|ing) (?:(?:it|this|that) on )?{name}\b",
        r"{name}" + _BETWEEN + _DID,
        r"{name}(?:'s| is| was) (?:the one )?(?:to blame|at fault)\b",
    ),
    not_blamed=r"(?:\bnot|n't|\bnever)(?: to| \w+)? $",
    colleague=(
        r"(?:[Mm]y|[Oo]ur|[Oo]ne of (?:my|our)) (?:\w+ )?"
        r"(?:colleagues?|co-?workers?|trainees?|interns?|new (?:girl|guy|hire))"
    ),
    also_words=frozenset(_NAMES_THAT_ARE_WORDS.split()),
    own_speech=(
        r"\b(?:i|we)(?: \w+){0,2} (?:said|say|told|tell|wrote|write|answered|replied|explained)(?: \w+){0,3}[ ,:]*$"
    ),
    greeting=r"^(?:dear|hello|hi|good (?:morning|afternoon|evening)) [^,.!\n]{1,60}[,.!]",
)

LANGUAGES: dict[str, Language] = {"en": ENGLISH}


def language_of(code: str | None) -> Language | None:
    """The list of `de-at`, else of `de`; None where nobody wrote one."""
    tag = (code or "").lower().replace("_", "-")
    return LANGUAGES.get(tag) or LANGUAGES.get(tag.partition("-")[0])


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
