"""What may be given without asking: the table of limits, the sum of the incident, and ways round it."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from incidents.access import Role
from incidents.actions import log, remedies, rounds
from incidents.actions.refusals import Refused
from incidents.models import ApprovalRequest, Incident, Remedy, RemedyType, RemedyTypeHere, Staff
from incidents.models.allowing import total_of
from incidents.models.money import limit_for
from incidents.vocabulary import RemedyState
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.make import HOUR, NOW, Cast

# The rows there are: (type here, type in the business, any type here, any type in the business).
WHICH = [
    ((None, None, None, None), None),
    ((None, None, None, 50), 50),
    ((None, None, 40, 50), 40),
    ((None, 30, 40, 50), 30),
    ((20, 30, 40, 50), 20),
    ((20, None, None, 50), 20),
    ((None, 30, None, None), 30),
    (("any", 30, 40, 50), None),
    ((None, "any", 40, 50), None),
    ((None, None, "any", 50), None),
    ((20, "any", 40, 50), 20),
    ((0, 30, 40, 50), 0),
]


@pytest.mark.parametrize(("rows", "applies"), WHICH)
def test_the_most_exact_row_counts(cast: Cast, rows: tuple[object, ...], applies: int | None) -> None:
    places = [("gift_card", cast.here), ("gift_card", None), ("", cast.here), ("", None)]
    for amount, (kind, location) in zip(rows, places, strict=True):
        if amount is not None:
            limit(None if amount == "any" else int(str(amount)), kind=kind, location=location)
    # Rows of others say nothing.
    limit(1, role=Role.MANAGER)
    limit(2, kind="refund")
    limit(3, kind="gift_card", location=cast.elsewhere)
    found = limit_for(Role.FRONT_DESK, make.remedy_type("gift_card").pk, cast.here.pk)
    assert found == (None if applies is None else Decimal(applies))


# What is there already | what is named now | whether it waits for a yes. The limit is 50.
SUMS = [
    ([], "50", False),
    ([], "50.01", True),
    ([], "0", False),
    ([], None, False),
    (["20"], "30", False),
    (["20"], "30.01", True),
    (["20", "20"], "10.01", True),
    (["50"], "0.01", True),
    (["50"], "0", False),
]


@pytest.mark.parametrize(("before", "named", "waits"), SUMS)
def test_the_sum_of_the_incident_is_held_against_it(
    cast: Cast, incident: Incident, before: list[str], named: str | None, waits: bool
) -> None:
    limit(50)
    for amount in before:
        assert propose(incident, cast.desk, amount).state == RemedyState.OFFERED
    remedy = propose(incident, cast.desk, named)
    assert (remedy.state == RemedyState.PROPOSED) is waits
    assert ApprovalRequest.objects.exists() is waits


def test_nothing_asks_where_nothing_is_set(cast: Cast, incident: Incident) -> None:
    assert propose(incident, cast.desk, 5_000).state == RemedyState.OFFERED


def test_a_manager_has_a_limit_of_their_own(cast: Cast, incident: Incident) -> None:
    limit(50)
    limit(100, role=Role.MANAGER)
    assert propose(incident, cast.manager, 100).state == RemedyState.OFFERED
    assert propose(incident, cast.manager, 1).state == RemedyState.PROPOSED


@pytest.mark.parametrize("state", ["failed", "withdrawn", "declined"])
def test_what_was_not_given_leaves_the_sum(cast: Cast, incident: Incident, state: str) -> None:
    limit(50)
    first = propose(incident, cast.desk, 50)
    if state == "declined":
        remedies.decline_remedy(remedy_id=first.pk, declined_as="not_enough", by=cast.desk, now=NOW)
    else:
        remedies.end_remedy(remedy_id=first.pk, by=cast.desk, now=NOW, state=state)
    assert total_of(incident).amount == 0
    assert propose(incident, cast.desk, 50, replaces=first).state == RemedyState.OFFERED


class TestGettingRoundIt:
    @pytest.fixture(autouse=True)
    def fifty(self, cast: Cast) -> None:
        limit(50)

    def test_split_in_two(self, cast: Cast, incident: Incident) -> None:
        assert propose(incident, cast.desk, 30).state == RemedyState.OFFERED
        second = propose(incident, cast.desk, 30, kind="refund")
        assert second.state == RemedyState.PROPOSED
        assert question(second).total == 60

    def test_split_between_two_people(self, cast: Cast, incident: Incident) -> None:
        propose(incident, cast.desk, 30)
        assert propose(incident, cast.colleague, 30).state == RemedyState.PROPOSED

    def test_in_a_second_round(self, cast: Cast, incident: Incident) -> None:
        make.give(incident, cast.desk, "gift_card", actual_amount=Decimal(50))
        rounds.go_back(incident_id=incident.pk, reason="second_thought", by=cast.desk, now=NOW)
        assert propose(incident, cast.desk, 1).state == RemedyState.PROPOSED

    def test_given_at_once(self, cast: Cast, incident: Incident) -> None:
        """Saying that it is given already does not give it: it waits, and its amount is a guess."""
        remedy = make.give(incident, cast.desk, "gift_card", actual_amount=Decimal(51))
        assert (remedy.state, remedy.delivered_at) == (RemedyState.PROPOSED, None)
        assert (remedy.estimated_amount, remedy.actual_amount) == (51, None)

    def test_on_the_spot(self, cast: Cast) -> None:
        fields = {"location": cast.here, "category": make.category(), "what_happened": "Cold.", "submit_key": uuid4()}
        spot = {"remedy_type": make.remedy_type("gift_card"), "by": cast.desk, "now": NOW}
        with pytest.raises(Refused, match="more than you may give without asking"):
            log.log_on_the_spot(amount=Decimal(51), **spot, **fields)  # type: ignore[arg-type]
        assert not Incident.objects.exists()
        assert log.log_on_the_spot(amount=Decimal(50), **spot, **fields).remedies.get().state == "delivered"  # type: ignore[arg-type]

    def test_more_at_delivery_than_was_named(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, 40)
        with pytest.raises(Refused, match=r"would come to 51.00 USD; you may give 50.00 USD"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW, actual_amount=Decimal(51))
        done = remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW, actual_amount=Decimal(50))
        assert done.state == RemedyState.DELIVERED
        assert done.amount == 50

    def test_delivered_without_a_word_of_its_amount(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, None)
        with pytest.raises(Refused, match="Say what it comes to"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW)
        with pytest.raises(Refused, match="Say what it comes to"):
            make.give(incident, cast.desk, "gift_card")
        assert remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.manager, now=NOW).state == "delivered"

    def test_named_only_at_delivery(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, None)
        with pytest.raises(Refused, match="without asking"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW, actual_amount=Decimal("50.01"))

    def test_raised_after_it_was_offered(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, 40)
        change(remedy, cast.desk, 51)
        assert Remedy.objects.get().state == RemedyState.PROPOSED

    def test_raised_after_a_yes(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, 80)
        answer(remedy, cast.manager)
        with pytest.raises(Refused, match=r"^Approved up to 80.00 USD. Ask again for more.$"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW + HOUR, actual_amount=Decimal(85))
        change(remedy, cast.desk, 85)
        remedy.refresh_from_db()
        assert remedy.state == RemedyState.PROPOSED
        assert [request.allows for request in remedy.approvals.all()] == [False, False]

    def test_somebody_who_may_give_that_much_needs_no_second_yes(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, 80)
        answer(remedy, cast.owner)
        more = {"actual_amount": Decimal(85), "now": NOW + HOUR}
        done = remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.manager, **more)  # type: ignore[arg-type]
        assert done.proposed_by == cast.manager
        assert not question(remedy).allows

    def test_withdrawn_and_added_again(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, 80)
        answer(remedy, cast.manager)
        remedies.end_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW + HOUR, state="withdrawn")
        assert propose(incident, cast.desk, 80).state == RemedyState.PROPOSED

    def test_in_two_currencies(self, cast: Cast, incident: Incident) -> None:
        propose(incident, cast.desk, 10)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE incidents_location SET currency = 'EUR' WHERE id = %s", [cast.here.pk])
        second = propose(incident, cast.desk, 10)
        assert (second.state, second.currency) == (RemedyState.PROPOSED, "EUR")
        assert propose(incident, cast.manager, 10).state == RemedyState.OFFERED

    def test_a_type_that_costs_time_but_has_an_amount(self, cast: Cast, incident: Incident) -> None:
        assert propose(incident, cast.desk, None, kind="put_right").state == RemedyState.OFFERED
        assert propose(incident, cast.desk, 51, kind="put_right").state == RemedyState.PROPOSED

    def test_a_lower_limit_afterwards_takes_nothing_back(self, cast: Cast, incident: Incident) -> None:
        within, above = propose(incident, cast.desk, 40), propose(incident, cast.desk, 80)
        answer(above, cast.manager)
        limit(1, kind="gift_card")
        for remedy in (within, above):
            assert remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW + HOUR).state == "delivered"

    @pytest.mark.parametrize("amount", ["-5", "-0.01", "1.005", "NaN", "Infinity", "10000000"])
    def test_what_is_no_money(self, cast: Cast, incident: Incident, amount: str) -> None:
        with pytest.raises(Refused, match="not an amount of money"):
            propose(incident, cast.desk, amount)
        remedy = propose(incident, cast.desk, 5)
        with pytest.raises(Refused, match="not an amount of money"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW, actual_amount=Decimal(amount))
        with pytest.raises(Refused, match="not an amount of money"):
            change(remedy, cast.desk, amount)


def change(remedy: Remedy, by: Staff, amount: int | str | None) -> Remedy:
    remedy.refresh_from_db()
    return remedies.change_remedy(
        remedy_id=remedy.pk,
        expected_version=remedy.version,
        by=by,
        now=NOW + HOUR,
        what=remedy.what,
        estimated_amount=None if amount is None else Decimal(amount),
        assignee=remedy.assignee,
    )


class TestTypicalAmounts:
    @pytest.fixture(autouse=True)
    def twenty_five(self, cast: Cast) -> None:
        limit(50)
        RemedyType.objects.filter(key="gift_card").update(typical_amount=25)

    def test_it_counts_while_nobody_says_more(self, cast: Cast, incident: Incident) -> None:
        assert propose(incident, cast.desk, None).state == RemedyState.OFFERED
        assert propose(incident, cast.desk, None).state == RemedyState.OFFERED
        assert total_of(incident).amount == 50
        assert propose(incident, cast.desk, None).state == RemedyState.PROPOSED

    def test_that_of_the_place_stands_in_for_it(self, cast: Cast, incident: Incident) -> None:
        card = make.remedy_type("gift_card")
        RemedyTypeHere.objects.create(type=card, location=cast.here, typical_amount=60)
        RemedyTypeHere.objects.create(type=card, location=cast.elsewhere, typical_amount=1)
        assert propose(incident, cast.desk, None).state == RemedyState.PROPOSED

    def test_delivered_without_an_amount_it_is_that(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, None)
        remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW)
        assert total_of(incident).amount == 25

    def test_that_which_rose_meanwhile_is_asked_about(self, cast: Cast, incident: Incident) -> None:
        remedy = propose(incident, cast.desk, None)
        RemedyType.objects.filter(key="gift_card").update(typical_amount=51)
        with pytest.raises(Refused, match="without asking"):
            remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, now=NOW)

    def test_a_type_that_costs_time_never_counts_by_itself(self, cast: Cast, incident: Incident) -> None:
        RemedyType.objects.filter(key="put_right").update(typical_amount=99)
        assert propose(incident, cast.desk, None, kind="put_right").state == RemedyState.OFFERED
        assert total_of(incident).amount == 0
