"""What an ending stopped, and what goes on when it turns out not to have been the end."""

from __future__ import annotations

import datetime as dt

from incidents.actions import change, customers, handovers, remedies, rounds, undo
from incidents.models import ApprovalRequest, Customer, Handover, Incident, Notice, Reminder
from incidents.story.asking import answer_words
from tests import make
from tests.actions.limits import limit, propose, question
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import sweep

SECOND = dt.timedelta(seconds=1)


def pending() -> dict[str, dt.datetime | None]:
    rows = Reminder.objects.filter(state="pending", kind__in=["handover_open", "shift_ended"])
    return dict(rows.values_list("kind", "target_at"))


class TestHandover:
    def given(self, cast: Cast, incident: Incident) -> Handover:
        cast.here.shift_ends = [dt.time(7), dt.time(15), dt.time(23)]  # NOW is 09:00 there
        cast.here.save(update_fields=["shift_ends"])
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)
        return Handover.objects.get()

    def test_one_that_waited_when_it_was_closed_waits_again_when_it_is_reopened(
        self, cast: Cast, incident: Incident
    ) -> None:
        handover = self.given(cast, incident)
        make.close(incident, cast.colleague, "withdrawn", now=NOW + HOUR)
        assert pending() == {}
        later = NOW + 2 * DAY
        rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=later)
        assert handover.is_waiting
        assert pending()["shift_ended"] == later + 6 * HOUR  # 15:00 there
        assert later < (pending()["handover_open"] or NOW) < later + 6 * HOUR
        sweep(later + 6 * HOUR)
        handover.refresh_from_db()
        assert (handover.lapsed_at, make.fresh(incident).assignee) == (later + 6 * HOUR, cast.manager)

    def test_whoever_has_it_and_goes_back_has_taken_it(self, cast: Cast, incident: Incident) -> None:
        handover = self.given(cast, incident)
        make.close(incident, cast.manager, "withdrawn", now=NOW + HOUR)
        rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.colleague, now=NOW + DAY)
        handover.refresh_from_db()
        assert (handover.accepted_at, pending()) == (NOW + DAY, {})

    def test_nobody_is_told_a_second_time_that_it_is_theirs(self, cast: Cast, incident: Incident) -> None:
        self.given(cast, incident)
        make.close(incident, cast.manager, "withdrawn", now=NOW + HOUR)
        rounds.go_back(incident_id=incident.pk, reason="contacted_us", by=cast.desk, now=NOW + DAY)
        assert Notice.objects.filter(kind="assigned").count() == 1


class TestCalls:
    def test_a_call_undone_stays_undone_when_they_may_be_called_again(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        remedies.waive_remedy(incident_id=incident.pk, waived_as="wants_nothing", by=cast.desk, now=NOW)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW + SECOND)
        make.give(incident, cast.desk, now=NOW + HOUR)
        call = incident.follow_ups.planned().get()
        assert incident.customer is not None
        for is_wanted in (False, True):
            customers.wish_for_contact(
                customer_id=incident.customer.pk, is_wanted=is_wanted, by=cast.desk, now=NOW + 2 * HOUR
            )
        assert list(incident.follow_ups.planned()) == [call]


class TestNoContact:
    def test_nothing_else_of_theirs_is_called_about_either(self, cast: Cast, settled: Incident) -> None:
        other = make.settle(make.make_incident(cast.desk, customer=settled.customer), cast.desk)
        make.call(settled, cast.desk, "do_not_contact")
        assert not other.follow_ups.planned().exists()
        assert not Reminder.objects.filter(kind="follow_up_due", state="pending").exists()
        assert make.fresh(other).stage == "follow_up"
        make.close(other, cast.desk, "no_contact_wanted", now=NOW + 2 * HOUR)

    def test_nor_when_it_turns_out_to_be_about_them(self, cast: Cast, settled: Incident) -> None:
        shy, first = make.make_customer("Olaf Shy"), settled.customer
        customers.wish_for_contact(customer_id=shy.pk, is_wanted=False, by=cast.desk, now=NOW)
        shy.refresh_from_db()
        self.is_about(settled, shy, cast)
        assert not settled.follow_ups.planned().exists()
        self.is_about(settled, first, cast)
        assert settled.follow_ups.planned().count() == 1

    def is_about(self, incident: Incident, customer: Customer | None, cast: Cast) -> None:
        version = make.fresh(incident).version
        change.change_incident(
            incident_id=incident.pk, expected_version=version, by=cast.desk, now=NOW + HOUR, customer=customer
        )


class TestQuestion:
    def test_it_does_not_speak_of_an_amount_that_nobody_changed(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        asked: ApprovalRequest = question(propose(incident, cast.desk, 80))
        make.close(incident, cast.desk, "withdrawn", now=NOW + HOUR)
        asked.refresh_from_db()
        assert answer_words(asked) == "The question was taken back: it counts no more."
