"""After hours or targets changed: what is open is worked out anew, and nothing else of it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.actions import jobs, people, reckon, rounds, targets
from incidents.actions.hours import set_hours
from incidents.models import (
    Concern,
    Deadline,
    Incident,
    Job,
    JobKind,
    JobState,
    Location,
    Notice,
    Reminder,
    ReminderState,
)
from incidents.targets import Target
from incidents.vocabulary import Clock, Severity
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.office import WEEK, keep_office_hours, local
from tests.reminding import sweep

LONG = dt.timedelta(minutes=5)


def ask(cast: Cast, place: int | None = 0, **over: Any) -> Job:
    fields: dict[str, Any] = {"by": cast.owner, "now": NOW}
    return reckon.ask_to_reckon(location_id=cast.here.pk if place == 0 else place, **fields | over)


def work(job: Job) -> Job:
    """Until nothing waits any more."""
    while jobs.work(budget=LONG):
        pass
    jobs.work(budget=LONG)
    job.refresh_from_db()
    return job


def due(incident: Incident) -> dict[str, dt.datetime]:
    rows = Deadline.objects.filter(incident=incident, round__number=incident.round_number)
    return dict(rows.values_list("clock", "due_at"))


def portrait(incident: Incident) -> Any:
    """All that must stay as it is."""
    incident.refresh_from_db()
    plain = {f.name: getattr(incident, f.attname) for f in incident._meta.concrete_fields if f.name != "next_due_at"}
    calls = list(incident.follow_ups.values_list("due_at", "version"))
    return plain, incident.events.count(), calls, list(incident.rounds.values()), Notice.objects.count()


def office_later(cast: Cast, **over: Any) -> Job | None:
    """It opens at nine to five from now on."""
    version = Location.objects.values_list("version", flat=True).get(pk=cast.here.pk)
    fields: dict[str, Any] = {"by": cast.manager, "now": NOW, "expected_version": version}
    return set_hours(location_id=cast.here.pk, week=WEEK, **fields | over)


class TestWhatMoves:
    def test_the_deadlines_and_what_is_due_next(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, told_by="email")
        make.give(incident, cast.desk, is_delivered=False, now=NOW + HOUR)
        offered_by = due(incident)["offer"]  # was met: it stays judged by what counted then
        before, late_friday = portrait(incident), local(cast.here, "2026-03-04T16:30")
        Incident.objects.filter(pk=incident.pk).update(reported_at=late_friday)
        before[0]["reported_at"] = late_friday
        job = office_later(cast)
        assert job is not None
        assert work(job).state == JobState.DONE
        moments = ("2026-03-04T17:30", "2026-03-05T12:00", "2026-03-09T16:30")
        clocks = ("acknowledge", "apologize", "deliver")
        running = {c: local(cast.here, m) for c, m in zip(clocks, moments, strict=True)}
        assert due(incident) == running | {"offer": offered_by}
        assert Incident.objects.get(pk=incident.pk).next_due_at == due(incident)["acknowledge"]
        assert Deadline.objects.get(incident=incident, clock="offer").met_at == NOW + HOUR
        assert portrait(incident) == before

    def test_only_what_is_open_and_only_there(self, cast: Cast) -> None:
        here, there, over = (make.make_incident(by) for by in (cast.desk, cast.outsider, cast.desk))
        make.close(over, cast.manager, "unresolved", is_told=True)
        before = {pk: due(pk) for pk in (here, there, over)}
        keep_office_hours(cast.here)
        keep_office_hours(cast.elsewhere)
        work(ask(cast))
        assert [due(pk) == before[pk] for pk in (here, there, over)] == [False, True, True]
        work(ask(cast, None))
        assert [due(pk) == before[pk] for pk in (here, there, over)] == [False, False, True]
        assert Incident.objects.get(pk=over.pk).next_due_at is None

    def test_a_second_try_counts_from_when_it_began(self, cast: Cast) -> None:
        incident = make.settle(make.make_incident(cast.desk, severity=Severity.MAJOR), cast.desk)
        first = due(incident)
        make.call(incident, cast.desk, "unhappy", now=NOW + DAY)
        keep_office_hours(cast.here)
        work(ask(cast))
        assert due(incident)["offer"] == local(cast.here, "2026-03-05T14:00")
        rows = Deadline.objects.filter(incident=incident, round__number=1).exclude(clock="follow_up")
        assert dict(rows.values_list("clock", "due_at")) == {k: v for k, v in first.items() if k != "follow_up"}

    def test_targets_too(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        quick = {Clock.APOLOGIZE: Target(minutes=30)}
        fields: dict[str, Any] = {"severity": 3, "targets": quick, "follow_ups": (), "expected_version": 0}
        job = targets.set_targets(location_id=None, by=cast.owner, now=NOW, **fields)
        assert job is not None
        work(job)
        assert Incident.objects.get(pk=incident.pk).next_due_at == NOW + HOUR / 2
        back = targets.back_to_default(location_id=None, severity=3, by=cast.owner, now=NOW)
        assert back is not None
        work(back)
        assert Incident.objects.get(pk=incident.pk).next_due_at == NOW + 4 * HOUR

    def test_and_the_clock_on_the_wall(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, severity=Severity.CRITICAL)
        place = Location.objects.get(pk=cast.here.pk)
        kept = ("name", "currency", "country", "fallback_assignee")
        people.save_location(
            location_id=place.pk,
            expected_version=place.version,
            time_zone="Asia/Tokyo",
            by=cast.owner,
            now=NOW,
            **{name: getattr(place, name) for name in kept},
        )
        work(Job.objects.get())
        assert due(incident)["deliver"] == local(Location.objects.get(pk=place.pk), "2026-03-06T00:00")

    def test_a_call_that_is_planned_stays_when_it_was(self, cast: Cast) -> None:
        incident = make.settle(make.make_incident(cast.desk), cast.desk)
        before = make.planned_call(incident).due_at
        work(ask(cast))
        assert make.planned_call(incident).due_at == before == make.fresh(incident).next_due_at


class TestReminderOfTheApology:
    def pending(self, incident: Incident) -> list[dt.datetime | None]:
        rows = Reminder.objects.filter(incident=incident, kind="apology_due", state=ReminderState.PENDING)
        return list(rows.values_list("target_at", flat=True))

    def test_it_moves(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, now=local(cast.here, "2026-03-04T16:30"))
        keep_office_hours(cast.here)
        work(ask(cast))
        assert self.pending(incident) == [local(cast.here, "2026-03-05T12:00")]

    def test_moved_into_the_past_it_speaks_at_once_and_once(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        later = NOW + 2 * HOUR
        monkeypatch.setattr(reckon, "database_now", lambda: later)
        incident = make.make_incident(cast.desk)
        fields: dict[str, Any] = {"severity": 3, "follow_ups": (), "expected_version": 0, "by": cast.owner}
        quick = {Clock.APOLOGIZE: Target(minutes=90)}
        job = targets.set_targets(location_id=None, now=later, targets=quick, **fields)
        assert job is not None
        work(job)
        assert sweep(later) == 1
        said = Notice.objects.filter(incident=incident, kind="apology_due")
        assert [(row.recipient, row.target_at) for row in said] == [(cast.desk, NOW + HOUR * 1.5)]
        assert sweep(later) == 0
        work(ask(cast))
        assert sweep(later) == 0

    def test_of_what_was_late_when_it_was_entered_nothing_is_said(self, cast: Cast) -> None:
        make.make_incident(cast.desk, reported_at=NOW - 30 * DAY)
        keep_office_hours(cast.here)
        work(ask(cast))
        assert not Reminder.objects.filter(kind="apology_due").exists()


class TestJob:
    def test_slice_after_slice(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(jobs.KINDS, JobKind.RECKON_CLOCKS, jobs.Work(reckon.reckon, size=2))
        made = [make.make_incident(cast.desk) for _number in range(5)]
        keep_office_hours(cast.here)
        job = ask(cast)
        assert job.total == 5
        steps = []
        while not job.is_over:
            jobs.work(budget=dt.timedelta(0))
            job.refresh_from_db()
            moved = [incident.pk for incident in made if make.fresh(incident).next_due_at != NOW + 4 * HOUR]
            steps.append((job.done, job.options["after"], len(moved)))
        assert steps == [(2, made[1].pk, 2), (4, made[3].pk, 4), (5, made[4].pk, 5)]

    def test_what_was_reopened_meanwhile_is_done_too(self, cast: Cast) -> None:
        made = [make.make_incident(cast.desk) for _number in range(3)]
        make.close(made[1], cast.manager, "unresolved", is_told=True)
        job = ask(cast)
        assert job.total == 2
        rounds.go_back(incident_id=made[1].pk, reason="contacted_us", by=cast.desk, now=NOW)
        keep_office_hours(cast.here)
        assert work(job).done == 2
        assert NOW + 4 * HOUR not in [make.fresh(incident).next_due_at for incident in made]

    def test_it_counts_what_whoever_asked_may_see_and_does_all(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, category="safety")
        Concern.objects.create(incident=incident, staff=cast.manager)
        job = office_later(cast)
        assert job is not None
        assert job.total == 0
        assert (work(job).state, job.options["after"]) == (JobState.DONE, incident.pk)

    def test_one_that_has_not_begun_is_the_same(self, cast: Cast) -> None:
        first = ask(cast)
        incident = make.make_incident(cast.desk)
        again = ask(cast)
        assert (again.pk, again.total, again.options["until"]) == (first.pk, 1, incident.pk)
        assert ask(cast, by=cast.manager).pk != first.pk
        assert ask(cast, None).pk != first.pk
        jobs.claim(NOW)
        assert ask(cast).pk != first.pk

    def test_where_nothing_is_open_it_ends(self, cast: Cast) -> None:
        assert work(ask(cast)).state == JobState.DONE


def clocks_asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return sum("incidents_clocktarget" in query["sql"] for query in asked.captured_queries)


class TestStatements:
    def test_an_act_asks_for_the_clock_once(self, cast: Cast) -> None:
        """Also one that plans the calls, or renews two rounds."""
        incident = make.make_incident(cast.desk)
        keep_office_hours(cast.here)
        asked = [clocks_asked(lambda: make.apologize(incident, cast.desk))]
        asked.append(clocks_asked(lambda: make.give(incident, cast.desk)))
        asked.append(clocks_asked(lambda: make.call(incident, cast.desk, "unhappy")))
        asked.append(clocks_asked(lambda: make.make_incident(cast.desk, customer=incident.customer)))
        assert asked == [1, 1, 1, 1]

    def test_one_incident_anew(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        incident = make.settle(make.make_incident(cast.desk), cast.desk)
        keep_office_hours(cast.here)
        with django_assert_max_num_queries(14):
            assert clocks_asked(lambda: reckon.reckon_incident(incident_id=incident.pk, now=NOW)) == 1
