"""What somebody stopped goes on with the rest: gates asked again, words kept, and all of it can be given back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.access import Role
from incidents.actions import bulk, bulk_rest, handovers, jobs, remind
from incidents.actions.refusals import Refused
from incidents.models import BulkAct, Event, Incident, Job, LineState, Staff
from tests import make
from tests.actions.many import LONG, ask, done, many, only_bulk, owners  # noqa: F401
from tests.make import Cast


def stopped(cast: Cast, number: int = 5, **over: Any) -> tuple[list[Incident], Job]:
    """Two of them are done, the rest waits."""
    rows = many(cast, number)
    job = ask(cast, **over)
    jobs.work(budget=dt.timedelta(0))
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 2)
    return rows, job


def go_on(cast: Cast, job: Job, by: Staff | None = None) -> Job:
    return bulk_rest.go_on(job_id=job.pk, by=by or cast.manager, now=remind.database_now())


def test_the_rest_is_done_and_each_once(cast: Cast) -> None:
    _rows, job = stopped(cast)
    again = go_on(cast, job)
    assert (again.state, again.done, again.finished_at, again.cancel_asked_at) == ("pending", 2, None, None)
    assert done(job) == [("done", "")] * 5
    assert owners() == {"Cole League"}
    assert Event.objects.filter(kind="handed_over").count() == 5


def test_what_each_was_told_stays_and_the_rest_is_looked_at_again(cast: Cast) -> None:
    rows = many(cast, 5)
    Incident.objects.filter(pk=rows[0].pk).update(assignee=cast.colleague)
    job = ask(cast)
    jobs.work(budget=dt.timedelta(0))
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    handovers.hand_over(incident_id=rows[3].pk, to=cast.owner, by=cast.desk, now=remind.database_now())
    Incident.objects.filter(pk=rows[4].pk).update(location=cast.elsewhere)
    go_on(cast, job)
    assert done(job) == [
        ("skipped", "Cole League has it already."),
        ("done", ""),
        ("done", ""),
        ("refused", "Handed over meanwhile: Olga Owner has it."),
        ("refused", "Not for you to see any more."),
    ]


def test_both_runs_go_back(cast: Cast) -> None:
    _rows, job = stopped(cast)
    go_on(cast, job)
    done(job)
    back = bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    assert done(back) == [("done", "")] * 5
    assert owners() == {"Dora Desk"}


def test_asked_twice_it_goes_on_once(cast: Cast) -> None:
    _rows, job = stopped(cast)
    go_on(cast, job)
    done(job)
    before = Job.objects.filter(pk=job.pk).values().get()
    go_on(cast, job)
    assert Job.objects.filter(pk=job.pk).values().get() == before


def test_it_can_be_stopped_and_gone_on_with_again(cast: Cast) -> None:
    _rows, job = stopped(cast)
    go_on(cast, job)
    jobs.work(budget=dt.timedelta(0))
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    assert job.lines.filter(state=LineState.PENDING).count() == 1
    go_on(cast, job)
    assert done(job) == [("done", "")] * 5


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.FRONT_DESK}], ids=["left", "no manager"])
def test_who_may_not_any_more_is_refused(cast: Cast, change: dict[str, Any]) -> None:
    _rows, job = stopped(cast, act=BulkAct.REMIND)
    Staff.objects.filter(pk=cast.manager.pk).update(**change)
    with pytest.raises(Refused, match="may not do this to many any more"):
        go_on(cast, job, by=cast.owner)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_what_was_given_back_is_not_gone_on_with(cast: Cast) -> None:
    _rows, job = stopped(cast)
    back = bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    with pytest.raises(Refused, match="has been given back"):
        go_on(cast, job)
    done(back)
    assert owners() == {"Dora Desk"}


def test_while_it_goes_on_nothing_is_given_back(cast: Cast) -> None:
    _rows, job = stopped(cast)
    go_on(cast, job)
    with pytest.raises(Refused):
        bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())


def test_giving_back_that_was_stopped_is_asked_for_again_on_what_it_undoes(cast: Cast) -> None:
    many(cast, 5)
    job = ask(cast)
    done(job)
    back = bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    jobs.cancel_job(job_id=back.pk, by=cast.manager, now=remind.database_now())
    assert go_on(cast, back).state == "cancelled"
    again = bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    assert done(again) == [("done", "")] * 5


def test_somebody_elses_is_not_there_and_an_administrator_goes_on_in_their_name(cast: Cast) -> None:
    rows, job = stopped(cast)
    with pytest.raises(Job.DoesNotExist):
        go_on(cast, job, by=cast.colleague)
    go_on(cast, job, by=cast.owner)
    done(job)
    assert {make.fresh(row).handovers.get().by_id for row in rows} == {cast.manager.pk}
    assert jobs.work(budget=LONG) == 0
