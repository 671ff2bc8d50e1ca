"""What a cell may hold: nothing that a spreadsheet reckons, nothing that nobody sees, numbers people can dial."""

from __future__ import annotations

import pytest

from incidents.exports.cells import LONGEST, phone, plain, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1-312-555",
        "+SUM(A1)",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\tplain",
        "\rplain",
        "\nplain",
        "\r\nplain",
        " =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\u202e=1+1",
        "\ufeff=1+1",
        "\x00=1+1",
        "＝1+1",
        "＋1+1",
        "－1+1",
        "＠SUM(A1)",
        "﹦1+1",
        "﹢1",
        "﹣1",
        "﹫x",
        "⁼1",
        "−1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://example.com","x")',
    ],
)
def test_what_would_be_a_formula_stands_behind_an_apostrophe(text: str) -> None:
    assert safe(text).startswith("'")
    assert safe(text)[1:] == plain(text)


@pytest.mark.parametrize(
    "text", ["", "Cold shower", "It's 5 = 5", "a@b.example", "5-6 guests", "'quoted'", "«ja»", "日本"]
)
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("text", ["+1 312 555 0100", "+13125550100", "+49 40 123456"])
def test_a_number_to_dial_stays_readable(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "text", ["+1 312 555-0100", "+1 (312) 555", "+1 312 555 0100+A1", "+ 1", "+", "+1\n2", "+1  2"]
)
def test_what_only_looks_like_one_does_not(text: str) -> None:
    assert safe(text).startswith("'")


def test_nothing_that_nobody_sees_is_left() -> None:
    hidden = [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF, *range(0x202A, 0x202F)]
    hidden += [*range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xD800, 0xDFFF]
    text = "".join(f"a{chr(code)}b" for code in hidden if chr(code) != "\r")
    assert plain(text) == "ab" * (len(hidden) - hidden.count(0x0D))
    assert plain("one\r\ntwo\rthree\n\tfour") == "one\ntwo\nthree\n\tfour"
    assert plain("👩‍👩‍👧 family, שלום") == "👩‍👩‍👧 family, שלום"


def test_a_cell_is_no_longer_than_a_spreadsheet_takes() -> None:
    assert len(safe("=" + "x" * 40_000)) == LONGEST


@pytest.mark.parametrize(
    ("normalized", "typed", "said"),
    [
        ("+13125550100", "(312) 555-0100", "+1 312 555 0100"),
        ("+4940123456", "040/123456", "+49 40 123456"),
        (None, "ask at the desk", "ask at the desk"),
        ("nonsense", "312 x", "312 x"),
        (None, None, ""),
    ],
)
def test_a_phone_is_digits_and_spaces(normalized: str | None, typed: str | None, said: str) -> None:
    assert phone(normalized, typed) == said
