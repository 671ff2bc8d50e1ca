"""The call back: outcomes with a consequence of their own."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import merges, reach, remedies, rounds
from incidents.actions.refusals import Refused
from incidents.models import (
    Attempt,
    Customer,
    Deadline,
    FollowUp,
    Incident,
    Reminder,
    ReminderState,
    RetryDelay,
)
from incidents.vocabulary import CloseReason, RemedyState, Severity, Stage
from tests import make
from tests.actions.calling import CALLED, call, settle
from tests.make import DAY, HOUR, NOW, Cast


class TestNotReceived:
    def test_the_remedy_is_under_way_again_in_the_same_round(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "remedy_not_received")
        assert (settled.stage, settled.round_number) == (Stage.REMEDY, 1)
        remedy = settled.remedies.get()
        assert (remedy.state, remedy.delivered_at) == (RemedyState.IN_PROGRESS, None)
        assert settled.rounds.get().settled_at is None

    def test_once_it_arrives_the_customer_is_called_again(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "remedy_not_received")
        remedies.deliver_remedy(remedy_id=settled.remedies.get().pk, by=cast.desk, now=CALLED + HOUR)
        settled.refresh_from_db()
        assert settled.stage == Stage.FOLLOW_UP
        assert make.planned_call(settled).due_at == CALLED + HOUR + 2 * DAY
        call(settled, cast, "satisfied", now=CALLED + 3 * DAY)
        assert settled.close_reason == CloseReason.RECOVERED

    def test_the_note_in_the_parcel_did_not_arrive_either(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False)
        note = make.apologize(incident, cast.desk, channel="note", travels_with=van)
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW)
        call(incident, cast, "remedy_not_received")
        note.refresh_from_db()
        assert (incident.stage, note.made_at) == (Stage.APOLOGIZE, None)
        remedies.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=CALLED + HOUR)
        note.refresh_from_db()
        assert note.made_at == CALLED + HOUR

    def test_which_one_can_be_said(self, cast: Cast, settled: Incident) -> None:
        card = make.give(settled, cast.desk, "gift_card", now=NOW + HOUR)
        first = settled.remedies.exclude(pk=card.pk).get()
        call(settled, cast, "remedy_not_received", missing_remedy=first)
        first.refresh_from_db()
        card.refresh_from_db()
        assert (first.state, card.state) == (RemedyState.IN_PROGRESS, RemedyState.DELIVERED)

    def test_that_of_another_incident_cannot(self, cast: Cast, settled: Incident) -> None:
        other = settle(cast).remedies.get()
        with pytest.raises(Refused, match="Choose what has not arrived"):
            call(settled, cast, "remedy_not_received", missing_remedy=other)
        settled.refresh_from_db()
        assert settled.stage == Stage.FOLLOW_UP
        assert not Attempt.objects.exists()


class TestNextTry:
    """A try without an answer to the question: the same call, later."""

    @pytest.mark.parametrize(
        ("outcome", "later"),
        [
            ("no_answer", 4 * HOUR),
            ("voicemail", DAY),
            ("wrong_number", dt.timedelta(minutes=30)),
            ("new_problem", DAY),
        ],
    )
    def test_as_shipped(self, cast: Cast, settled: Incident, outcome: str, later: dt.timedelta) -> None:
        call(settled, cast, outcome)
        assert make.planned_call(settled).due_at == CALLED + later
        assert (settled.stage, settled.round_number) == (Stage.FOLLOW_UP, 1)

    @pytest.mark.parametrize(
        ("outcome", "channel", "is_marked"),
        [
            ("no_answer", "chat", True),
            ("voicemail", "in_person", True),
            ("voicemail", "phone", False),
            ("new_problem", "chat", False),
        ],
    )
    def test_in_vain_otherwise_than_by_phone_marks_the_call(
        self, cast: Cast, settled: Incident, outcome: str, channel: str, *, is_marked: bool
    ) -> None:
        """Only marked ones are looked at closely for the end *could not be reached*."""
        call(settled, cast, outcome, channel=channel)
        assert make.planned_call(settled).tried_otherwise is is_marked

    @pytest.mark.parametrize(("places", "minutes"), [([None], 90), ([None, "here"], 20), (["here", "elsewhere"], 20)])
    def test_as_the_place_or_the_business_says(
        self, cast: Cast, settled: Incident, places: list[str | None], minutes: int
    ) -> None:
        for place in places:
            said = {None: 90, "here": 20, "elsewhere": 600}[place]
            where = getattr(cast, place) if place else None
            RetryDelay.objects.update_or_create(outcome="no_answer", location=where, defaults={"minutes": said})
        call(settled, cast, "no_answer")
        assert make.planned_call(settled).due_at == CALLED + dt.timedelta(minutes=minutes)

    def test_a_message_about_something_minor_has_a_week_to_be_answered(self, cast: Cast) -> None:
        incident = settle(cast, severity=Severity.MINOR)
        call(incident, cast, "voicemail", channel="email")
        assert make.planned_call(incident).due_at == CALLED + 7 * DAY

    def test_the_customer_s_hours_count(self, cast: Cast, settled: Incident) -> None:
        """CALLED is 09:00 in Chicago; they like to be called from five to eight."""
        assert settled.customer is not None
        Customer.objects.filter(pk=settled.customer.pk).update(reach_from=dt.time(17), reach_until=dt.time(20))
        call(settled, cast, "no_answer")
        assert make.planned_call(settled).due_at == CALLED + 8 * HOUR

    def test_a_moment_they_named_is_kept_whatever_their_hours(self, cast: Cast, settled: Incident) -> None:
        assert settled.customer is not None
        Customer.objects.filter(pk=settled.customer.pk).update(reach_from=dt.time(17), reach_until=dt.time(20))
        call(settled, cast, "call_back", call_back_at=CALLED + HOUR)
        assert make.planned_call(settled).due_at == CALLED + HOUR


class TestWrongNumber:
    def test_the_number_is_marked_and_the_event_names_it(self, cast: Cast, settled: Incident) -> None:
        assert settled.customer is not None
        phone = settled.customer.contact_points.get()
        call(settled, cast, "wrong_number", wrong_contact=phone)
        phone.refresh_from_db()
        assert phone.wrong_since == CALLED
        event = settled.events.get(kind="number_wrong")
        assert (event.subject_id, event.codes) == (phone.pk, {})

    def test_which_one_need_not_be_known(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "wrong_number")
        assert not settled.events.filter(kind="number_wrong").exists()
        assert Attempt.objects.get().outcome == "wrong_number"

    def test_not_the_number_of_somebody_else(self, cast: Cast, settled: Incident) -> None:
        theirs = make.make_customer("Somebody Else", phone="+1 312 555 0199").contact_points.get()
        with pytest.raises(Refused, match="one of this customer’s"):
            call(settled, cast, "wrong_number", wrong_contact=theirs)
        assert not Attempt.objects.exists()

    def test_a_number_beside_another_outcome_means_nothing(self, cast: Cast, settled: Incident) -> None:
        assert settled.customer is not None
        phone = settled.customer.contact_points.get()
        call(settled, cast, "no_answer", wrong_contact=phone)
        phone.refresh_from_db()
        assert phone.wrong_since is None


class TestDoNotContact:
    def test_nobody_calls_any_more_and_it_stays_open(self, cast: Cast) -> None:
        incident = settle(cast, severity=Severity.CRITICAL)
        call(incident, cast, "do_not_contact", words="Leave me alone.")
        assert incident.is_open
        assert incident.stage == Stage.FOLLOW_UP
        assert incident.follow_ups.count() == 2
        assert not incident.follow_ups.planned().exists()
        assert incident.customer is not None
        incident.customer.refresh_from_db()
        assert incident.customer.no_contact_since == CALLED
        assert incident.events.filter(kind="no_contact_noted").count() == 1
        assert not Reminder.objects.filter(kind="follow_up_due", state=ReminderState.PENDING).exists()
        assert not Deadline.objects.filter(incident=incident, clock="follow_up", met_at__isnull=True).exists()

    def test_then_it_can_be_closed_as_such(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "do_not_contact")
        make.close(settled, cast.desk, "no_contact_wanted", now=CALLED)
        assert settled.close_reason == CloseReason.NO_CONTACT_WANTED

    def test_nor_is_a_call_planned_in_the_next_round(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "do_not_contact")
        rounds.go_back(incident_id=settled.pk, reason="second_thought", by=cast.desk, now=CALLED + HOUR)
        make.give(settled, cast.desk, now=CALLED + 2 * HOUR)
        assert not settled.follow_ups.planned().exists()

    def test_of_an_unknown_guest_too(self, cast: Cast) -> None:
        incident = settle(cast, customer_hint="A man with a hat")
        call(incident, cast, "do_not_contact")
        assert not incident.follow_ups.planned().exists()


class TestInWriting:
    @pytest.mark.parametrize(("score", "counted"), [(5, "delighted"), (4, "satisfied")])
    def test_a_good_score_closes(self, cast: Cast, settled: Incident, score: int, counted: str) -> None:
        call(settled, cast, "in_writing", score=score, channel="email")
        assert settled.close_reason == CloseReason.RECOVERED
        assert (FollowUp.objects.get().outcome, Attempt.objects.get().outcome) == (counted, "in_writing")

    @pytest.mark.parametrize("score", [1, 2, 3])
    def test_a_low_one_is_another_round(self, cast: Cast, settled: Incident, score: int) -> None:
        call(settled, cast, "in_writing", score=score)
        assert (settled.stage, settled.round_number) == (Stage.REMEDY, 2)

    def test_without_a_score_it_says_nothing(self, cast: Cast, settled: Incident) -> None:
        with pytest.raises(Refused, match="1 to 5"):
            call(settled, cast, "in_writing")


class TestNewProblem:
    def test_it_does_not_answer_the_call(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "new_problem", words="The bill is wrong too.")
        assert make.planned_call(settled).attempts.count() == 1
        assert settled.is_open

    def test_the_new_one_names_where_it_came_up(self, cast: Cast, settled: Incident) -> None:
        call(settled, cast, "new_problem")
        other = make.make_incident(cast.desk, customer=settled.customer, arose_from=settled)
        assert list(settled.brought_up.all()) == [other]


def test_no_contact_meets_the_merge_of_its_customer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waited for them to be put together: all of the kept record are locked before their calls are cancelled."""
    kept, dropped = make.make_customer("Nora Novak"), make.make_customer("N. Novak")
    incident = make.settle(make.make_incident(cast.desk, customer=dropped), cast.desk)
    open_of: Any = reach._open_of
    asked: list[int | None] = []

    def merge_meanwhile(customer: int | None) -> Any:
        if not asked:
            merges.merge_customers(kept_id=kept.pk, dropped_id=dropped.pk, submit_key=uuid4(), by=cast.manager, now=NOW)
        asked.append(customer)
        return open_of(customer)

    monkeypatch.setattr(reach, "_open_of", merge_meanwhile)
    reach.lock_all_of_customer(incident.pk)
    assert asked == [dropped.pk, kept.pk]
