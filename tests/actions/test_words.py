"""The words of our stories: counted anew, without those of restricted ones, and at most once an hour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from incidents import tasks
from incidents.actions import words
from incidents.models import Incident, Word
from tests import make
from tests.make import Cast


@pytest.fixture(autouse=True)
def _nobody_counted(db: None) -> Iterator[None]:
    cache.delete(words.COUNTED)
    yield
    cache.delete(words.COUNTED)


def known() -> dict[str, int]:
    return dict(Word.objects.values_list("word", "stories"))


def test_in_how_many_stories_a_word_stands(cast: Cast) -> None:
    make.make_incident(cast.desk, what_happened="The café was cold, cold, cold.")
    make.make_incident(cast.outsider, what_happened="The CAFE was closed in 2026, room 12, wi-fi a@b.example.")
    assert words.count_words()
    assert known() | {"the": 2, "cafe": 2, "cold": 1, "closed": 1, "12": 1, "wi": 1, "fi": 1} == known()
    assert not {"café", "2026", "wi-fi", "a@b.example"} & known().keys()


def test_counting_again_forgets_what_is_gone(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, what_happened="A broken kettle.")
    words.count_words()
    Incident.objects.filter(pk=incident.pk).update(what_happened="A broken lamp.")
    words.count_words()
    assert known() == {"a": 1, "broken": 1, "lamp": 1}


def test_restricted_words_are_not_among_them(cast: Cast) -> None:
    make.make_incident(cast.manager, category="safety", what_happened="Slipped beside the whirlpool.")
    make.make_incident(cast.desk, what_happened="The lamp.")
    words.count_words()
    assert known() == {"the": 1, "lamp": 1}


def test_once_an_hour(cast: Cast) -> None:
    assert tasks.keep_words()
    make.make_incident(cast.desk, what_happened="The lamp.")
    assert not words.keep_words()
    assert not known()
    cache.delete(words.COUNTED)
    assert words.keep_words()
    assert known()


def test_what_failed_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(words, "_COUNT", "SELECT 1 / 0")
        with pytest.raises(Exception, match="zero"):
            words.keep_words()
    make.make_incident(cast.desk, what_happened="The lamp.")
    assert words.keep_words()
    assert known() == {"the": 1, "lamp": 1}


@pytest.mark.usefixtures("committed")
def test_two_do_not_count_at_once() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [words.TURN])
            assert not words.count_words()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [words.TURN])
    finally:
        other.close()
    assert words.count_words()


def test_the_loop_without_a_broker_counts_too(cast: Cast) -> None:
    make.make_incident(cast.desk, what_happened="The lamp.")
    call_command("sweep", "--once")
    assert known() == {"the": 1, "lamp": 1}
