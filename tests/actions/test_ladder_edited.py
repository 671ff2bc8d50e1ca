"""A ladder that is changed while reminders climb it: nothing is lost, nothing is said twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from incidents.actions import jobs, ladders, remind
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.ladder import Audience, Kind, Rung, Whose, occurrence_of, said_as
from incidents.models import Event, Incident, Job, LadderRung, Notice, Reminder, ReminderState, Staff
from incidents.models.escalation import ladder_for
from incidents.models.hours import ladders_of
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import DUE, FIRST, clock, promise, settle, sweep

MINUTE = dt.timedelta(minutes=1)
CALL = Kind.FOLLOW_UP_DUE
ME, MANAGERS, ADMINISTRATORS = Audience.ASSIGNEE, Audience.MANAGERS, Audience.ADMINISTRATORS


@pytest.fixture
def settled(cast: Cast) -> Incident:
    """A call is due at DUE."""
    return settle(cast)


def rung(minutes: int, to: Audience = ME) -> Rung:
    return Rung(minutes * MINUTE, to)


def edit(cast: Cast, rungs: Sequence[Rung], *, at: dt.datetime, kind: Kind = CALL, place: bool = True) -> None:
    """The manager saves, the job runs."""
    location_id = cast.here.pk if place else None
    version = ladders_of(location_id).version(3, kind, ladders.whose_is(location_id))
    ladders.set_ladder(
        location_id=location_id,
        severity=3,
        kind=kind,
        rungs=rungs,
        expected_version=version,
        by=cast.manager if place else cast.owner,
        now=at,
    )
    work(at)


def work(at: dt.datetime) -> None:
    jobs.work(clock(at))
    for job in Job.objects.all():
        assert job.state == "done", job.last_error
    # The job reads the database's clock; here the tests' time counts.


@pytest.fixture(autouse=True)
def time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job asks the database what time it is: the day of these tests."""
    monkeypatch.setattr(ladders, "database_now", lambda: Job.objects.latest("pk").asked_at)


def heard() -> list[tuple[str, str]]:
    """Who heard which rung, in order."""
    rows = Notice.objects.filter(kind=CALL).order_by("id").select_related("recipient")
    return [(row.recipient.get_short_name(), row.occurrence.rpartition("/")[2]) for row in rows]


def ahead() -> list[dt.timedelta]:
    rows = Reminder.objects.filter(kind=CALL, state=ReminderState.PENDING)
    return sorted(row.due_at - DUE for row in rows)


class TestWhoSays:
    def test_a_place_before_the_business_before_what_is_shipped(self, cast: Cast, settled: Incident) -> None:
        assert ladders_of(cast.here.pk).whose(3, CALL) == Whose.SHIPPED
        edit(cast, [rung(0)], at=NOW, place=False)
        assert ladders_of(cast.here.pk).whose(3, CALL) == Whose.BUSINESS
        edit(cast, [rung(5)], at=NOW)
        here, elsewhere = ladders_of(cast.here.pk), ladders_of(cast.elsewhere.pk)
        assert (here.of(3, CALL), elsewhere.of(3, CALL)) == ((rung(5),), (rung(0),))
        assert here.whose(2, CALL) == Whose.SHIPPED, "another severity is another ladder"

    def test_an_act_asks_one_statement_with_all_else_of_the_place(
        self, cast: Cast, settled: Incident, django_assert_num_queries: object
    ) -> None:
        incident = Incident.objects.select_related("location").get(pk=settled.pk)
        with django_assert_num_queries(1):  # type: ignore[operator]
            ladder_for(incident, CALL)
            ladder_for(incident, Kind.APOLOGY_DUE)

    def test_whoever_was_added_stays(self, cast: Cast) -> None:
        """Also when the rows themselves say otherwise."""
        for minutes, to in ((0, "managers"), (60, "assignee")):
            LadderRung.objects.create(location=cast.here, severity=3, kind=CALL, after_minutes=minutes, audience=to)
        assert [each.to for each in ladders_of(cast.here.pk).of(3, CALL)] == [MANAGERS, MANAGERS]

    def test_back_to_the_default(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(5)], at=NOW)
        ladders.back_to_default(location_id=cast.here.pk, severity=3, kind=CALL, by=cast.manager, now=NOW + MINUTE)
        work(NOW + MINUTE)
        assert ahead() == [-30 * MINUTE]
        again = ladders.back_to_default(location_id=cast.here.pk, severity=3, kind=CALL, by=cast.manager, now=NOW)
        assert again is None


class TestSaving:
    @pytest.mark.parametrize(
        ("rungs", "words"),
        [
            ([], "Say between one and eight times"),
            ([rung(n) for n in range(9)], "Say between one and eight times"),
            ([rung(-30)], "has to speak when it is due"),
            ([rung(0), rung(0, MANAGERS)], "Two reminders at the same time"),
            ([rung(0, MANAGERS), rung(60)], "a later reminder goes to as many people"),
            ([rung(0), rung(31 * 24 * 60)], "30 days after"),
            ([rung(-8 * 24 * 60), rung(0)], "From a week before"),
        ],
    )
    def test_what_makes_no_ladder(self, cast: Cast, rungs: list[Rung], words: str) -> None:
        with pytest.raises(Refused, match=words):
            edit(cast, rungs, at=NOW)

    def test_the_end_of_a_shift_is_no_ladder(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="nothing to change"):
            edit(cast, [rung(0)], at=NOW, kind=Kind.SHIFT_ENDED)

    def test_two_at_once(self, cast: Cast) -> None:
        edit(cast, [rung(5)], at=NOW)
        with pytest.raises(Stale):
            ladders.set_ladder(
                location_id=cast.here.pk,
                severity=3,
                kind=CALL,
                rungs=[rung(6)],
                expected_version=0,
                by=cast.manager,
                now=NOW,
            )

    def test_the_same_again_asks_for_nothing(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(5)], at=NOW)
        edit(cast, [rung(5)], at=NOW)
        assert Job.objects.count() == 1
        assert Event.objects.filter(kind="ladder_changed").count() == 1

    def test_managers_their_place_administrators_the_business(self, cast: Cast) -> None:
        for by, location_id in ((cast.desk, cast.here.pk), (cast.manager, cast.elsewhere.pk), (cast.manager, None)):
            with pytest.raises(NotYours):
                ladders.set_ladder(
                    location_id=location_id, severity=3, kind=CALL, rungs=[rung(1)], expected_version=0, by=by, now=NOW
                )


class TestMeanwhile:
    def test_what_waits_rings_by_the_new_ladder(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(-60), rung(10, MANAGERS)], at=NOW)
        assert ahead() == [-60 * MINUTE]
        sweep(DUE + 10 * MINUTE)
        assert heard() == [("Dora", "+10"), ("Mona", "+10")]

    def test_what_was_said_is_not_said_again(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE + 2 * HOUR)
        edit(cast, [rung(0), rung(90), rung(180)], at=DUE + 2 * HOUR + MINUTE)
        for moment in (2, 3, 4):
            sweep(DUE + moment * HOUR)
        assert heard() == [("Dora", "+120"), ("Dora", "+180")]

    def test_what_has_passed_by_the_new_one_is_said_now(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        edit(cast, [rung(0), rung(30, MANAGERS)], at=DUE + HOUR)
        sweep(DUE + HOUR)
        assert heard() == [("Dora", "+0"), ("Dora", "+30"), ("Mona", "+30")]

    def test_more_people_at_the_same_time_are_told_and_nobody_twice(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        edit(cast, [rung(0, MANAGERS)], at=DUE + MINUTE)
        sweep(DUE + MINUTE)
        edit(cast, [rung(0, ADMINISTRATORS)], at=DUE + 2 * MINUTE)
        sweep(DUE + 2 * MINUTE)
        assert heard() == [("Dora", "+0"), ("Mona", "+0"), ("Olga", "+0")]

    def test_a_warning_that_was_not_meant_is_not_made_up_for(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(-2 * 24 * 60), rung(0)], at=DUE - HOUR)
        assert sweep(DUE - HOUR) == 0
        assert ahead() == [0 * MINUTE]

    def test_a_warning_that_was_about_to_be_given_is_given(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(-30), rung(5)], at=FIRST + MINUTE)
        assert sweep(FIRST + MINUTE) == 1
        assert heard() == [("Dora", "-30")]

    def test_there_and_back_again_it_still_speaks(self, cast: Cast, settled: Incident) -> None:
        """The first rung is taken off the table and put on it again."""
        sweep(DUE)
        shipped = ladders_of(None).of(3, CALL)
        edit(cast, [rung(0), rung(60), rung(24 * 60, MANAGERS)], at=DUE + MINUTE)
        edit(cast, shipped, at=DUE + 2 * MINUTE)
        edit(cast, [rung(0), rung(60), rung(24 * 60, MANAGERS)], at=DUE + 3 * MINUTE)
        for hours in (1, 24):
            sweep(DUE + hours * HOUR)
        assert heard() == [("Dora", "+0"), ("Dora", "+60"), ("Dora", "+1440"), ("Mona", "+1440")]

    def test_one_that_had_ended_goes_on(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(0)], at=NOW)
        sweep(DUE)
        assert ahead() == []
        edit(cast, [rung(0), rung(24 * 60, MANAGERS)], at=DUE + HOUR)
        assert ahead() == [DAY]

    def test_one_that_was_settled_stays_silent(self, cast: Cast, settled: Incident) -> None:
        sweep(DUE)
        make.call(settled, cast.desk, "satisfied", now=DUE + MINUTE)
        edit(cast, [rung(0), rung(10, MANAGERS)], at=DUE + HOUR)
        assert sweep(DUE + DAY) == 0

    def test_delivered_before_the_job_it_goes_by_the_new_ladder_too(self, cast: Cast, settled: Incident) -> None:
        """The row still names a rung that is no more."""
        for minutes in (10, 40):
            LadderRung.objects.create(location=cast.here, severity=3, kind=CALL, after_minutes=minutes)
        assert sweep(FIRST) == 0, "the warning is not on it any more"
        assert ahead() == [10 * MINUTE]
        assert [sweep(DUE + 10 * MINUTE), sweep(DUE + 40 * MINUTE)] == [1, 1]
        assert heard() == [("Dora", "+10"), ("Dora", "+40")]

    def test_rows_from_before_go_on(self, cast: Cast, settled: Incident) -> None:
        """They name a number on the shipped ladder."""
        old = DUE.astimezone(dt.UTC).isoformat()
        Reminder.objects.filter(kind=CALL).update(occurrence=f"{old}/2", rung=2, due_at=DUE + 2 * HOUR)
        subject = make.planned_call(settled).pk
        for number in (0, 1):
            Notice.objects.create(
                recipient=cast.desk,
                incident=settled,
                kind=CALL,
                subject_id=subject,
                occurrence=f"{old}/{number}",
                target_at=DUE,
                at=DUE,
            )
        edit(cast, [rung(-30), rung(0)], at=DUE + HOUR)
        assert sweep(DUE + HOUR) <= 1
        assert len(heard()) <= 3
        sweep(DUE + 3 * DAY)
        assert heard().count(("Dora", "+0")) <= 1

    def test_a_promise_of_a_closed_recovery_goes_by_it_when_it_rings(self, cast: Cast, settled: Incident) -> None:
        promise(settled, cast.desk, DUE)
        make.call(settled, cast.desk, "satisfied")
        edit(cast, [rung(0), rung(5, MANAGERS)], at=NOW, kind=Kind.PROMISE_DUE)
        for moment in (DUE - 30 * MINUTE, DUE, DUE + 5 * MINUTE):
            sweep(moment)
        rows = Notice.objects.filter(kind="promise_due").order_by("id")
        assert [row.occurrence.rpartition("/")[2] for row in rows] == ["+0", "+5", "+5"]

    def test_what_was_given_up_is_left_to_a_person(self, cast: Cast, settled: Incident) -> None:
        Reminder.objects.filter(kind=CALL).update(state=ReminderState.DEAD, tries=5)
        edit(cast, [rung(0), rung(60)], at=DUE + MINUTE)
        assert Reminder.objects.filter(state=ReminderState.DEAD).count() == 1
        assert ahead() == [HOUR]

    def test_another_place_is_left_alone(self, cast: Cast, settled: Incident) -> None:
        edit(cast, [rung(-60), rung(0)], at=NOW)
        other = settle(cast, location=cast.elsewhere)
        assert Reminder.objects.get(incident=other, kind=CALL).due_at == FIRST


class TestSettledAndNotSettledAfterAll:
    def test_an_apology_that_was_none_is_reminded_of_again(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        row = Reminder.objects.get(kind="apology_due")
        due = row.target_at
        assert due is not None
        sweep(due)
        remind.withdraw_reminders(incident, Kind.APOLOGY_DUE, row.subject_id, now=due + MINUTE)
        assert sweep(due + HOUR) == 0
        incident.refresh_from_db()
        remind.schedule(
            incident=incident, kind=Kind.APOLOGY_DUE, subject_id=row.subject_id, target_at=due, now=due + 90 * MINUTE
        )
        sweep(due + 90 * MINUTE)
        said = Notice.objects.filter(kind="apology_due").values_list("occurrence", flat=True)
        assert sorted(each.rpartition("/")[2] for each in said) == ["+0", "+60"]


def test_occurrences_fit_their_column() -> None:
    longest = Rung(dt.timedelta(days=-7), ADMINISTRATORS)
    moment = NOW.replace(microsecond=123456)
    assert len(occurrence_of(moment, longest)) <= 60
    assert len(said_as(moment, longest)) <= 60


def test_it_counts_what_the_manager_sees(cast: Cast, settled: Incident) -> None:
    make.make_incident(cast.owner, location=cast.elsewhere)
    Staff.objects.filter(pk=cast.manager.pk).update(is_active=True)
    edit(cast, [rung(3)], at=NOW)
    assert Job.objects.get().total == 1
