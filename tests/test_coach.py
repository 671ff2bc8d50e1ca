"""The apology coach, by hand: what it hears, and what it must not hear. Nothing here is derived from the code."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from incidents.story import coach
from incidents.story.coach import cautions, checklist, checklist_of_explaining, manners
from incidents.story.phrases import CODES, LANGUAGES, Language, Phrase, language_of

COLLEAGUES = ("Dora Desk", "Cole League", "May Winter", "Jean-Luc Ash")


def codes(words: str, **known: object) -> list[str]:
    known = {"colleagues": COLLEAGUES} | known
    return [caution.code for caution in cautions(words, **known)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("I'm sorry if you feel we let you down.", "if_feel"),
        ("I am SORRY IF you felt ignored", "if_feel"),
        ("I am sorry,\nif you were hurt", "if_feel"),
        ("If you felt hurt, I regret it.", "if_feel"),
        ("Sorry you feel that way.", "if_feel"),
        ("We apologize if anyone was offended.", "if_feel"),
        ("We apologise for any inconvenience.", "inconvenience"),
        ("sorry for any\n inconvenience", "inconvenience"),
        ("Sorry for the inconvenience caused.", "inconvenience"),
        ("Sorry for any trouble this may have caused", "inconvenience"),
        ("Our policy is to keep deposits.", "policy"),
        ("OUR POLICY!", "policy"),
        ("Our refund policy does not allow it", "policy"),
        ("That is company policy.", "policy"),
        ("You should have told us.", "you_should"),
        ("You should’ve called.", "you_should"),
        ("You should have.", "you_should"),
        ("Really, you should have been more careful.", "you_should"),
        ("You could have told us", "you_should"),
        ("Mistakes were made.", "were_made"),
        ("Errors were made in the kitchen.", "were_made"),
        ("A mistake was made.", "were_made"),
        ("These things happen.", "were_made"),
        ("Dora forgot your towels.", "colleague"),
        ("DORA FORGOT YOUR TOWELS", "colleague"),
        ("It was Dora's fault.", "colleague"),
        ("it was dora’s fault", "colleague"),
        ("Dora Desk didn't call you.", "colleague"),
        ("This was a mistake by Dora.", "colleague"),
        ("Cole, who clearly forgot it, is off today.", "colleague"),
        ("Cole has mixed the two orders up.", "colleague"),
        ("I blame Cole.", "colleague"),
        ("May forgot it.", "colleague"),
        ("Jean-Luc was careless.", "colleague"),
        ("My colleague forgot to tell you.", "colleague"),
        ("Our new trainee got it wrong.", "colleague"),
    ],
)
def test_hears(words: str, heard: str) -> None:
    assert codes(words) == [heard]


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \n ",
        "I am sorry. You waited an hour in the cold because we did not ring the driver.",
        # if you feel
        "If you feel like a coffee, it is on us.",
        "If you feel any pain, call me.",
        "I would be sorry if you left us.",
        "I understand how you feel.",
        "You feel let down, and I would too.",
        # any inconvenience
        "We will see that you get there without any inconvenience.",
        "You will not have any inconvenience from it again.",
        "I am sorry for the inconvenience of carrying your bags up four floors.",
        # our policy
        "We are changing our policy today.",
        "Our policy was wrong.",
        "Our policy let you down.",
        "That is against our policy, and we did it all the same.",
        "Our policyholders are asleep.",
        "Our insurance policy covers the coat.",
        # you should have
        "You should have been told.",
        "You should have had a quiet room.",
        "You should have received it on Friday.",
        "You should have the money by Friday.",
        "You should have never had to ask.",
        "You shouldn't have had to wait.",
        "We should have told you.",
        "you should have",  # still typing: it may become "been told"
        # mistakes were made
        "The mistakes were made by us.",
        "mistakes were made, all by us",
        "Mistakes we made.",
        "We made a mistake.",
        # somebody else is quoted
        "You said “you should have told me”, and you were right, we did not.",
        'You wrote "our policy" on the sign, she said, and felt sent away. I am sorry.',
        "She read 'our policy' on the sign and felt sent away. I am sorry.",
        # colleagues who do well, and words that are names
        "Dora will bring it tonight.",
        "Dora found it behind the desk.",
        "It is not Dora's fault but ours.",
        "Don't blame Dora.",
        "Dora did not forget you.",
        "Dora lost no time.",
        "Dora broke the news to me.",
        "Cole is responsible for refunds here.",
        "We lost your order. Dora will bring a new one.",
        "It may have failed because we did not look.",
        "My colleague will call you at three.",
        "Pandora forgot her key.",
        "Dora-Lee forgot her key.",
        "We forgot your towels.",
    ],
)
def test_near_misses_raise_no_alarm(words: str) -> None:
    assert codes(words) == []


def test_an_apology_in_quotation_marks_is_still_one() -> None:
    assert codes("“I'm sorry if you feel we let you down.”") == ["if_feel"]


def test_what_i_said_is_mine_though_quoted() -> None:
    told = "I told her: “I am sorry if you feel bad”, and walked with her all the way down to the desk to look for it."
    assert codes(told) == ["if_feel"]


def test_an_open_quotation_hides_nothing() -> None:
    assert codes("I said “it is our policy, and then I went on and on about the deposit") == ["policy"]


def test_each_kind_once_in_a_fixed_order() -> None:
    words = "You should have told us. Mistakes were made. Our policy. Our policy! Sorry if you feel it. You should've."
    assert codes(words) == ["if_feel", "policy", "you_should", "were_made"]


def test_the_tip_quotes_the_phrase_and_never_what_was_typed() -> None:
    (tip,) = cautions("OUR REFUND POLICY forbids it, Zanzibar")
    assert tip.words == "“our policy” is about us. Say what you will do for them."


@pytest.mark.parametrize("curly", ["\u2019", "\u02bc", "\u0060", "\u00b4", "\u2032", "'"])
def test_any_apostrophe_is_one(curly: str) -> None:
    assert codes(f"You should{curly}ve called. It was Dora{curly}s fault.") == ["you_should", "colleague"]


def test_the_customer_and_the_speaker_are_not_blamed() -> None:
    words = "Dora forgot nothing; Dora lost her bag."
    assert codes(words) == ["colleague"]
    assert codes(words, about=["Dora Novak"]) == []


def test_of_the_same_words_only_the_greeting_may_differ() -> None:
    before = "Dear Nora, we are sorry that the shower was cold. We repaired it today."
    again = "Dear Tom,\nWe are sorry that the shower was cold – we repaired it today!"
    assert codes(again, earlier=[before]) == ["same"]
    assert codes("We are sorry that the shower was cold and loud. We repaired it today.", earlier=[before]) == []


def test_a_few_words_are_nobodys_template() -> None:
    assert codes("I am so sorry.", earlier=["I am so sorry."]) == []


@pytest.mark.parametrize(
    ("waited", "heard"), [(None, []), (0, []), (24, []), (24.01, ["late"]), (2000, ["late"]), (-3, [])]
)
def test_more_than_a_day_is_late(waited: float | None, heard: list[str]) -> None:
    late_by = None if waited is None else dt.timedelta(hours=waited)
    assert codes("", late_by=late_by) == heard


@pytest.mark.parametrize(
    "piece",
    [
        "The quick Dora went to you should “have” if you ",
        "if you feel like ",
        "not any inconvenience ",
        "Name1 who who who just ",
        "any the any the ",
        "a",
        "'",
        "“",
        " ",
        "\n",
        "Dear ",
        "🙂",
    ],
)
def test_a_long_text_is_read_quickly(piece: str) -> None:
    names = [f"Name{number} Sur{number}" for number in range(60)]
    words = (piece * 4000)[:4000]
    cautions(words, colleagues=names)  # the patterns of a place are made once
    began = time.perf_counter()
    cautions(words, colleagues=names, earlier=[words[1:]] * 5)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("name", ["(", "[a-", "O'Neil (Bob)", "a|b", "\\", "", "x" * 500])
def test_odd_names_break_nothing(name: str) -> None:
    assert codes("It was nobody's fault.", colleagues=[name]) == []


def test_another_language_brings_its_own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    german = Language(
        phrases=(Phrase("policy", "unsere Regeln", r"\bunsere regeln\b"),),
        blame=(r"{name} hat (?:es )?vergessen",),
        not_blamed=r"\bnicht $",
        colleague=r"(?:[Mm]ein|[Uu]nser) Kollege",
        also_words=frozenset(),
        own_speech=r"\bich sagte[: ]*$",
        greeting=r"^liebe[r]? [^,]{1,60},",
    )
    monkeypatch.setitem(LANGUAGES, "de", german)
    assert codes("Unsere Regeln sagen es, und Dora hat es vergessen.", language="de-at") == ["policy", "colleague"]
    assert codes("Mistakes were made.", language="de") == []


def test_without_a_list_only_the_facts_count() -> None:
    assert codes("Mistakes were made.", language="tlh", late_by=dt.timedelta(days=2)) == ["late"]
    assert codes("Mistakes were made.", language=None) == []


def test_english_is_spoken_everywhere() -> None:
    assert language_of("en-gb") is language_of("EN_us") is LANGUAGES["en"]


def test_every_kind_has_words() -> None:
    spoken = {phrase.code for language in LANGUAGES.values() for phrase in language.phrases}
    assert spoken == set(CODES)
    assert spoken <= coach._WHY.keys()


def test_the_tips_are_few() -> None:
    assert (len(checklist()), len(checklist_of_explaining()), len(manners())) == (6, 3, 3)
