"""Apologies, remedies, promises: recorded in any order, counted by what the round has."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from incidents.actions import manage, recover
from incidents.actions.refusals import Refused, StepRefused
from incidents.models import (
    Apology,
    Attachment,
    AttachmentKind,
    Incident,
    Note,
    Notice,
    NoticeKind,
    PromiseMade,
    Remedy,
    Reminder,
    ReminderKind,
    ReminderState,
    Staff,
)
from incidents.workflow import CloseReason, RemedyState, Severity, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

ALONE = "An apology alone is not a recovery. Say what you will do to put it right."


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def fresh(incident: Incident) -> Incident:
    incident.refresh_from_db()
    return incident


def receipt_for(remedy: Remedy, by: Staff) -> Attachment:
    return Attachment.objects.create(
        incident=remedy.incident,
        remedy=remedy,
        kind=AttachmentKind.RECEIPT,
        stored_name=uuid4().hex,
        original_name="receipt.pdf",
        content_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        created_at=NOW,
        created_by=by,
    )


def test_the_straight_road(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    assert fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk)
    assert fresh(incident).stage == Stage.FOLLOW_UP
    make.call(incident, cast.desk)
    assert (incident.stage, incident.close_reason) == (Stage.CLOSED, CloseReason.RECOVERED)
    assert incident.closed_at == NOW + HOUR
    assert incident.next_due_at is None
    assert [e.kind for e in incident.events.all()] == [
        "logged",
        "apology_recorded",
        "stage_moved",
        "remedy_added",
        "settled",
        "follow_up_planned",
        "stage_moved",
        "follow_up_attempted",
        "closed",
    ]


def test_closing_after_the_apology_alone_is_refused_in_those_words(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    with pytest.raises(StepRefused) as refused:
        manage.close_incident(incident_id=incident.pk, reason="recovered", by=cast.manager, now=NOW)
    assert str(refused.value.words) == ALONE
    assert [gate.code for gate in refused.value.gates] == ["apology_alone", "follow_up_early"]
    assert fresh(incident).is_open
    assert not incident.closures.exists()


def test_remedies_before_the_apology(cast: Cast, incident: Incident) -> None:
    make.give(incident, cast.desk)
    assert fresh(incident).stage == Stage.APOLOGIZE
    assert incident.rounds.get().settled_at == NOW
    assert incident.follow_ups.planned().count() == 1
    make.apologize(incident, cast.desk)
    assert fresh(incident).stage == Stage.FOLLOW_UP


def test_several_remedies_run_at_once(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    van = make.give(incident, cast.desk, "personal_delivery", is_delivered=False, done_by_name="Colin, sales")
    card = make.give(incident, cast.manager, "gift_card", is_delivered=False, assignee=cast.colleague)
    assert van.done_by == "Colin, sales"
    assert van.assignee is None
    assert card.done_by == "Cole League"
    recover.deliver_remedy(remedy_id=card.pk, by=cast.colleague, now=NOW + HOUR)
    assert fresh(incident).stage == Stage.REMEDY
    recover.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + 2 * HOUR)
    assert fresh(incident).stage == Stage.FOLLOW_UP
    assert incident.rounds.get().settled_at == NOW + 2 * HOUR


def test_a_step_for_somebody_else_is_in_their_inbox(cast: Cast, incident: Incident) -> None:
    make.give(incident, cast.desk, is_delivered=False, assignee=cast.colleague)
    make.give(incident, cast.desk, is_delivered=False)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (cast.colleague, NoticeKind.STEP_ASSIGNED)


def test_an_apology_that_travels_counts_when_the_delivery_does(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, "personal_delivery", is_delivered=False)
    note = make.apologize(incident, cast.manager, channel="note", travels_with=van)
    assert note.made_at is None
    assert fresh(incident).stage == Stage.APOLOGIZE
    recover.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + HOUR)
    note.refresh_from_db()
    assert note.made_at == NOW + HOUR
    assert fresh(incident).stage == Stage.FOLLOW_UP


def test_an_apology_beside_what_arrived_already_counts_at_once(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, "personal_delivery")
    note = make.apologize(incident, cast.desk, channel="note", travels_with=van, now=NOW + HOUR)
    assert note.made_at == NOW


def test_a_delivery_that_did_not_happen_carries_no_apology(cast: Cast, incident: Incident) -> None:
    van = make.give(incident, cast.desk, is_delivered=False)
    note = make.apologize(incident, cast.desk, travels_with=van)
    recover.end_remedy(remedy_id=van.pk, by=cast.desk, now=NOW, state="failed")
    with pytest.raises(Refused, match="did not happen"):
        make.apologize(incident, cast.desk, travels_with=van)
    with pytest.raises(StepRefused, match="Nobody has apologized"):
        manage.close_incident(incident_id=incident.pk, reason="recovered", by=cast.desk, now=NOW)
    assert Apology.objects.get() == note


def test_an_apology_cannot_travel_with_somebody_elses_parcel(cast: Cast, incident: Incident) -> None:
    other = make.give(make.make_incident(cast.desk), cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="another incident"):
        make.apologize(incident, cast.desk, travels_with=other)


def test_the_author_is_who_said_it(cast: Cast, incident: Incident) -> None:
    assert make.apologize(incident, cast.desk).author == cast.desk
    assert make.apologize(incident, cast.desk, author=cast.manager).who == "Mona Manager"
    typed = make.apologize(incident, cast.desk, author_name="Colin, sales")
    assert (typed.author, typed.who, typed.created_by) == (None, "Colin, sales", cast.desk)


def test_nothing_happens_in_the_future(cast: Cast, incident: Incident) -> None:
    with pytest.raises(Refused, match="still to come"):
        make.apologize(incident, cast.desk, made_at=NOW + HOUR)
    offer = make.give(incident, cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="still to come"):
        recover.deliver_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW, delivered_at=NOW + HOUR)
    offer.refresh_from_db()
    assert offer.state == RemedyState.OFFERED


def test_a_delivery_can_be_entered_later(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    offer = make.give(incident, cast.desk, is_delivered=False)
    recover.deliver_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW + DAY, delivered_at=NOW + HOUR)
    assert incident.rounds.get().settled_at == NOW + HOUR
    assert make.planned_call(incident).due_at == NOW + HOUR + 2 * DAY


class TestReceipt:
    @pytest.fixture
    def mic(self, cast: Cast, incident: Incident) -> Remedy:
        return make.give(incident, cast.desk, "reimburse", is_delivered=False, what="lavaliere mic")

    def deliver(self, mic: Remedy, by: Staff, **over: object) -> Remedy:
        fields = {"actual_amount": Decimal("45.00"), "paid_on": NOW.date()} | over
        return recover.deliver_remedy(remedy_id=mic.pk, by=by, now=NOW + DAY, **fields)  # type: ignore[arg-type]

    def test_it_is_saved_with_three_words_and_waits(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        assert mic.state == RemedyState.AWAITING_RECEIPT
        assert mic.estimated_amount is None
        make.apologize(incident, cast.desk)
        assert fresh(incident).stage == Stage.REMEDY

    def test_it_cannot_be_given_at_once(self, cast: Cast, incident: Incident) -> None:
        assert make.give(incident, cast.desk, "reimburse").state == RemedyState.AWAITING_RECEIPT

    def test_one_reminder_after_three_days(self, mic: Remedy) -> None:
        reminder = Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING, subject_id=mic.pk)
        assert (reminder.kind, reminder.due_at) == (ReminderKind.RECEIPT_MISSING, NOW + 3 * DAY)

    def test_without_the_receipt(self, cast: Cast, mic: Remedy) -> None:
        with pytest.raises(Refused, match="The receipt is not here yet"):
            self.deliver(mic, cast.desk)

    @pytest.mark.parametrize("missing", ["actual_amount", "paid_on"])
    def test_without_amount_or_day(self, cast: Cast, mic: Remedy, missing: str) -> None:
        receipt_for(mic, cast.desk)
        with pytest.raises(Refused, match="how much was paid back, and on which day"):
            self.deliver(mic, cast.desk, **{missing: None})

    def test_with_all_three_it_is_delivered_and_no_reminder_goes_out(self, cast: Cast, mic: Remedy) -> None:
        receipt_for(mic, cast.desk)
        assert self.deliver(mic, cast.desk).state == RemedyState.DELIVERED
        reminder = Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING, subject_id=mic.pk)
        assert reminder.state == ReminderState.MOOT

    def test_the_receipt_of_another_remedy_does_not_do(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        receipt_for(make.give(incident, cast.desk, "reimburse"), cast.desk)
        with pytest.raises(Refused):
            self.deliver(mic, cast.desk)


def test_an_apology_alone_then_a_second_thought(cast: Cast, incident: Incident) -> None:
    """Two microphones: nobody complained again and nothing was closed, and yet we go back."""
    make.apologize(incident, cast.desk)
    promise = recover.make_promise(
        incident_id=incident.pk,
        by=cast.desk,
        now=NOW,
        what="Reword the clause",
        due_at=NOW + 10 * DAY,
        submit_key=uuid4(),
    )
    manage.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=NOW)
    assert (fresh(incident).stage, incident.round_number, incident.reopen_count) == (Stage.REMEDY, 2, 0)
    mic = make.give(incident, cast.desk, "reimburse", what="lavaliere mic")
    receipt_for(mic, cast.desk)
    recover.deliver_remedy(
        remedy_id=mic.pk, by=cast.desk, now=NOW + DAY, actual_amount=Decimal(45), paid_on=NOW.date(), minutes=20
    )
    assert fresh(incident).stage == Stage.FOLLOW_UP
    make.call(incident, cast.desk, "delighted", channel="in_person", now=NOW + 2 * DAY)
    assert incident.close_reason == CloseReason.RECOVERED
    promise.refresh_from_db()
    assert promise.is_open


def test_a_failed_remedy_asks_for_another(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    first = make.give(incident, cast.desk, is_delivered=False)
    recover.end_remedy(remedy_id=first.pk, by=cast.desk, now=NOW, state="failed", note="The van broke down.")
    assert fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk)
    assert fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk, replaces=first)
    assert fresh(incident).stage == Stage.FOLLOW_UP


def test_a_failed_remedy_can_be_withdrawn_instead(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    first = make.give(incident, cast.desk, is_delivered=False)
    make.give(incident, cast.desk)
    for state in ("failed", "withdrawn"):
        recover.end_remedy(remedy_id=first.pk, by=cast.desk, now=NOW, state=state)
    assert fresh(incident).stage == Stage.FOLLOW_UP


def test_a_withdrawn_replacement_replaces_nothing(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    failed = make.give(incident, cast.desk, is_delivered=False)
    recover.end_remedy(remedy_id=failed.pk, by=cast.desk, now=NOW, state="failed")
    instead = make.give(incident, cast.desk, is_delivered=False, replaces=failed)
    recover.end_remedy(remedy_id=instead.pk, by=cast.desk, now=NOW, state="withdrawn")
    assert fresh(incident).stage == Stage.REMEDY


def test_withdrawing_the_only_remedy_leaves_the_apology_alone(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    only = make.give(incident, cast.desk, is_delivered=False)
    recover.end_remedy(remedy_id=only.pk, by=cast.desk, now=NOW, state="withdrawn")
    with pytest.raises(StepRefused) as refused:
        manage.close_incident(incident_id=incident.pk, reason="recovered", by=cast.desk, now=NOW)
    assert str(refused.value.words) == ALONE


def test_what_is_over_stays_over(cast: Cast, incident: Incident) -> None:
    given = make.give(incident, cast.desk)
    with pytest.raises(Refused, match="someone was faster"):
        recover.deliver_remedy(remedy_id=given.pk, by=cast.desk, now=NOW)
    with pytest.raises(Refused, match="someone was faster"):
        recover.end_remedy(remedy_id=given.pk, by=cast.desk, now=NOW, state="failed")
    with pytest.raises(Refused, match="can fail or be withdrawn"):
        recover.end_remedy(remedy_id=given.pk, by=cast.desk, now=NOW, state="delivered")


def test_failing_twice_is_failing_once(cast: Cast, incident: Incident) -> None:
    offer = make.give(incident, cast.desk, is_delivered=False)
    recover.end_remedy(remedy_id=offer.pk, by=cast.desk, now=NOW, state="failed", note="Van broke down.")
    with pytest.raises(Refused, match="someone was faster"):
        recover.end_remedy(remedy_id=offer.pk, by=cast.colleague, now=NOW, state="failed", note="Other words.")
    offer.refresh_from_db()
    assert offer.ended_note == "Van broke down."


def test_a_replacement_belongs_to_the_same_incident(cast: Cast, incident: Incident) -> None:
    other = make.give(make.make_incident(cast.desk), cast.desk, is_delivered=False)
    with pytest.raises(Refused, match="another incident"):
        make.give(incident, cast.desk, replaces=other)


def test_another_remedy_during_the_follow_up_takes_the_round_back(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    extra = make.give(incident, cast.desk, "gift_card", is_delivered=False)
    assert fresh(incident).stage == Stage.REMEDY
    assert incident.rounds.get().settled_at is None
    recover.deliver_remedy(remedy_id=extra.pk, by=cast.desk, now=NOW + HOUR)
    assert fresh(incident).stage == Stage.FOLLOW_UP
    assert incident.follow_ups.count() == 1


def test_a_key_makes_one_of_each(cast: Cast, incident: Incident) -> None:
    key = uuid4()
    for _turn in range(2):
        make.apologize(incident, cast.desk, submit_key=key)
        make.give(incident, cast.desk, submit_key=key)
        recover.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what="Call", due_at=NOW + DAY, submit_key=key
        )
        recover.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)
    assert [model.objects.count() for model in (Apology, Remedy, PromiseMade, Note)] == [1, 1, 1, 1]


def test_a_key_used_on_another_incident_is_refused_in_words(cast: Cast, incident: Incident) -> None:
    key, other = uuid4(), make.make_incident(cast.desk)
    make.apologize(other, cast.desk, submit_key=key)
    make.give(other, cast.desk, submit_key=key)
    promise = {"by": cast.desk, "now": NOW, "what": "Call", "due_at": NOW + DAY, "submit_key": key}
    recover.make_promise(incident_id=other.pk, **promise)  # type: ignore[arg-type]
    recover.add_note(incident_id=other.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        make.apologize(incident, cast.desk, submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        make.give(incident, cast.desk, submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        recover.make_promise(incident_id=incident.pk, **promise)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Open a new one"):
        recover.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)


def test_promises_are_kept_or_not_closed_or_not(cast: Cast, incident: Incident) -> None:
    def promise(what: str) -> PromiseMade:
        return recover.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what=what, due_at=NOW + DAY, submit_key=uuid4()
        )

    kept, broken = promise("Tell her what we changed"), promise("Send the form")
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk)
    late = promise("Send her the new wording")
    assert late.is_open
    recover.settle_promise(promise_id=kept.pk, by=cast.desk, now=NOW + DAY, is_kept=True, note="By phone.")
    recover.settle_promise(promise_id=broken.pk, by=cast.desk, now=NOW + DAY, is_kept=False)
    again = recover.settle_promise(promise_id=broken.pk, by=cast.desk, now=NOW + 2 * DAY, is_kept=True)
    kept.refresh_from_db()
    assert (kept.kept_at, kept.note) == (NOW + DAY, "By phone.")
    assert (again.kept_at, again.broken_at) == (None, NOW + DAY)
    assert fresh(incident).stage == Stage.CLOSED
    assert set(Reminder.objects.filter(state=ReminderState.PENDING).values_list("subject_id", flat=True)) == {late.pk}


def test_a_closed_recovery_takes_no_apology_and_no_remedy(cast: Cast, incident: Incident) -> None:
    manage.close_incident(incident_id=incident.pk, reason="withdrawn", by=cast.desk, now=NOW, note="He laughed.")
    with pytest.raises(Refused, match="This recovery is closed"):
        make.apologize(incident, cast.desk)
    with pytest.raises(Refused, match="This recovery is closed"):
        make.give(incident, cast.desk)
    recover.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Wrote to thank us.", submit_key=uuid4())


def test_two_calls_when_it_was_critical(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, severity=Severity.CRITICAL)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    due = list(incident.follow_ups.planned().order_by("due_at").values_list("due_at", flat=True))
    assert due == [NOW + DAY, NOW + 7 * DAY]
    make.call(incident, cast.desk, now=NOW + DAY)
    assert incident.stage == Stage.FOLLOW_UP
    make.call(incident, cast.desk, now=NOW + 7 * DAY)
    assert incident.close_reason == CloseReason.RECOVERED


def test_money_is_kept_in_the_currency_of_the_place(cast: Cast, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "refund", actual_amount=Decimal("12.5"))
    remedy.refresh_from_db()
    assert (remedy.actual_amount, remedy.currency) == (Decimal("12.50"), "USD")
