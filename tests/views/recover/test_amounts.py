"""Amounts as somebody would type them, through every form that takes one; and what a limit answers there."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from incidents.actions import remedies
from incidents.models import Incident, Remedy
from tests import make
from tests.actions.limits import answer, limit, propose, question
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of, url

# What is typed | what is said of it.
NO_MONEY = [
    ("-5", "An amount cannot be below zero."),
    ("\u22125", "An amount cannot be below zero."),
    ("1e2", "Write an amount, like 12.50."),
    ("NaN", "Write an amount, like 12.50."),
    ("Infinity", "Write an amount, like 12.50."),
    ("1.005", "An amount has at most two decimals."),
    ("1,50", "Write cents after a point, like 12.50."),
    ("10000000", "Write an amount, like 12.50."),
    ("5 USD", "Write an amount, like 12.50."),
]


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


@pytest.fixture
def desk(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.desk)


def change(desk: Client, remedy: Remedy, amount: str) -> Any:
    remedy.refresh_from_db()
    asked = {"version": remedy.version, "estimated_amount": amount, "assignee": remedy.assignee_id or ""}
    return desk.post(url("recover-change-remedy", remedy.incident, remedy.pk), asked)


def deliver(desk: Client, remedy: Remedy, amount: str) -> Any:
    return desk.post(url("recover-deliver", remedy.incident, remedy.pk), {"actual_amount": amount})


@pytest.mark.parametrize(("typed", "words"), NO_MONEY)
def test_what_is_no_money(cast: Cast, incident: Incident, desk: Client, typed: str, words: str) -> None:
    offered = propose(incident, cast.desk, 40)
    before = Remedy.objects.values().get()
    asked = {"type": make.remedy_type("gift_card").pk, "estimated_amount": typed, "submit_key": uuid4()}
    for page in (
        desk.post(url("recover-remedy", incident), asked),
        desk.post(url("recover-remedy", incident), asked | {"is_delivered": "on"}),
        change(desk, offered, typed),
        deliver(desk, offered, typed),
    ):
        assert page.status_code == 422
        assert words in text_of(page)
        assert f'value="{typed}"' in text_of(page)
    assert Remedy.objects.values().get() == before


def test_what_had_not_arrived_goes_out_again_at_what_it_came_to(cast: Cast, incident: Incident, desk: Client) -> None:
    """Thought to be 80, it came to 30: one tap does not make it 80."""
    card = propose(incident, cast.desk, 80)
    make.apologize(incident, cast.desk)
    given = {"remedy_id": card.pk, "by": cast.desk, "now": make.NOW, "actual_amount": Decimal(30)}
    remedies.deliver_remedy(**given)  # type: ignore[arg-type]
    make.call(make.fresh(incident), cast.desk, "remedy_not_received", missing_remedy=card)
    text = text_of(desk.get(incident.get_absolute_url()))
    assert set(re.findall(r'name="actual_amount"[^>]*value="([^"]*)"', text)) == {"30"}


class TestAboveALimit:
    @pytest.fixture(autouse=True)
    def fifty(self, cast: Cast) -> None:
        limit(50)

    def test_it_waits_for_a_yes(self, incident: Incident, desk: Client) -> None:
        asked = {"type": make.remedy_type("gift_card").pk, "estimated_amount": "80", "submit_key": uuid4()}
        page = desk.post(url("recover-remedy", incident), asked | {"is_delivered": "on"}, follow=True)
        assert page.status_code == 200
        assert Remedy.objects.get().state == "proposed"
        assert "80.00 USD" in text_of(page)

    def test_more_at_delivery_than_was_allowed(self, cast: Cast, incident: Incident, desk: Client) -> None:
        remedy = propose(incident, cast.desk, 80)
        answer(remedy, cast.manager)
        page = deliver(desk, remedy, "85")
        assert page.status_code == 409
        assert "Approved up to 80.00 USD. Ask again for more." in text_of(page)
        assert deliver(desk, remedy, "80").status_code == 302

    def test_before_anybody_answered(self, cast: Cast, incident: Incident, desk: Client) -> None:
        remedy = propose(incident, cast.desk, 80)
        page = deliver(desk, remedy, "1")
        assert page.status_code == 409
        assert "Nobody has answered yet whether this may be given." in text_of(page)

    def test_an_answer_came_in_between(self, cast: Cast, incident: Incident, desk: Client) -> None:
        remedy = propose(incident, cast.desk, 80)
        stale = remedy.version
        answer(remedy, cast.manager)
        asked = {"version": stale, "estimated_amount": "90", "assignee": cast.desk.pk}
        page = desk.post(url("recover-change-remedy", incident, remedy.pk), asked)
        assert page.status_code == 409
        assert "Mona Manager said yes" in text_of(page)
        assert question(remedy).allows

    def test_a_change_of_words_leaves_the_amount_and_its_yes(
        self, cast: Cast, incident: Incident, desk: Client
    ) -> None:
        remedy = propose(incident, cast.desk, 80)
        answer(remedy, cast.manager)
        assert change(desk, remedy, "80").status_code == 302
        assert question(remedy).allows

    def test_on_the_spot(self, cast: Cast, desk: Client) -> None:
        asked = {
            "location": cast.here.pk,
            "category": "room",
            "customer_hint": "Lady in room 12",
            "what_happened": "Cold shower.",
            "source": "customer",
            "told_by": "in_person",
            "is_on_the_spot": "on",
            "remedy_type": "gift_card",
            "amount": "80",
            "submit_key": uuid4(),
        }
        before = Incident.objects.count()
        page = desk.post("/incidents/new/", asked)
        assert page.status_code == 409
        assert "more than you may give without asking" in text_of(page)
        assert "Cold shower." in text_of(page)
        assert Incident.objects.count() == before


def test_the_page_costs_no_more_with_a_limit(
    cast: Cast, incident: Incident, desk: Client, django_assert_max_num_queries: Any
) -> None:
    limit(50)
    limit(30, kind="gift_card")
    make.give(incident, cast.desk, "gift_card", actual_amount=Decimal(20))
    with django_assert_max_num_queries(12):
        assert desk.get(incident.get_absolute_url()).status_code == 200
