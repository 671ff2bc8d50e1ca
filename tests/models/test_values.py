"""What a category's own fields take, and how they say it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from incidents.models import CategoryField, FieldKind
from incidents.models.values import as_typed, clean_values, described, difference_words

CHICAGO = ZoneInfo("America/Chicago")


def field(kind: str, key: str = "it", **over: Any) -> CategoryField:
    return CategoryField(key=key, name=key, kind=kind, **over)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (FieldKind.TEXT, "  A-17 ", "A-17"),
        (FieldKind.LINES, "towels\n\n keys \n", ["towels", "keys"]),
        (FieldKind.NUMBER, "0", 0),
        (FieldKind.NUMBER, "12", 12),
        (FieldKind.MONEY, "12", "12.00"),
        (FieldKind.MONEY, "0.5", "0.50"),
        (FieldKind.DATE, "2026-02-28", "2026-02-28"),
        (FieldKind.MOMENT, "2026-03-04T15:30", "2026-03-04T21:30:00+00:00"),
        (FieldKind.MOMENT, "2026-03-08T02:30", "2026-03-08T08:00:00+00:00"),  # in the gap: the next valid minute
        (FieldKind.MOMENT, "2026-11-01T01:30", "2026-11-01T06:30:00+00:00"),  # twice: the first
    ],
)
def test_taken_shown_again_and_taken_again(kind: str, typed: str, stored: Any) -> None:
    asked = field(kind)
    values, private = clean_values([asked], {"it": typed}, CHICAGO)
    assert (values, private) == ({"it": stored}, {})
    assert clean_values([asked], values, CHICAGO)[0] == values
    assert clean_values([asked], {"it": as_typed(asked, stored, CHICAGO)}, CHICAGO)[0] == values


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *((FieldKind.MONEY, typed) for typed in ("-5", "NaN", "1e2", "1.005", "1,50", "1.", "$5", "9" * 9, "٣", "inf")),
        *((FieldKind.NUMBER, typed) for typed in ("-1", "1.5", "1e3", "9" * 10, "٣", "two")),
        *((FieldKind.DATE, typed) for typed in ("2026-02-30", "1999-12-31", "2100-01-01", "9999-12-31", "20260228")),
        *((FieldKind.MOMENT, typed) for typed in ("9999-12-31T23:59", "2026-03-04", "2026-03-04T25:00", "now")),
        (FieldKind.MOMENT, "2099-12-31T23:59"),  # next century in UTC
        (FieldKind.TEXT, "a\x00b"),
        (FieldKind.TEXT, "\ud800"),
        (FieldKind.TEXT, "x" * 301),
        (FieldKind.LINES, "x\n" * 51),
    ],
)
def test_nonsense_is_told_in_words_at_its_field(kind: str, typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        clean_values([field(kind)], {"it": typed}, CHICAGO)
    assert list(caught.value.message_dict) == ["it"]


def test_nothing_is_required_and_nothing_else_is_kept() -> None:
    asked = [field(FieldKind.TEXT), field(FieldKind.MONEY, "cost")]
    assert clean_values(asked, {"it": " ", "stage": "closed"}, CHICAGO) == ({}, {})


def test_private_ones_go_apart() -> None:
    asked = [field(FieldKind.TEXT), field(FieldKind.TEXT, "words", is_private=True)]
    assert clean_values(asked, {"it": "a", "words": "b"}, CHICAGO) == ({"it": "a"}, {"words": "b"})


def test_every_wrong_field_is_told_at_once() -> None:
    asked = [field(FieldKind.MONEY), field(FieldKind.NUMBER, "uses")]
    with pytest.raises(ValidationError) as caught:
        clean_values(asked, {"it": "-1", "uses": "-1"}, CHICAGO)
    assert sorted(caught.value.message_dict) == ["it", "uses"]


def test_differences_are_computed() -> None:
    quoted, charged = field(FieldKind.MONEY, "quoted"), field(FieldKind.MONEY, "charged")
    more = field(FieldKind.DIFFERENCE, "more", minuend=charged, subtrahend=quoted)
    told = described([quoted, more], {"quoted": "0.00", "charged": "20.00"}, zone=CHICAGO, currency="USD")
    assert told == [("quoted", "0.00 USD"), ("more", "20.00 USD")]
    assert described([more], {"charged": "20.00"}, zone=CHICAGO, currency="USD") == []


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (dt.timedelta(hours=2, minutes=5), "2 hours 5 minutes"),
        (dt.timedelta(days=3, hours=1, minutes=9), "3 days 1 hour"),
        (-dt.timedelta(minutes=30), "\u221230 minutes"),
        (dt.timedelta(), "0 minutes"),
    ],
)
def test_a_length_of_time_in_words(length: dt.timedelta, words: str) -> None:
    assert difference_words(length, "USD") == words
