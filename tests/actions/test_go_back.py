"""Going back to the customer: the next round, also of a closed recovery."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import remedies, rounds
from incidents.actions.refusals import Refused, Stale
from incidents.models import Incident, Notice, NoticeKind, Reminder, ReminderKind, ReminderState, Staff
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast


def go_back(incident: Incident, by: Staff, reason: str, **over: Any) -> Incident:
    rounds.go_back(incident_id=incident.pk, reason=reason, by=by, **{"now": NOW + HOUR} | over)
    incident.refresh_from_db()
    return incident


# reason for going back | where the new round begins
GO_BACK = [
    ("contacted_us", Stage.APOLOGIZE),
    ("remedy_failed", Stage.REMEDY),
    ("second_thought", Stage.REMEDY),
]


class TestGoBack:
    @pytest.mark.parametrize(("reason", "stage"), GO_BACK)
    def test_while_it_is_open(self, cast: Cast, incident: Incident, reason: str, stage: Stage) -> None:
        make.settle(incident, cast.desk)
        go_back(incident, cast.desk, reason)
        assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 0)
        assert incident.rounds.get(number=2).reason == reason

    @pytest.mark.parametrize(("reason", "stage"), GO_BACK)
    def test_after_it_was_closed(self, cast: Cast, incident: Incident, reason: str, stage: Stage) -> None:
        make.settle(incident, cast.desk)
        make.call(incident, cast.desk)
        go_back(incident, cast.desk, reason, now=NOW + DAY)
        assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 1)
        assert (incident.close_reason, incident.closed_at) == ("", None)
        assert incident.next_due_at is not None
        old = incident.closures.get()
        assert (old.reason, old.reopened_at) == ("recovered", NOW + DAY)

    def test_closing_again_keeps_the_old_closure(self, cast: Cast, incident: Incident) -> None:
        make.close(incident, cast.desk, "withdrawn")
        go_back(incident, cast.desk, "contacted_us")
        make.close(incident, cast.desk, "withdrawn", now=NOW + DAY)
        assert incident.closures.count() == 2
        assert incident.closures.filter(reopened_at__isnull=True).count() == 1

    @pytest.mark.parametrize("reason", ["void", "duplicate"])
    def test_not_what_never_was_an_incident(self, cast: Cast, incident: Incident, reason: str) -> None:
        twin = make.make_incident(cast.desk) if reason == "duplicate" else None
        make.close(incident, cast.manager, reason, duplicate_of=twin)
        with pytest.raises(Refused, match="logged by mistake or twice"):
            go_back(incident, cast.owner, "contacted_us")

    @pytest.mark.parametrize("reason", ["", "nonsense", "first", "unhappy"])
    def test_not_without_a_reason_a_person_can_give(self, cast: Cast, incident: Incident, reason: str) -> None:
        with pytest.raises(Refused, match="Say why you are going back"):
            go_back(incident, cast.desk, reason)

    @pytest.mark.parametrize(
        ("untrue", "stage"), [("apology", Stage.APOLOGIZE), ("remedy", Stage.REMEDY), ("call", Stage.FOLLOW_UP)]
    )
    def test_closed_by_mistake_begins_at_what_was_not_true(
        self, cast: Cast, incident: Incident, untrue: str, stage: Stage
    ) -> None:
        make.call(make.settle(incident, cast.desk), cast.desk)
        go_back(incident, cast.desk, "not_true", untrue=untrue, now=NOW + DAY)
        assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 1)
        assert incident.follow_ups.planned().exists() == (untrue == "call")

    @pytest.mark.parametrize("untrue", ["", "nonsense"])
    def test_closed_by_mistake_says_what_was_not_true(self, cast: Cast, incident: Incident, untrue: str) -> None:
        make.close(incident, cast.desk, "withdrawn")
        with pytest.raises(Refused, match="Say what was not true"):
            go_back(incident, cast.desk, "not_true", untrue=untrue)

    def test_what_is_open_was_not_closed_by_mistake(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(Refused, match="It is not closed"):
            go_back(incident, cast.desk, "not_true", untrue="apology")

    def test_reopened_twice_the_managers_hear_of_it_each_time(self, cast: Cast, incident: Incident) -> None:
        told = []
        for day in range(1, 4):
            make.close(incident, cast.desk, "withdrawn", now=NOW + day * DAY)
            go_back(incident, cast.desk, "contacted_us", now=NOW + day * DAY)
            told.append(Notice.objects.filter(kind=NoticeKind.REOPENED_TWICE, recipient=cast.manager).count())
        assert told == [0, 1, 2]

    def test_a_second_tap_of_the_same_person_changes_nothing(self, cast: Cast, incident: Incident) -> None:
        for _tap in range(2):
            go_back(incident, cast.desk, "second_thought", expected_round=1)
        assert (incident.round_number, incident.rounds.count()) == (2, 2)
        with pytest.raises(Stale):  # another button: they mean something else
            go_back(incident, cast.desk, "contacted_us", expected_round=1)

    def test_two_people_at_once_go_back_once(self, cast: Cast, incident: Incident) -> None:
        go_back(incident, cast.desk, "second_thought", expected_round=1)
        with pytest.raises(Stale):
            go_back(incident, cast.colleague, "second_thought", expected_round=1)
        incident.refresh_from_db()
        assert incident.round_number == 2

    def test_a_promised_call_keeps_its_time(self, cast: Cast, incident: Incident) -> None:
        make.settle(incident, cast.desk)
        promised = make.planned_call(incident)
        go_back(incident, cast.desk, "second_thought")
        make.give(incident, cast.desk, "gift_card", now=NOW + HOUR)
        moved = make.planned_call(incident)
        assert (moved.pk, moved.due_at, moved.round.number) == (promised.pk, NOW + 2 * DAY, 2)

    def test_what_is_still_on_its_way_belongs_to_the_new_round(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False)
        go_back(incident, cast.desk, "second_thought")
        make.give(incident, cast.desk, "gift_card", now=NOW + HOUR)
        incident.refresh_from_db()
        assert incident.stage == Stage.REMEDY
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + 2 * HOUR)
        incident.refresh_from_db()
        assert incident.stage == Stage.FOLLOW_UP

    def test_what_was_given_stays_in_its_round(self, cast: Cast, incident: Incident) -> None:
        make.settle(incident, cast.desk)
        go_back(incident, cast.desk, "second_thought")
        assert incident.remedies.get().round.number == 1

    def test_a_receipt_is_asked_for_again_after_reopening(self, cast: Cast, incident: Incident) -> None:
        mic = make.give(incident, cast.desk, "reimburse")
        make.close(incident, cast.desk, "withdrawn")
        go_back(incident, cast.desk, "contacted_us", now=NOW + 10 * DAY)
        mic.refresh_from_db()
        assert (mic.state, mic.round.number) == (RemedyState.AWAITING_RECEIPT, 2)
        waiting = Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING, state=ReminderState.PENDING)
        assert waiting.due_at == NOW + 13 * DAY
