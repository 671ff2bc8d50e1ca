"""One act on many incidents: each through its own action, what is refused keeps its words, and the rest goes on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents.access import Role
from incidents.actions import bulk, handovers, remind, review
from incidents.actions.refusals import NotYours, Refused
from incidents.models import BulkAct, Concern, Event, Incident, Job, JobLine, Notice, Staff
from incidents.models.incident import ReviewState
from incidents.vocabulary import CloseReason, Stage
from tests import make
from tests.actions.many import ask, done, many, only_bulk, owners  # noqa: F401
from tests.make import DAY, HOUR, NOW, Cast


def test_all_of_them_are_handed_over_in_their_order(cast: Cast) -> None:
    made = many(cast, 5)
    job = ask(cast, rows=Incident.objects.order_by("-pk"))
    assert list(job.lines.values_list("incident", flat=True)) == [one.pk for one in reversed(made)]
    assert done(job) == [("done", "")] * 5
    assert owners() == {"Cole League"}
    assert Event.objects.filter(kind="handed_over", by=cast.manager).count() == 5
    assert Notice.objects.filter(recipient=cast.colleague, kind="assigned").count() == 5


def test_asking_twice_with_one_key_is_one_job(cast: Cast) -> None:
    many(cast)
    key = uuid4()
    assert ask(cast, submit_key=key) == ask(cast, submit_key=key)
    assert JobLine.objects.count() == 3


def test_nothing_chosen_makes_no_job(cast: Cast) -> None:
    with pytest.raises(Refused):
        ask(cast)
    assert not Job.objects.exists()


def test_no_more_than_the_most_are_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    many(cast)
    monkeypatch.setattr(bulk, "MOST", 2)
    assert ask(cast).total == 2


def test_reminding_of_many_is_for_managers(cast: Cast) -> None:
    many(cast)
    with pytest.raises(NotYours):
        ask(cast, BulkAct.REMIND, by=cast.desk)


def test_what_is_refused_keeps_its_words_and_the_rest_goes_on(cast: Cast) -> None:
    first, second, third, fourth = many(cast, 4)
    job = ask(cast)
    make.close(second, cast.manager, CloseReason.VOID)
    handovers.hand_over(incident_id=third.pk, to=cast.owner, by=cast.desk, now=remind.database_now())
    handovers.hand_over(incident_id=fourth.pk, to=cast.colleague, by=cast.desk, now=remind.database_now())
    states = done(job)
    assert [state for state, _said in states] == ["done", "refused", "refused", "skipped"]
    assert "closed" in states[1][1]
    assert "Olga Owner" in states[2][1]
    assert "Cole League" in states[3][1]
    assert make.fresh(first).assignee == cast.colleague
    assert make.fresh(third).assignee == cast.owner, "whoever was given it meanwhile keeps it"


@pytest.mark.parametrize("place", ["here", "elsewhere"])
def test_whoever_cannot_have_it_does_not_get_it(cast: Cast, place: str) -> None:
    [one] = many(cast, 1, category="safety")
    if place == "here":
        Concern.objects.create(incident=one, staff=cast.colleague)
    to = cast.colleague if place == "here" else cast.outsider
    [(state, said)] = done(ask(cast, to=to))
    assert state == "refused"
    assert said
    assert make.fresh(one).assignee == cast.manager, "as it was logged"


def test_a_row_with_a_fault_of_its_own_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    many(cast, 3)
    poison = Incident.objects.order_by("pk")[1].pk
    real = handovers.hand_over

    def breaks(*, incident_id: int, **more: Any) -> Incident:
        if incident_id == poison:
            raise ValueError("nobody foresaw this")
        return real(incident_id=incident_id, **more)

    monkeypatch.setattr(bulk, "hand_over", breaks)
    states = done(ask(cast))
    assert [state for state, _said in states] == ["done", "refused", "done"]
    assert "foresaw" not in states[1][1]


# Restricted ones ------------------------------------------------------------------------------------------------------


def restricted(cast: Cast, **over: Any) -> Incident:
    return make.make_incident(cast.manager, now=remind.database_now() - HOUR, category="safety", **over)


@pytest.mark.parametrize("act", [BulkAct.REASSIGN, BulkAct.MEETING, BulkAct.CLOSE])
def test_what_somebody_may_not_see_is_never_touched(cast: Cast, act: BulkAct) -> None:
    plain, secret = many(cast, 1)[0], restricted(cast)
    before = Incident.objects.filter(pk=secret.pk).values().get()
    job = ask(cast, act, by=cast.desk)
    assert list(job.lines.values_list("incident", flat=True)) == [plain.pk]
    done(job)
    assert Incident.objects.filter(pk=secret.pk).values().get() == before


@pytest.mark.parametrize("act", [BulkAct.REASSIGN, BulkAct.REMIND, BulkAct.MEETING, BulkAct.CLOSE])
def test_what_became_restricted_before_its_turn_is_not_touched(cast: Cast, act: BulkAct) -> None:
    """Looked at again, with its row locked, when its turn comes."""
    boss = make.make_staff("Berta Boss", cast.here, role=Role.MANAGER)
    secret = restricted(cast)
    job = ask(cast, act, by=boss)
    Concern.objects.create(incident=secret, staff=boss)
    before = Incident.objects.filter(pk=secret.pk).values().get()
    events = secret.events.count()
    assert done(job) == [("refused", "Not for you to see any more.")]
    assert Incident.objects.filter(pk=secret.pk).values().get() == before
    assert secret.events.count() == events


def test_of_a_restricted_one_its_logger_does_nothing_but_put_it_on_the_list(cast: Cast) -> None:
    one = make.make_incident(cast.desk, now=remind.database_now() - HOUR, category="safety")
    handovers.hand_over(incident_id=one.pk, to=cast.manager, by=cast.manager, now=remind.database_now())
    [(state, said)] = done(ask(cast, by=cast.desk))
    assert (state, make.fresh(one).assignee) == ("refused", cast.manager)
    assert "restricted" in said
    review.take_off_meeting(incident_id=one.pk, by=cast.desk, now=remind.database_now())  # it is there by itself
    assert done(ask(cast, BulkAct.MEETING, by=cast.desk)) == [("done", "")]


def test_who_left_meanwhile_changes_nothing(cast: Cast) -> None:
    many(cast)
    job = ask(cast)
    Staff.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert {state for state, _said in done(job)} == {"refused"}
    assert owners() == {"Dora Desk"}


def test_who_is_no_manager_any_more_reminds_nobody(cast: Cast) -> None:
    many(cast)
    job = ask(cast, BulkAct.REMIND)
    Staff.objects.filter(pk=cast.manager.pk).update(role=Role.FRONT_DESK)
    assert set(done(job)) == {("refused", "A manager does this.")}
    assert not Notice.objects.filter(kind="nudged").exists()


# The other acts -------------------------------------------------------------------------------------------------------


def test_all_go_on_the_list_of_the_next_meeting_closed_ones_too(cast: Cast) -> None:
    first, second, third = many(cast)
    make.close(second, cast.manager, CloseReason.WITHDRAWN)
    make.close(third, cast.manager, CloseReason.VOID)
    job = ask(cast, BulkAct.MEETING)
    assert [state for state, _said in done(job)] == ["done", "done", "refused"]
    assert make.fresh(first).review_state == make.fresh(second).review_state == ReviewState.TO_REVIEW
    assert [state for state, _said in done(ask(cast, BulkAct.MEETING))] == ["skipped", "skipped", "refused"]


def test_the_unanswered_are_closed_by_the_gate_of_one(cast: Cast) -> None:
    waited, fresh_ = (
        make.settle(make.make_incident(cast.desk, severity=4, category="other"), cast.desk) for _time in range(2)
    )
    make.call(waited, cast.desk, "voicemail", now=NOW)
    make.call(fresh_, cast.desk, "voicemail", now=remind.database_now() - DAY)
    [(first, _none), (second, said)] = done(ask(cast, BulkAct.CLOSE))
    assert (first, second) == ("done", "refused")
    assert "seven days" in said
    assert make.fresh(waited).close_reason == CloseReason.NO_ANSWER
    assert make.fresh(fresh_).stage == Stage.FOLLOW_UP


def test_each_is_reminded_once_and_nobody_of_their_own(cast: Cast) -> None:
    [one, _two] = many(cast, 2)
    handovers.hand_over(incident_id=one.pk, to=cast.manager, by=cast.manager, now=remind.database_now())
    job = ask(cast, BulkAct.REMIND)
    assert [state for state, _said in done(job)] == ["skipped", "done"]
    assert Notice.objects.filter(kind="nudged").values_list("recipient__name").get() == ("Dora Desk",)
    assert [state for state, _said in done(ask(cast, BulkAct.REMIND))] == ["skipped", "skipped"], "and not once more"
    assert Notice.objects.filter(kind="nudged").count() == 1


def test_what_another_manager_has_seen_to_is_left_to_them(cast: Cast) -> None:
    boss = make.make_staff("Berta Boss", cast.here, role=Role.MANAGER)
    many(cast, 1)
    assert done(ask(cast, BulkAct.REMIND, by=boss)) == [("done", "")]
    [(state, said)] = done(ask(cast, BulkAct.REMIND))
    assert state == "refused"
    assert "Berta Boss" in said
