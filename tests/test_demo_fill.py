"""Filling the demo: the same every time, at any moment, and only into an empty database."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.dateparse import parse_datetime
from pytest_django.plugin import DjangoDbBlocker

from incidents.board import needs_of
from incidents.models import (
    Event,
    Incident,
    Remedy,
    Staff,
)
from incidents.models.pulse import read_pulse
from incidents.vocabulary import Stage
from tests import make
from tests.databases import rows_for_many

AS_OF = "2026-03-04"
PRESENT = dt.datetime(2026, 3, 4, 15, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def fill(as_of: str | None = AS_OF, incidents: str = "0") -> str:
    """The stories alone, unless told otherwise."""
    said = io.StringIO()
    call_command("demo", "--incidents", incidents, *(["--as-of", as_of] if as_of else []), stdout=said)
    return said.getvalue()


def story(words: str) -> Incident:
    return Incident.objects.get(what_happened__icontains=words)


def test_it_stays_out_of_somebody_elses_business(cast: make.Cast) -> None:
    with pytest.raises(CommandError, match="belongs to a business"):
        fill()


def test_production_refuses_it(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production refuses it"):
        fill()
    assert not Staff.objects.exists()


@pytest.mark.parametrize("words", ["yesterday", "1999-01-01", "2001-12-31", "2026-13-01"])
def test_a_date_it_does_not_understand(words: str) -> None:
    with pytest.raises(CommandError, match="--as-of"):
        fill(words)


@pytest.mark.parametrize("words", ["many", "-1", "1000001", "2.5"])
def test_a_number_it_does_not_understand(words: str) -> None:
    with pytest.raises(CommandError, match="--incidents"):
        fill(incidents=words)


def portrait() -> list[Any]:
    """Everything a page could show, without ids (of which the keys of whoever else was hit are made)."""
    incidents = Incident.objects.order_by("reference").values_list(
        "reference", "stage", "assignee__email", "next_due_at", "field_values"
    )
    keys = Incident.objects.filter(patterns=None).order_by("reference").values_list("submit_key")
    events = Event.objects.order_by("id").values_list("incident__reference", "kind", "at", "by__email")
    remedies = Remedy.objects.order_by("id").values_list("incident__reference", "state", "submit_key")
    return [*incidents, *keys, *events, *remedies]


@pytest.mark.slow
def test_it_is_the_same_every_time() -> None:
    portraits = []
    for _turn in range(2):
        with transaction.atomic():
            fill()
            portraits.append(portrait())
            transaction.set_rollback(True)
    assert portraits[0] == portraits[1]
    assert len(portraits[0]) > 100


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-08T07:30+00:00",  # the clocks in New York have just gone forward
        "2026-06-15T04:05+00:00",  # the day has just begun at one of two places
        pytest.param("2026-01-01T04:59+00:00", marks=pytest.mark.slow),  # New Year's Eve there, New Year in UTC
        pytest.param("2026-11-01T06:30+00:00", marks=pytest.mark.slow),  # and back
        pytest.param("2028-02-29T00:01+00:00", marks=pytest.mark.slow),
    ],
)
def test_it_can_be_played_at_any_moment(moment: str) -> None:
    fill(moment)
    present = parse_datetime(moment)
    assert not Event.objects.filter(at__gt=present).exists()
    assert Incident.objects.filter(stage=Stage.FOLLOW_UP).count() >= 5


def test_without_a_date_it_is_now_and_no_alarm_before_its_clock_could_start() -> None:
    assert "51 incidents at Finch & Alder" in fill(None)
    pulse = read_pulse()
    assert pulse is not None
    assert not pulse.is_silent


@pytest.fixture(scope="class")
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with rows_for_many(django_db_blocker):
        words = io.StringIO()
        call_command("demo", "--as-of", AS_OF, stdout=words)
        yield words.getvalue()


class TestByDefault:
    def test_a_year_comes_before_the_stories(self, said: str) -> None:
        assert "351 incidents at Finch & Alder" in said
        newest = Incident.objects.filter(reference__startswith="R-2026-").order_by("-reference")[0]
        assert story("trimmer was promised").created_at <= newest.created_at
        assert Incident.objects.order_by("created_at")[0].created_at < PRESENT - 300 * make.DAY

    def test_the_stories_stand_out_from_the_year_before_them(self, said: str) -> None:
        """What a manager sees first is a handful, and the five are in it."""
        shown = {row.incident.pk for row in needs_of(Staff.objects.get(email="manager@example.com"), PRESENT).rows}
        for words in ("hand-held microphone", "trimmer was promised", "loyalty card in hand", "calm and kind"):
            assert story(words).pk in shown, words
        assert Incident.objects.overdue(PRESENT).count() <= 20
        assert Incident.objects.open().count() <= 45
