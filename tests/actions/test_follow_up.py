"""The call back: what each outcome does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import endings, follow_up, handovers, remedies, rounds
from incidents.actions.refusals import Refused
from incidents.models import (
    Attempt,
    FollowUp,
    Incident,
    Notice,
    NoticeKind,
    Reminder,
    ReminderState,
)
from incidents.vocabulary import CloseReason, Outcome, RoundReason, Severity, Stage
from tests import make
from tests.actions.calling import CALLED, call, settle
from tests.make import DAY, HOUR, NOW, Cast


@pytest.mark.parametrize("outcome", ["satisfied", "delighted"])
def test_satisfied_or_better_closes(cast: Cast, settled: Incident, outcome: str) -> None:
    call(settled, cast, outcome)
    assert (settled.stage, settled.close_reason) == (Stage.CLOSED, CloseReason.RECOVERED)
    closure = settled.closures.get()
    assert (closure.reason, closure.closed_by, closure.closed_at) == ("recovered", cast.desk, CALLED)


def test_face_to_face_counts(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "satisfied", channel="in_person", words="She laughed.")
    assert settled.close_reason == CloseReason.RECOVERED
    assert Attempt.objects.get().words == "She laughed."


@pytest.mark.parametrize("outcome", ["unhappy", "neutral"])
def test_less_than_satisfied_is_another_round_at_the_remedy(cast: Cast, settled: Incident, outcome: str) -> None:
    call(settled, cast, outcome)
    assert (settled.stage, settled.round_number) == (Stage.REMEDY, 2)
    assert settled.rounds.get(number=2).reason == RoundReason.UNHAPPY
    assert settled.is_open
    assert settled.reopen_count == 0
    notice = Notice.objects.get(kind=NoticeKind.UNHAPPY)
    assert (notice.recipient, notice.incident) == (cast.manager, settled)


def test_a_manager_who_made_the_call_is_not_told_what_they_know(cast: Cast, settled: Incident) -> None:
    make.call(settled, cast.manager, "unhappy", now=CALLED)
    assert not Notice.objects.filter(kind=NoticeKind.UNHAPPY).exists()


def test_the_apology_of_the_call_is_in_the_new_round(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "unhappy", has_apologized=True)
    second = settled.rounds.get(number=2)
    assert second.apologies.get().channel == "phone"
    assert settled.rounds.get(number=1).apologies.count() == 1


def test_the_second_round_takes_its_own_remedy_and_its_own_call(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "unhappy")
    make.give(settled, cast.desk, now=CALLED + HOUR)
    settled.refresh_from_db()
    assert settled.stage == Stage.FOLLOW_UP
    assert make.planned_call(settled).due_at == CALLED + HOUR + DAY  # it is major now
    call(settled, cast, "satisfied", now=CALLED + 3 * DAY)
    assert settled.closures.get().round.number == 2


@pytest.mark.parametrize(("outcome", "score"), [("delighted", 2), ("satisfied", 3)])
def test_a_low_score_outweighs_kind_words(cast: Cast, settled: Incident, outcome: str, score: int) -> None:
    call(settled, cast, outcome, score=score)
    assert settled.round_number == 2
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.score) == (outcome, score)


def test_a_high_score_does_not_sweeten_an_unhappy_answer(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "unhappy", score=5)
    assert settled.is_open


@pytest.mark.parametrize(("outcome", "later"), [("no_answer", dt.timedelta(hours=4)), ("voicemail", DAY)])
def test_no_contact_plans_the_next_try(cast: Cast, settled: Incident, outcome: str, later: dt.timedelta) -> None:
    call(settled, cast, outcome)
    planned = make.planned_call(settled)
    assert planned.due_at == CALLED + later
    assert planned.attempts.count() == 1
    assert (settled.stage, settled.round_number) == (Stage.FOLLOW_UP, 1)
    assert settled.next_due_at == CALLED + later


def test_call_back_moves_the_call(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "call_back", call_back_at=CALLED + 5 * HOUR)
    assert make.planned_call(settled).due_at == CALLED + 5 * HOUR
    waiting = Reminder.objects.filter(state=ReminderState.PENDING)
    assert [r.target_at for r in waiting] == [CALLED + 5 * HOUR]


def test_a_time_beside_no_answer_means_nothing(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "no_answer", call_back_at=CALLED - DAY)
    assert make.planned_call(settled).due_at == CALLED + 4 * HOUR


@pytest.mark.parametrize("when", [None, CALLED, CALLED - HOUR])
def test_call_back_needs_a_moment_still_to_come(cast: Cast, settled: Incident, when: dt.datetime | None) -> None:
    with pytest.raises(Refused, match="a moment still to come"):
        call(settled, cast, "call_back", call_back_at=when)


@pytest.mark.parametrize("outcome", ["", "nonsense", "recovered"])
def test_an_outcome_that_nobody_knows(cast: Cast, settled: Incident, outcome: str) -> None:
    with pytest.raises(Refused, match="Choose how the call ended"):
        call(settled, cast, outcome)


def test_a_promise_of_the_call_is_noted_with_it(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "no_answer", promise_what="A letter", promise_due_at=CALLED + DAY)
    assert settled.promises.get().assignee == cast.desk


@pytest.mark.parametrize("outcome", list(Outcome))
def test_whatever_the_first_said_the_second_is_refused_when_it_was_answered(
    cast: Cast, settled: Incident, outcome: Outcome
) -> None:
    planned = make.planned_call(settled)
    asked: dict[str, Any] = {"score": 4, "call_back_at": CALLED + DAY}
    make.call(settled, cast.desk, "satisfied", now=CALLED)
    with pytest.raises(Refused, match="already made this call"):
        follow_up.record_follow_up(
            follow_up_id=planned.pk, by=cast.colleague, now=CALLED, outcome=outcome, submit_key=uuid4(), **asked
        )
    assert Attempt.objects.count() == 1


def test_the_same_key_is_one_attempt(cast: Cast, settled: Incident) -> None:
    planned, key = make.planned_call(settled), uuid4()
    for _turn in range(2):
        follow_up.record_follow_up(follow_up_id=planned.pk, by=cast.desk, now=CALLED, outcome="unhappy", submit_key=key)
    settled.refresh_from_db()
    assert (Attempt.objects.count(), settled.round_number) == (1, 2)


def test_a_call_somebody_else_has_made(cast: Cast, settled: Incident) -> None:
    planned = make.planned_call(settled)
    call(settled, cast, "satisfied")
    with pytest.raises(Refused, match="already made this call"):
        follow_up.record_follow_up(
            follow_up_id=planned.pk, by=cast.colleague, now=CALLED, outcome="unhappy", submit_key=uuid4()
        )
    settled.refresh_from_db()
    assert settled.close_reason == CloseReason.RECOVERED


def test_two_at_the_same_call_at_once(together: Callable[[Callable[[int], Any], int], list[Any]]) -> None:
    cast = make.make_cast()
    incident = settle(cast)
    planned = make.planned_call(incident)
    people = [cast.desk, cast.colleague]

    def dial(n: int) -> Attempt:
        return follow_up.record_follow_up(
            follow_up_id=planned.pk, by=people[n], now=CALLED, outcome="satisfied", submit_key=uuid4()
        )

    answers = together(dial, 2)
    assert sorted(type(one).__name__ for one in answers) == ["Attempt", "Refused"]
    assert incident.closures.count() == 1


def test_contact_before_it_was_put_right_does_not_count(cast: Cast, settled: Incident) -> None:
    make.give(settled, cast.desk, "gift_card", is_delivered=False, now=NOW + HOUR)
    call(settled, cast, "satisfied", now=NOW + 2 * HOUR)
    assert (settled.stage, settled.is_open) == (Stage.REMEDY, True)
    card = settled.remedies.get(state="offered")
    remedies.deliver_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + 3 * HOUR)
    settled.refresh_from_db()
    assert settled.stage == Stage.FOLLOW_UP
    assert make.planned_call(settled).due_at == NOW + 3 * HOUR + 2 * DAY


def test_a_promised_call_keeps_its_time_in_the_new_round(cast: Cast) -> None:
    incident = settle(cast, severity=Severity.CRITICAL)
    later = incident.follow_ups.planned().latest("due_at")
    make.call(incident, cast.desk, "unhappy", now=NOW + DAY)
    later.refresh_from_db()
    assert (later.round.number, later.due_at) == (2, NOW + 7 * DAY - HOUR)
    make.give(incident, cast.desk, now=NOW + DAY)
    due = list(incident.follow_ups.planned().values_list("due_at", flat=True))
    assert due == [NOW + 2 * DAY, NOW + 7 * DAY - HOUR]


def test_a_call_promised_for_later_is_not_doubled(cast: Cast, settled: Incident) -> None:
    call(settled, cast, "call_back", now=NOW + HOUR, call_back_at=NOW + 6 * DAY)
    rounds.go_back(incident_id=settled.pk, reason="second_thought", by=cast.desk, now=NOW + 2 * HOUR)
    make.give(settled, cast.desk, "gift_card", now=NOW + 2 * HOUR)
    assert [c.due_at for c in settled.follow_ups.planned()] == [NOW + 6 * DAY]


def test_the_call_belongs_to_whoever_has_the_incident(cast: Cast, settled: Incident) -> None:
    handovers.hand_over(incident_id=settled.pk, to=cast.colleague, by=cast.desk, now=NOW)
    assert FollowUp.objects.get().assignee == cast.colleague


def test_a_closed_recovery_has_no_call_to_make(cast: Cast, settled: Incident) -> None:
    planned = make.planned_call(settled)
    endings.close_incident(incident_id=settled.pk, reason="withdrawn", by=cast.desk, now=NOW, note="He said so.")
    with pytest.raises(Refused):
        follow_up.record_follow_up(
            follow_up_id=planned.pk, by=cast.desk, now=CALLED, outcome="satisfied", submit_key=uuid4()
        )
    assert not FollowUp.objects.planned().exists()
