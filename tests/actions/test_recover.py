"""The road of a recovery, from the apology to the last promise; keys, and what is closed."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from incidents.actions import endings, notes, promises, remedies, rounds
from incidents.actions.refusals import Refused, StepRefused
from incidents.models import Apology, Incident, Note, PromiseMade, Remedy, Reminder, ReminderState
from incidents.vocabulary import CloseReason, Severity, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

ALONE = "An apology alone is not a recovery. Say what you will do to put it right."


def test_the_straight_road(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    assert make.fresh(incident).stage == Stage.REMEDY
    make.give(incident, cast.desk)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
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
        endings.close_incident(incident_id=incident.pk, reason="recovered", by=cast.manager, now=NOW)
    assert str(refused.value.words) == ALONE
    assert [gate.code for gate in refused.value.gates] == ["apology_alone", "follow_up_early"]
    assert make.fresh(incident).is_open
    assert not incident.closures.exists()


def test_an_apology_alone_then_a_second_thought(cast: Cast, incident: Incident) -> None:
    """Two microphones: nobody complained again and nothing was closed, and yet we go back."""
    make.apologize(incident, cast.desk)
    promise = promises.make_promise(
        incident_id=incident.pk,
        by=cast.desk,
        now=NOW,
        what="Reword the clause",
        due_at=NOW + 10 * DAY,
        submit_key=uuid4(),
    )
    rounds.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=NOW)
    assert (make.fresh(incident).stage, incident.round_number, incident.reopen_count) == (Stage.REMEDY, 2, 0)
    mic = make.give(incident, cast.desk, "reimburse", what="lavaliere mic")
    make.receipt_for(mic, cast.desk)
    remedies.deliver_remedy(
        remedy_id=mic.pk, by=cast.desk, now=NOW + DAY, actual_amount=Decimal(45), paid_on=NOW.date(), minutes=20
    )
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
    make.call(incident, cast.desk, "delighted", channel="in_person", now=NOW + 2 * DAY)
    assert incident.close_reason == CloseReason.RECOVERED
    promise.refresh_from_db()
    assert promise.is_open


def test_withdrawing_the_only_remedy_leaves_the_apology_alone(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    only = make.give(incident, cast.desk, is_delivered=False)
    remedies.end_remedy(remedy_id=only.pk, by=cast.desk, now=NOW, state="withdrawn")
    with pytest.raises(StepRefused) as refused:
        endings.close_incident(incident_id=incident.pk, reason="recovered", by=cast.desk, now=NOW)
    assert str(refused.value.words) == ALONE


def test_another_remedy_during_the_follow_up_takes_the_round_back(cast: Cast, incident: Incident) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    extra = make.give(incident, cast.desk, "gift_card", is_delivered=False)
    assert make.fresh(incident).stage == Stage.REMEDY
    assert incident.rounds.get().settled_at is None
    remedies.deliver_remedy(remedy_id=extra.pk, by=cast.desk, now=NOW + HOUR)
    assert make.fresh(incident).stage == Stage.FOLLOW_UP
    assert incident.follow_ups.count() == 1


def test_a_key_makes_one_of_each(cast: Cast, incident: Incident) -> None:
    key = uuid4()
    for _turn in range(2):
        make.apologize(incident, cast.desk, submit_key=key)
        make.give(incident, cast.desk, submit_key=key)
        promises.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what="Call", due_at=NOW + DAY, submit_key=key
        )
        notes.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)
    assert [model.objects.count() for model in (Apology, Remedy, PromiseMade, Note)] == [1, 1, 1, 1]


def test_a_key_used_on_another_incident_is_refused_in_words(cast: Cast, incident: Incident) -> None:
    key, other = uuid4(), make.make_incident(cast.desk)
    make.apologize(other, cast.desk, submit_key=key)
    make.give(other, cast.desk, submit_key=key)
    promise = {"by": cast.desk, "now": NOW, "what": "Call", "due_at": NOW + DAY, "submit_key": key}
    promises.make_promise(incident_id=other.pk, **promise)  # type: ignore[arg-type]
    notes.add_note(incident_id=other.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        make.apologize(incident, cast.desk, submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        make.give(incident, cast.desk, submit_key=key)
    with pytest.raises(Refused, match="Open a new one"):
        promises.make_promise(incident_id=incident.pk, **promise)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Open a new one"):
        notes.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Kind man", submit_key=key)


def test_promises_are_kept_or_not_closed_or_not(cast: Cast, incident: Incident) -> None:
    def promise(what: str) -> PromiseMade:
        return promises.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what=what, due_at=NOW + DAY, submit_key=uuid4()
        )

    kept, broken = promise("Tell her what we changed"), promise("Send the form")
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    make.call(incident, cast.desk)
    late = promise("Send her the new wording")
    assert late.is_open
    promises.settle_promise(promise_id=kept.pk, by=cast.desk, now=NOW + DAY, is_kept=True, note="By phone.")
    promises.settle_promise(promise_id=broken.pk, by=cast.desk, now=NOW + DAY, is_kept=False)
    again = promises.settle_promise(promise_id=broken.pk, by=cast.desk, now=NOW + 2 * DAY, is_kept=True)
    kept.refresh_from_db()
    assert (kept.kept_at, kept.note) == (NOW + DAY, "By phone.")
    assert (again.kept_at, again.broken_at) == (None, NOW + DAY)
    assert make.fresh(incident).stage == Stage.CLOSED
    assert set(Reminder.objects.filter(state=ReminderState.PENDING).values_list("subject_id", flat=True)) == {late.pk}


def test_a_closed_recovery_takes_no_apology_and_no_remedy(cast: Cast, incident: Incident) -> None:
    endings.close_incident(incident_id=incident.pk, reason="withdrawn", by=cast.desk, now=NOW, note="He laughed.")
    with pytest.raises(Refused, match="This recovery is closed"):
        make.apologize(incident, cast.desk)
    with pytest.raises(Refused, match="This recovery is closed"):
        make.give(incident, cast.desk)
    notes.add_note(incident_id=incident.pk, by=cast.desk, now=NOW, words="Wrote to thank us.", submit_key=uuid4())


def test_two_calls_when_it_was_critical(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, severity=Severity.CRITICAL)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    due = list(incident.follow_ups.planned().order_by("due_at").values_list("due_at", flat=True))
    assert due == [NOW + DAY, NOW + 7 * DAY - HOUR]
    make.call(incident, cast.desk, now=NOW + DAY)
    assert incident.stage == Stage.FOLLOW_UP
    make.call(incident, cast.desk, now=NOW + 7 * DAY)
    assert incident.close_reason == CloseReason.RECOVERED
