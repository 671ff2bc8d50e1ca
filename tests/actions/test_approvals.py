"""May I give this? Asked, answered, taken back, and asked again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from incidents.access import Role
from incidents.actions import endings, money, remedies, remind
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import (
    ApprovalRequest,
    Concern,
    Incident,
    Notice,
    Remedy,
    Reminder,
    Staff,
)
from incidents.models.deciding import to_decide
from incidents.models.money import Standing, approval_of
from incidents.vocabulary import RemedyState, Severity
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast

MINUTE = dt.timedelta(minutes=1)


@kept_rows
def card(cast: Cast, incident: Incident) -> Remedy:
    """Eighty where fifty may be given: it waits for a yes."""
    limit(50)
    return propose(incident, cast.desk, 80, asks_words="They travelled six hours.")


def standing(remedy: Remedy) -> Standing:
    return approval_of(remedy, ApprovalRequest.objects.filter(remedy=remedy))


def asked() -> set[str]:
    return {n.recipient.email.split("@")[0] for n in Notice.objects.filter(kind="approval_asked", read_at=None)}


class TestAsking:
    def test_the_question(self, cast: Cast, card: Remedy) -> None:
        request = question(card)
        assert (request.amount, request.total, request.limit, request.currency) == (80, 80, 50, "USD")
        assert (request.proposed_by, request.words) == (cast.desk, "They travelled six hours.")
        assert standing(card) == Standing.WAITING
        assert card.offered_at is None

    def test_whoever_may_answer_hears_of_it_at_once(self, cast: Cast, card: Remedy) -> None:
        assert asked() == {"mona", "olga"}

    def test_nothing_happens_to_it_before(self, cast: Cast, card: Remedy) -> None:
        for act in (remedies.offer_remedy, remedies.accept_remedy, remedies.start_remedy, remedies.deliver_remedy):
            with pytest.raises(Refused, match="Nobody has answered yet"):
                act(remedy_id=card.pk, by=cast.desk, now=NOW)
        with pytest.raises(Refused, match="not been offered yet"):
            remedies.decline_remedy(remedy_id=card.pk, declined_as="not_enough", by=cast.desk, now=NOW)

    @pytest.mark.parametrize(
        ("severity", "minutes"), [(Severity.CRITICAL, 5), (Severity.MAJOR, 30), (Severity.MODERATE, 240)]
    )
    def test_whoever_asked_is_reminded_when_nobody_answers(self, cast: Cast, severity: Severity, minutes: int) -> None:
        limit(50)
        remedy = propose(make.make_incident(cast.desk, severity=severity), cast.desk, 80)
        reminder = Reminder.objects.get(kind="approval_waiting", subject_id=question(remedy).pk)
        assert reminder.target_at == NOW + minutes * MINUTE
        remind.sweep(lambda: NOW + minutes * MINUTE)
        assert Notice.objects.get(kind="approval_waiting").recipient == cast.desk

    def test_nobody_is_reminded_of_what_was_answered(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager)
        assert asked() == set()
        remind.sweep(lambda: NOW + DAY)
        assert not Notice.objects.filter(kind="approval_waiting").exists()


# Who | may they answer | with which limit of managers.
WHO = [
    ("manager", None, True),
    ("manager", 80, True),
    ("manager", 79, False),
    ("owner", 79, True),
    ("desk", None, False),
    ("colleague", None, False),
    ("outsider", None, False),
]


class TestAnswering:
    @pytest.mark.parametrize(("who", "managers_limit", "may"), WHO)
    def test_who_may(self, cast: Cast, card: Remedy, who: str, managers_limit: int | None, may: bool) -> None:
        if managers_limit:
            limit(managers_limit, role=Role.MANAGER)
        person = getattr(cast, who)
        assert to_decide(person, NOW).exists() is may
        if may:
            assert answer(card, person).decided_by == person
        else:
            with pytest.raises(NotYours):
                answer(card, person)

    def test_a_yes_offers_it(self, cast: Cast, card: Remedy) -> None:
        request = answer(card, cast.manager)
        card.refresh_from_db()
        assert (card.state, card.offered_at) == (RemedyState.OFFERED, NOW + HOUR)
        assert (request.verdict, request.decided_at, request.is_sole_approver) == ("approved", NOW + HOUR, False)
        assert standing(card) == Standing.APPROVED
        assert Notice.objects.get(kind="approval_decided").recipient == cast.desk

    @pytest.mark.parametrize("actual", [None, "79.99", "80"])
    def test_it_may_be_given_up_to_that_amount(self, cast: Cast, card: Remedy, actual: str | None) -> None:
        answer(card, cast.manager)
        amount = Decimal(actual) if actual else None
        done = remedies.deliver_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + DAY, actual_amount=amount)
        assert done.state == RemedyState.DELIVERED

    def test_with_a_receipt_it_begins_to_wait_for_that(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        taxi = propose(incident, cast.desk, 80, kind="reimburse")
        assert taxi.state == RemedyState.PROPOSED
        assert not Reminder.objects.filter(kind="receipt_missing").exists()
        answer(taxi, cast.manager)
        taxi.refresh_from_db()
        assert taxi.state == RemedyState.AWAITING_RECEIPT
        assert Reminder.objects.get(kind="receipt_missing").target_at == NOW + HOUR + 3 * DAY

    def test_a_no_needs_a_reason_and_leaves_it_proposed(self, cast: Cast, card: Remedy) -> None:
        with pytest.raises(Refused, match="Say why not"):
            answer(card, cast.manager, yes=False, reason=" ")
        answer(card, cast.manager, yes=False)
        card.refresh_from_db()
        assert card.state == RemedyState.PROPOSED
        assert standing(card) == Standing.DECLINED
        with pytest.raises(Refused, match="The answer was no"):
            remedies.offer_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + DAY)

    def test_after_a_no_it_may_be_asked_again_or_made_smaller(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager, yes=False)
        again = money.ask_again(remedy_id=card.pk, words="Their flight was lost too.", by=cast.desk, now=NOW + DAY)
        assert (again.words, again.is_waiting, again.amount) == ("Their flight was lost too.", True, 80)
        with pytest.raises(Refused, match="still open"):
            money.ask_again(remedy_id=card.pk, words="", by=cast.desk, now=NOW + DAY)
        change(card, cast.desk, 50)
        card.refresh_from_db()
        assert (card.state, standing(card)) == (RemedyState.OFFERED, Standing.VOIDED)
        with pytest.raises(Refused, match="any more"):
            money.ask_again(remedy_id=card.pk, words="", by=cast.desk, now=NOW + DAY)

    def test_whoever_asks_again_for_somebody_does_not_become_the_one_who_asked(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.owner, yes=False)
        again = money.ask_again(remedy_id=card.pk, words="", by=cast.manager, now=NOW + DAY)
        assert again.proposed_by == cast.desk

    def test_the_second_answer_hears_who_was_faster_and_when(self, cast: Cast, card: Remedy) -> None:
        answer(card, cast.manager)
        with pytest.raises(Refused, match=r"^Mona Manager said yes, Wed 4 Mar, 10:00\.$"):
            answer(card, cast.owner, yes=False)

    def test_a_changed_amount_takes_the_question_back(self, cast: Cast, card: Remedy) -> None:
        first = question(card)
        change(card, cast.colleague, 90)
        with pytest.raises(Refused, match=r"^Cole League took the question back, Wed 4 Mar, 10:00\.$"):
            money.decide(request_id=first.pk, is_approved=True, by=cast.manager, now=NOW + DAY)
        second = question(card)
        assert (second.amount, second.proposed_by) == (90, cast.colleague)
        assert asked() == {"mona", "olga"}

    def test_an_answer_meanwhile_stops_a_change_and_says_so(self, cast: Cast, card: Remedy) -> None:
        version = card.version
        answer(card, cast.manager)
        with pytest.raises(Stale, match="Mona Manager said yes"):
            remedies.change_remedy(
                remedy_id=card.pk, expected_version=version, by=cast.desk, now=NOW, estimated_amount=Decimal(90)
            )

    def test_an_end_takes_the_question_back(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        endings.close_incident(incident_id=incident.pk, reason="withdrawn", by=cast.desk, now=NOW, note="Left.")
        assert standing(card) == Standing.VOIDED
        assert asked() == set()
        assert not to_decide(cast.manager, NOW).exists()

    def test_withdrawing_it_does_too(self, cast: Cast, card: Remedy) -> None:
        remedies.end_remedy(remedy_id=card.pk, by=cast.desk, now=NOW, state="withdrawn")
        assert standing(card) == Standing.VOIDED
        assert asked() == set()

    def test_two_currencies_are_beyond_a_manager_with_a_limit(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        limit(1_000, role=Role.MANAGER)
        propose(incident, cast.desk, 10)
        type(cast.here).objects.filter(pk=cast.here.pk).update(currency="EUR")
        mixed = propose(incident, cast.desk, 10)
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(mixed, cast.manager)
        assert answer(mixed, cast.owner).verdict == "approved"

    def test_of_a_restricted_incident_only_those_who_see_it(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        Concern.objects.create(incident=incident, staff=cast.manager)
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.manager)
        assert answer(card, cast.owner).verdict == "approved"


def change(remedy: Remedy, by: Staff, amount: int) -> Remedy:
    remedy.refresh_from_db()
    return remedies.change_remedy(
        remedy_id=remedy.pk, expected_version=remedy.version, by=by, now=NOW + HOUR, estimated_amount=Decimal(amount)
    )
