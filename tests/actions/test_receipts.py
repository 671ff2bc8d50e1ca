"""An expense paid back: saved at once, given only with its receipt, its amount and its day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from incidents.actions import remedies
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Incident, Remedy, Reminder, ReminderKind, ReminderState, Staff
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.actions.limits import answer, limit, propose
from tests.make import DAY, NOW, Cast


class TestReceipt:
    @pytest.fixture
    def mic(self, cast: Cast, incident: Incident) -> Remedy:
        return make.give(incident, cast.desk, "reimburse", is_delivered=False, what="lavaliere mic")

    def deliver(self, mic: Remedy, by: Staff, **over: object) -> Remedy:
        fields = {"actual_amount": Decimal("45.00"), "paid_on": NOW.date()} | over
        return remedies.deliver_remedy(remedy_id=mic.pk, by=by, now=NOW + DAY, **fields)  # type: ignore[arg-type]

    def test_it_is_saved_with_three_words_and_waits(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        assert mic.state == RemedyState.AWAITING_RECEIPT
        assert mic.estimated_amount is None
        make.apologize(incident, cast.desk)
        assert make.fresh(incident).stage == Stage.REMEDY

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
        make.receipt_for(mic, cast.desk)
        with pytest.raises(Refused, match="how much was paid back, and on which day"):
            self.deliver(mic, cast.desk, **{missing: None})

    def test_with_all_three_it_is_delivered_and_no_reminder_goes_out(self, cast: Cast, mic: Remedy) -> None:
        make.receipt_for(mic, cast.desk)
        assert self.deliver(mic, cast.desk).state == RemedyState.DELIVERED
        reminder = Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING, subject_id=mic.pk)
        assert reminder.state == ReminderState.MOOT

    def test_the_receipt_of_another_remedy_does_not_do(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        make.receipt_for(make.give(incident, cast.desk, "reimburse"), cast.desk)
        with pytest.raises(Refused):
            self.deliver(mic, cast.desk)


class TestWithoutAReceipt:
    @pytest.fixture
    def mic(self, cast: Cast, incident: Incident) -> Remedy:
        return make.give(incident, cast.desk, "reimburse", is_delivered=False, what="lavaliere mic")

    def paid(self, mic: Remedy, by: Staff) -> Remedy:
        paid = {"actual_amount": Decimal("45.00"), "paid_on": NOW.date()}
        return remedies.deliver_remedy(remedy_id=mic.pk, by=by, now=NOW + DAY, **paid)  # type: ignore[arg-type]

    def test_a_manager_does_without_it_and_says_why(self, cast: Cast, mic: Remedy) -> None:
        done = remedies.waive_receipt(remedy_id=mic.pk, note="The shop gave none.", by=cast.manager, now=NOW)
        assert (done.receipt_waived_by, done.receipt_waived_note) == (cast.manager, "The shop gave none.")
        assert done.state == RemedyState.IN_PROGRESS
        assert Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING).state == ReminderState.MOOT
        assert self.paid(mic, cast.desk).state == RemedyState.DELIVERED

    def test_amount_and_day_are_still_needed(self, cast: Cast, mic: Remedy) -> None:
        remedies.waive_receipt(remedy_id=mic.pk, note="The shop gave none.", by=cast.manager, now=NOW)
        with pytest.raises(Refused, match="how much was paid back, and on which day"):
            remedies.deliver_remedy(remedy_id=mic.pk, by=cast.desk, now=NOW)

    def test_who_may_and_how(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        for person in (cast.desk, cast.colleague):
            with pytest.raises(NotYours):
                remedies.waive_receipt(remedy_id=mic.pk, note="No.", by=person, now=NOW)
        with pytest.raises(Refused, match="Say why"):
            remedies.waive_receipt(remedy_id=mic.pk, note=" ", by=cast.manager, now=NOW)
        remedies.waive_receipt(remedy_id=mic.pk, note="The shop gave none.", by=cast.manager, now=NOW)
        with pytest.raises(Refused, match="Nobody waits for a receipt"):
            remedies.waive_receipt(remedy_id=mic.pk, note="Again.", by=cast.owner, now=NOW)
        card = make.give(incident, cast.desk, "gift_card", is_delivered=False)
        with pytest.raises(Refused, match="Nobody waits for a receipt"):
            remedies.waive_receipt(remedy_id=card.pk, note="None.", by=cast.manager, now=NOW)

    def test_it_does_not_let_more_out(self, cast: Cast, mic: Remedy) -> None:
        limit(40)
        remedies.waive_receipt(remedy_id=mic.pk, note="The shop gave none.", by=cast.manager, now=NOW)
        with pytest.raises(Refused, match="without asking"):
            self.paid(mic, cast.desk)

    def test_waived_while_it_waits_for_a_yes(self, cast: Cast, incident: Incident) -> None:
        limit(40)
        taxi = propose(incident, cast.desk, 80, kind="reimburse")
        remedies.waive_receipt(remedy_id=taxi.pk, note="The driver has none.", by=cast.manager, now=NOW)
        answer(taxi, cast.manager)
        taxi.refresh_from_db()
        assert taxi.state == RemedyState.OFFERED

    def test_the_customer_lets_it_go(self, cast: Cast, incident: Incident, mic: Remedy) -> None:
        make.apologize(incident, cast.desk)
        make.give(incident, cast.desk)
        done = remedies.let_go(remedy_id=mic.pk, note="Not worth it.", by=cast.desk, now=NOW)
        assert (done.state, done.ended_note) == (RemedyState.WITHDRAWN, "Not worth it.")
        assert Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING).state == ReminderState.MOOT
        assert make.fresh(incident).stage == Stage.FOLLOW_UP

    def test_only_what_waits_for_one_can_be_let_go(self, cast: Cast, incident: Incident) -> None:
        card = make.give(incident, cast.desk, "gift_card", is_delivered=False)
        with pytest.raises(Refused, match="Nobody waits for a receipt"):
            remedies.let_go(remedy_id=card.pk, by=cast.desk, now=NOW)


def test_a_receipt_for_more_than_may_be_given_is_asked_about(cast: Cast, incident: Incident) -> None:
    """Blank at first, 90 on the receipt, 50 without asking: the amount is named, allowed, paid."""
    limit(50)
    mic = make.give(incident, cast.desk, "reimburse", is_delivered=False)
    make.receipt_for(mic, cast.desk)
    paid: dict[str, Any] = {"remedy_id": mic.pk, "by": cast.desk, "actual_amount": Decimal(90)}
    paid["paid_on"] = NOW.date()
    with pytest.raises(Refused, match="without asking"):
        remedies.deliver_remedy(now=NOW, **paid)
    remedies.change_remedy(
        remedy_id=mic.pk, expected_version=mic.version, by=cast.desk, now=NOW, estimated_amount=Decimal(90)
    )
    assert answer(mic, cast.manager).amount == 90
    mic.refresh_from_db()
    assert mic.state == RemedyState.AWAITING_RECEIPT
    assert remedies.deliver_remedy(now=NOW + 2 * DAY, **paid).state == RemedyState.DELIVERED
