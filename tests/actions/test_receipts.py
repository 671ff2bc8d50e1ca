"""An expense paid back: saved at once, given only with its receipt, its amount and its day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incidents.actions import remedies
from incidents.actions.refusals import Refused
from incidents.models import Incident, Remedy, Reminder, ReminderKind, ReminderState, Staff
from incidents.vocabulary import RemedyState, Stage
from tests import make
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
