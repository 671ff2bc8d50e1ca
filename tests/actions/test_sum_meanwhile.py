"""The sum of an incident moves on between a question, its answer and the delivery: each looks at it anew."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from incidents.access import Role
from incidents.actions import follow_up, money, remedies
from incidents.actions.refusals import NotYours, Refused
from incidents.board import can_review
from incidents.models import Incident, Notice, Remedy
from incidents.models.deciding import to_decide
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.kept import kept_rows
from tests.make import HOUR, NOW, Cast


@kept_rows
def card(cast: Cast, incident: Incident) -> Remedy:
    """Eighty where fifty may be given, and managers may give a hundred."""
    limit(50)
    limit(100, role=Role.MANAGER)
    return propose(incident, cast.desk, 80)


class TestAtTheAnswer:
    def test_what_was_given_meanwhile_counts(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        assert to_decide(cast.manager, NOW).exists()
        propose(incident, cast.owner, 30, "refund")
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.manager)
        assert answer(card, cast.owner).total == 110

    def test_so_does_what_is_typical_of_it_here(self, cast: Cast, incident: Incident, card: Remedy) -> None:
        refund = make.remedy_type("refund")
        refund.typical_amount = Decimal(30)
        refund.save()
        propose(incident, cast.owner, None, "refund")
        assert not to_decide(cast.manager, NOW).exists()
        with pytest.raises(NotYours):
            answer(card, cast.manager)

    def test_what_was_taken_back_meanwhile_does_not(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        limit(100, role=Role.MANAGER)
        other = propose(incident, cast.owner, 90, "refund")
        card = propose(incident, cast.desk, 80)
        assert not to_decide(cast.manager, NOW).exists()
        remedies.end_remedy(remedy_id=other.pk, by=cast.owner, now=NOW, state="withdrawn")
        assert to_decide(cast.manager, NOW).exists()
        assert answer(card, cast.manager).total == 80

    def test_whoever_is_alone_with_a_sum_of_now_decides_alone(
        self, cast: Cast, incident: Incident, card: Remedy
    ) -> None:
        cast.owner.is_active = False
        cast.owner.save()
        mine = propose(incident, cast.manager, 40, "refund")  # 120 in all, and nobody else is there
        assert question(mine).is_waiting
        assert to_decide(cast.manager, NOW).filter(remedy=mine).exists()
        assert answer(mine, cast.manager).is_sole_approver


class TestAtTheDelivery:
    def test_a_yes_does_not_cover_room_that_something_else_took(self, cast: Cast, incident: Incident) -> None:
        """Approved at 80, given at 30; 20 more went to something else; then the 30 had not arrived."""
        limit(50)
        card = propose(incident, cast.desk, 80)
        answer(card, cast.manager)
        remedies.deliver_remedy(remedy_id=card.pk, by=cast.desk, now=NOW + HOUR, actual_amount=Decimal(30))
        make.apologize(incident, cast.desk)
        propose(incident, cast.desk, 20, "refund", is_delivered=True, actual_amount=Decimal(20))
        call = make.planned_call(incident)
        follow_up.record_follow_up(
            follow_up_id=call.pk,
            by=cast.desk,
            now=NOW + 2 * HOUR,
            outcome="remedy_not_received",
            submit_key=uuid4(),
            missing_remedy=card,
        )
        give = {"remedy_id": card.pk, "by": cast.desk, "now": NOW + 3 * HOUR}
        with pytest.raises(Refused, match=r"come to 100\.00 USD; you may give 50\.00 USD"):
            remedies.deliver_remedy(actual_amount=Decimal(80), **give)  # type: ignore[arg-type]
        assert remedies.deliver_remedy(actual_amount=Decimal(60), **give).amount == 60  # type: ignore[arg-type]


class TestLookedAtAfterwards:
    def test_not_by_whoever_asked(self, cast: Cast, incident: Incident) -> None:
        """A manager asks, the desk goes ahead: another one says whether that was right."""
        limit(50, role=Role.MANAGER)
        Incident.objects.filter(pk=incident.pk).update(severity=1)
        card = propose(incident, cast.manager, 80)
        asked = question(card)
        money.go_ahead(request_id=asked.pk, reason="It cannot wait.", by=cast.desk, now=NOW + HOUR)
        asked.refresh_from_db()
        assert set(Notice.objects.filter(kind="went_ahead").values_list("recipient__name", flat=True)) == {"Olga Owner"}
        assert [can_review(person, asked) for person in (cast.manager, cast.owner)] == [False, True]
        with pytest.raises(NotYours):
            money.review_go_ahead(request_id=asked.pk, was_right=True, by=cast.manager, now=NOW + HOUR)
        assert money.review_go_ahead(request_id=asked.pk, was_right=True, by=cast.owner, now=NOW + HOUR).was_right

    def test_by_the_administrator_where_one_manager_went_ahead(self, cast: Cast, incident: Incident) -> None:
        """The page and the action agree on who looks."""
        limit(50)
        Incident.objects.filter(pk=incident.pk).update(severity=1)
        asked = question(propose(incident, cast.desk, 80))
        money.go_ahead(request_id=asked.pk, reason="It cannot wait.", by=cast.manager, now=NOW + HOUR)
        asked.refresh_from_db()
        assert [can_review(person, asked) for person in (cast.manager, cast.owner)] == [False, True]
        cast.owner.is_active = False
        cast.owner.save()
        assert can_review(cast.manager, asked)
        assert money.review_go_ahead(request_id=asked.pk, was_right=True, by=cast.manager, now=NOW + HOUR).was_right
