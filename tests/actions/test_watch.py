"""Managers are told what rises, once; of nothing restricted, and not what is looked into already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from incidents import tasks
from incidents.access import Role
from incidents.actions import watch
from incidents.actions.notify import notify
from incidents.actions.patterns import open_pattern
from incidents.models import Incident, Location, Notice, NoticeKind, Outbox, PatternKind, Staff
from incidents.models.notice_words import sentence
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast


def happened(by: Staff, kind: str, days_ago: float, times: int = 1) -> list[Incident]:
    at = NOW - days_ago * DAY
    return [make.make_incident(by, category=kind, now=at, customer_hint="A guest") for _ in range(times)]


def a_past(by: Staff) -> None:
    """Half a year of which we know; something else, so that nothing rises by it."""
    happened(by, "other", 200)


def told(kind: NoticeKind = NoticeKind.RISING) -> list[str]:
    return sorted(notice.recipient.name for notice in Notice.objects.filter(kind=kind).select_related("recipient"))


@kept_rows
def rise(cast: Cast) -> list[Incident]:
    a_past(cast.desk)
    return happened(cast.desk, "room", 3, times=6)


def test_what_rises_is_told_to_the_managers_of_the_place(cast: Cast, rise: list[Incident]) -> None:
    assert watch.watch_all(now=NOW) == 1
    (notice,) = Notice.objects.filter(kind=NoticeKind.RISING)
    assert (notice.recipient, notice.incident, notice.subject_id) == (cast.manager, rise[-1], make.category().pk)
    assert sentence(notice, cast.manager) == "Room or facility happens more often at Harbour Hotel than it used to"
    assert Outbox.objects.filter(recipient=cast.manager).exists()


def test_an_old_complaint_written_down_today_makes_no_past(cast: Cast) -> None:
    """They began to write things down two weeks ago: nobody knows what was usual before."""
    make.make_incident(cast.desk, category="other", now=NOW - DAY, reported_at=NOW - 200 * DAY)
    happened(cast.desk, "room", 14, times=6)
    assert watch.watch_all(now=NOW) == 0


def test_a_place_that_cannot_be_read_keeps_nobody_waiting(
    cast: Cast, rise: list[Incident], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = watch.watch

    def look(location: Location, *, now: dt.datetime) -> int:
        if location == cast.elsewhere:
            raise RuntimeError
        return real(location, now=now)

    monkeypatch.setattr(watch, "watch", look)
    assert watch.watch_all(now=NOW) == 1


def test_once_a_week_and_whoever_is_new_hears_it_too(cast: Cast, rise: list[Incident]) -> None:
    assert [watch.watch_all(now=NOW + n * dt.timedelta(hours=1)) for n in range(3)] == [1, 0, 0]
    make.make_staff("Mira Manager", cast.here, role=Role.MANAGER)
    assert watch.watch_all(now=NOW + DAY) == 1
    assert told() == ["Mira Manager", "Mona Manager"]
    assert watch.watch_all(now=NOW + 7.5 * DAY) == 1
    assert told() == ["Mira Manager", "Mona Manager", "Mona Manager"]


def test_nothing_for_little_for_a_short_past_or_for_what_always_was(cast: Cast) -> None:
    happened(cast.desk, "room", 3, times=6)
    assert watch.watch_all(now=NOW) == 0  # a place that has just begun
    a_past(cast.desk)
    for window in range(1, 7):
        happened(cast.desk, "room", 28 * window + 3, times=5)
    happened(cast.desk, "late", 3, times=2)
    assert watch.watch_all(now=NOW) == 0


def test_restricted_ones_are_neither_counted_nor_named(cast: Cast) -> None:
    a_past(cast.manager)
    happened(cast.manager, "safety", 3, times=8)
    happened(cast.manager, "room", 3, times=2)
    some = happened(cast.manager, "room", 2, times=6)
    Incident.objects.filter(pk__in=[incident.pk for incident in some]).update(is_restricted=True)
    assert watch.watch_all(now=NOW) == 0
    assert not Notice.objects.filter(kind__in=[NoticeKind.RISING, NoticeKind.BASICS]).exists()


def test_void_ones_do_not_count(cast: Cast) -> None:
    a_past(cast.desk)
    for incident in happened(cast.desk, "room", 3, times=6):
        make.close(incident, cast.manager, "void")
    assert watch.watch_all(now=NOW) == 0


def test_what_somebody_looks_into_is_not_told_again(cast: Cast, rise: list[Incident]) -> None:
    what: dict[str, Any] = {"kind": PatternKind.CATEGORY, "value": make.category().pk, "location": cast.here}
    open_pattern(**what, days=28, by=cast.manager, now=NOW, submit_key=uuid4())
    assert watch.watch_all(now=NOW) == 0


def test_back_to_basics_once_a_fortnight(cast: Cast) -> None:
    a_past(cast.desk)
    happened(cast.desk, "basics", 60)
    happened(cast.desk, "basics", 3, times=3)
    happened(cast.desk, "routine", 3, times=1)
    assert watch.watch_all(now=NOW) == 0
    happened(cast.desk, "routine", 2, times=1)
    assert watch.watch_all(now=NOW) == 1
    assert told(NoticeKind.BASICS) == ["Mona Manager"]
    assert watch.watch_all(now=NOW + 5 * DAY) == 0
    assert told(NoticeKind.RISING) == []
    happened(cast.desk, "routine", -12, times=6)
    assert watch.watch(cast.here, now=NOW + 15 * DAY) >= 1
    assert told(NoticeKind.BASICS) == ["Mona Manager"] * 2
    assert "Back to basics at Harbour Hotel" in sentence(Notice.objects.filter(kind="basics")[0], cast.manager)


def test_at_most_once_an_hour_however_often_it_is_rung(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(watch.WATCHED)
    seen: list[object] = []

    def look(now: dt.datetime) -> int:
        seen.append(now)
        return 0

    monkeypatch.setattr(watch, "watch_all", look)
    assert [tasks.watch_patterns(), watch.keep_watch()] == [0, 0]
    assert len(seen) == 1
    cache.delete(watch.WATCHED)

    def broken(now: dt.datetime) -> int:
        raise RuntimeError

    monkeypatch.setattr(watch, "watch_all", broken)
    with pytest.raises(RuntimeError):
        watch.keep_watch()
    assert cache.get(watch.WATCHED) is None  # the next ring tries again


Together = Callable[[Callable[[int], Any], int], list[Any]]


def ring_together(together: Together) -> int:
    """Four sweeps at once, each by its own clock; how many times the manager was told."""
    cast = make.make_cast()
    a_past(cast.desk)
    happened(cast.desk, "room", 3, times=6)
    answers = together(lambda n: watch.watch(cast.here, now=NOW + n * dt.timedelta(seconds=1)), 4)
    assert [answer for answer in answers if not isinstance(answer, int)] == []
    return Notice.objects.filter(kind=NoticeKind.RISING).count()


def test_several_sweeps_at_once_tell_it_once(together: Together) -> None:
    assert ring_together(together) == 1


def test_control_without_the_turn_it_is_told_again(together: Together, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them read that nobody was told before any of them tells."""
    barrier = Barrier(4)

    def together_then(**fields: Any) -> None:
        barrier.wait(timeout=30)
        notify(**fields)

    monkeypatch.setattr(watch, "_has_turn", lambda location: True)
    monkeypatch.setattr(watch, "notify", together_then)
    assert ring_together(together) == 4


def test_the_number_of_statements(cast: Cast, rise: list[Incident], django_assert_num_queries: Any) -> None:
    watch.watch_all(now=NOW)
    with django_assert_num_queries(20):  # two places: one with a rise that is known, one without anything
        watch.watch_all(now=NOW)
