"""What one job handed over goes back to whoever had it: for an hour, and nothing that somebody has taken over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from incidents.actions import bulk, handovers, jobs, remind
from incidents.actions.refusals import Refused
from incidents.models import Job, LineState, Notice
from tests import make
from tests.actions.many import LONG, ask, done, many, only_bulk, owners  # noqa: F401
from tests.make import HOUR, Cast


def give_back(cast: Cast, job: Job, **over: Any) -> Job:
    fields: dict[str, Any] = {"by": cast.manager, "now": remind.database_now()}
    return bulk.give_all_back(job_id=job.pk, **fields | over)


def test_all_goes_back_with_its_calls_and_promises(cast: Cast) -> None:
    one = make.settle(make.make_incident(cast.desk, now=remind.database_now() - HOUR), cast.desk)
    job = ask(cast)
    done(job)
    assert make.planned_call(one).assignee == cast.colleague
    assert done(give_back(cast, job)) == [("done", "")]
    assert make.fresh(one).assignee == cast.desk
    assert make.planned_call(one).assignee == cast.desk
    assert not Notice.objects.filter(recipient=cast.colleague, kind="assigned", read_at=None).exists()


def test_asked_twice_it_is_given_back_once(cast: Cast) -> None:
    many(cast)
    job = ask(cast)
    done(job)
    assert give_back(cast, job) == give_back(cast, job)
    assert Job.objects.count() == 2


def test_what_somebody_took_over_or_passed_on_stays(cast: Cast) -> None:
    taken, passed, left = many(cast)
    job = ask(cast)
    done(job)
    handovers.accept_handover(incident_id=taken.pk, by=cast.colleague, now=remind.database_now())
    handovers.hand_over(incident_id=passed.pk, to=cast.owner, by=cast.colleague, now=remind.database_now())
    states = done(give_back(cast, job))
    assert [state for state, _said in states] == ["refused", "refused", "done"]
    assert [make.fresh(one).assignee for one in (taken, passed, left)] == [cast.colleague, cast.owner, cast.desk]


def test_what_was_handed_on_before_it_was_taken_goes_back_too(cast: Cast) -> None:
    [one] = many(cast, 1)
    handovers.hand_over(incident_id=one.pk, to=cast.owner, by=cast.desk, now=remind.database_now())
    job = ask(cast)
    done(job)
    assert done(give_back(cast, job)) == [("done", "")]
    assert make.fresh(one).assignee == cast.owner


def test_what_i_took_myself_i_can_give_back(cast: Cast) -> None:
    [one] = many(cast, 1)
    job = ask(cast, to=cast.manager)
    done(job)
    assert done(give_back(cast, job)) == [("done", "")]
    assert make.fresh(one).assignee == cast.desk
    assert make.fresh(one).assignee == cast.desk


Ends = Callable[[Job], Any]
TOO_LATE = [
    pytest.param(lambda job: job.finished_at + bulk.UNDO_FOR + dt.timedelta(seconds=1), id="an hour later"),
    pytest.param(lambda job: Job.objects.filter(pk=job.pk).update(options={"act": "remind"}), id="was no handing over"),
]


@pytest.mark.parametrize("change", TOO_LATE)
def test_it_is_refused_later_and_for_anything_else(cast: Cast, change: Ends) -> None:
    many(cast)
    job = ask(cast)
    done(job)
    moment = change(job)
    now = moment if isinstance(moment, dt.datetime) else remind.database_now()
    with pytest.raises(Refused):
        give_back(cast, job, now=now)


def test_it_is_refused_while_the_job_goes_on(cast: Cast) -> None:
    many(cast)
    with pytest.raises(Refused):
        give_back(cast, ask(cast))


def test_somebody_elses_job_is_not_there(cast: Cast) -> None:
    many(cast)
    with pytest.raises(Job.DoesNotExist):
        give_back(cast, ask(cast), by=cast.colleague)


def test_stopped_in_the_middle_the_rest_stays_and_what_was_done_goes_back(cast: Cast) -> None:
    many(cast, 5)
    job = ask(cast)
    jobs.work(budget=dt.timedelta(0))  # one slice
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    assert jobs.work(budget=LONG) == 0
    states = list(job.lines.values_list("state", flat=True))
    assert states == [LineState.DONE, LineState.DONE, *[LineState.PENDING] * 3]
    assert owners() == {"Cole League", "Dora Desk"}
    assert done(give_back(cast, job)) == [("done", "")] * 2
    assert owners() == {"Dora Desk"}
