"""Ladders edited, people leaving, away and back, sweeps late or not: nothing is lost, nothing is said twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.actions import handovers, jobs, ladders, profile
from incidents.actions.refusals import Refused
from incidents.ladder import Audience, Kind, Rung, Urgency, newest_rung, next_rung, rung_said
from incidents.models import Incident, Job, Notice, Reminder, Staff
from incidents.models.hours import ladders_of
from tests.make import NOW, Cast
from tests.reminding import DUE, clock, settle, sweep

MINUTE = dt.timedelta(minutes=1)
CALL = Kind.FOLLOW_UP_DUE
MINUTES = (-120, -30, 0, 10, 30, 60, 90, 240, 24 * 60)


@st.composite
def climbs(draw: st.DrawFn) -> tuple[Rung, ...]:
    minutes = sorted(draw(st.sets(st.sampled_from(MINUTES), min_size=1, max_size=4)) | {draw(st.sampled_from((0, 60)))})
    heights = sorted(draw(st.lists(st.sampled_from(range(3)), min_size=len(minutes), max_size=len(minutes))))
    return tuple(Rung(m * MINUTE, list(Audience)[h]) for m, h in zip(minutes, heights, strict=True))


ACTS = st.one_of(
    st.tuples(st.just("edit"), climbs()),
    st.tuples(st.just("edit, the job later"), climbs()),
    *(st.tuples(st.just(act), st.none()) for act in ("job", "sweep", "sweep", "hand over", "away", "leave", "back")),
)


class Day:
    """One recovery whose call is due at DUE, and what becomes of it."""

    def __init__(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.now = cast, NOW
        self.incident = settle(cast)
        self.call = self.incident.follow_ups.get()
        monkeypatch.setattr(ladders, "database_now", lambda: self.now)

    @property
    def assignee(self) -> Staff:
        self.call.refresh_from_db()
        return Staff.objects.get(pk=self.call.assignee_id)

    def act(self, what: str, rungs: Sequence[Rung] | None) -> None:
        me, cast = self.assignee, self.cast
        if what.startswith("edit"):
            version = ladders_of(cast.here.pk).version(3, CALL, ladders.whose_is(cast.here.pk))
            of = {"location_id": cast.here.pk, "severity": 3, "kind": CALL, "by": cast.manager, "now": self.now}
            ladders.set_ladder(rungs=rungs or (), expected_version=version, **of)  # type: ignore[arg-type]
        if what in ("edit", "job"):
            jobs.work(clock(self.now))
        if what == "hand over":
            to = cast.colleague if me.pk == cast.desk.pk else cast.desk
            handovers.hand_over(incident_id=self.incident.pk, to=to, by=cast.manager, now=self.now)
        if what == "away":
            profile.set_away(staff=me, until=self.now + 300 * MINUTE, stand_in=cast.colleague, now=self.now)
        if what in ("leave", "back"):
            Staff.objects.filter(pk=me.pk).update(is_active=what == "back", away_until=None, stand_in=None)
        if what == "sweep":
            self.sweep()

    def sweep(self) -> None:
        before = {notice.pk for notice in self.notices()}
        sweep(self.now)
        fresh = [notice for notice in self.notices() if notice.pk not in before]
        for mark in {self.mark(notice) for notice in fresh}:
            assert self.whoever_acts() & {n.recipient_id for n in self.notices() if self.mark(n) >= mark}

    def notices(self) -> list[Notice]:
        return list(Notice.objects.filter(kind=CALL, subject_id=self.call.pk).order_by("id"))

    def mark(self, notice: Notice) -> int:
        return rung_said(notice.occurrence, CALL, is_critical=False).minutes

    def whoever_acts(self) -> set[int]:
        """The assignee; the fallback of the place for one who left."""
        me = self.assignee
        return {me.pk} if me.is_active else {self.cast.manager.pk}

    def nothing_is_said_twice(self) -> None:
        heard: dict[int, list[int]] = {}
        for notice in self.notices():
            heard.setdefault(notice.recipient_id, []).append(self.mark(notice))
        for marks in heard.values():
            assert marks == sorted(set(marks)), "each of them later on the ladder than the one before"

    def nothing_is_lost(self) -> None:
        """Once the job is done and a sweep went by."""
        if Job.objects.filter(finished_at=None).exists():
            return
        sweep(self.now)
        self.nothing_is_said_twice()
        ladder = ladders_of(self.cast.here.pk).of(3, CALL)
        newest, following = (find(self.now, ladder) for find in (_newest, _next))
        if newest is not None and newest.urgency != Urgency.SOON:
            said = {n.recipient_id for n in self.notices() if self.mark(n) >= newest.minutes}
            assert said, "the newest rung that has passed was said"
            if newest.to != Audience.ASSIGNEE:
                assert self.cast.manager.pk in said
            if newest.to == Audience.ADMINISTRATORS:
                assert self.cast.owner.pk in said
        if following is not None:
            rows = Reminder.objects.filter(kind=CALL, subject_id=self.call.pk, state="pending")
            assert [row.due_at for row in rows] == [DUE + following.after]


def _newest(now: dt.datetime, ladder: tuple[Rung, ...]) -> Rung | None:
    number = newest_rung(ladder, target=DUE, now=now)
    return None if number is None else ladder[number]


def _next(now: dt.datetime, ladder: tuple[Rung, ...]) -> Rung | None:
    number = next_rung(ladder, target=DUE, after=now)
    return None if number is None else ladder[number]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    begin=st.sampled_from((-24 * 60, -180, -40, -5)),
    steps=st.lists(st.tuples(ACTS, st.sampled_from((0, 1, 9, 25, 60, 400))), max_size=12),
)
def test_whatever_is_edited_meanwhile(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    begin: int,
    steps: list[tuple[tuple[str, tuple[Rung, ...] | None], int]],
) -> None:
    with transaction.atomic():
        day = Day(cast, monkeypatch)
        day.now = DUE + begin * MINUTE
        for (what, rungs), minutes in steps:
            day.now += minutes * MINUTE
            try:
                with transaction.atomic():
                    day.act(what, rungs)
            except Refused:
                pass
            day.nothing_is_said_twice()
            day.nothing_is_lost()
        transaction.set_rollback(True)


def test_the_incident_is_untouched(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    day = Day(cast, monkeypatch)
    version = Incident.objects.get(pk=day.incident.pk).version
    day.act("edit", (Rung(0 * MINUTE),))
    assert Incident.objects.get(pk=day.incident.pk).version == version
