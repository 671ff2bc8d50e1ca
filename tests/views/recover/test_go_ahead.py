"""Asking for more than one may give alone: asked, answered, asked again, gone ahead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import money
from incidents.models import ApprovalRequest, Incident, Playbook
from incidents.vocabulary import RemedyState
from tests import make
from tests.kept import kept_rows
from tests.make import HOUR, Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now(), severity=2)


def ask(incident: Incident, cast: Cast, **over: Any) -> ApprovalRequest:
    return make.ask_for(incident, cast.desk, now=timezone.now(), **over)


def test_the_form_says_what_is_left(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.limit(cast.desk)
    client = sign_in(cast.desk)
    there = url("recover-show", incident) + "?open=remedy"
    assert "Up to 50.00 USD without asking." in text_of(client.get(there))
    make.give(incident, cast.desk, "gift_card", actual_amount=Decimal(20))
    page = text_of(client.get(there))
    assert "Up to 30.00 USD more without asking" in page
    assert 'data-left="30.00"' in page


def test_without_a_limit_nothing_is_said(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident) + "?open=remedy"))
    assert "estimated_amount" in page
    assert "without asking" not in page
    assert "asks_words" not in page


def test_more_than_that_is_asked(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.limit(cast.desk)
    asked = {"type": make.remedy_type("gift_card").pk, "what": "dinner", "estimated_amount": "80"}
    asked |= {"asks_words": "A regular.", "submit_key": str(uuid4())}
    page = text_of(sign_in(cast.desk).post(url("recover-remedy", incident), asked, follow=True))
    for words in ("Asked: dinner. You will be told the answer.", "Asked Mona Manager and Olga Owner at", "A regular."):
        assert words in page, words
    assert "You may go ahead in 30 minutes." in page
    assert "They have it" not in page


def test_nobody_answered_so_they_go_ahead(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = ask(incident, cast)
    client, there = sign_in(cast.desk), url("recover-go-ahead", incident, asked.remedy_id)
    answer = client.post(there, {"reason": "She leaves."})
    assert answer.status_code == 409
    assert "Wait for an answer until" in text_of(answer)
    asked.proposed_at = timezone.now() - HOUR
    asked.save(update_fields=["proposed_at"])
    assert "You may go ahead now" in text_of(client.get(url("recover-show", incident)))
    answer = client.post(there, {"reason": ""})
    assert answer.status_code == 422
    assert "Say why it cannot wait" in text_of(answer)
    page = text_of(client.post(there, {"reason": "She leaves."}, follow=True))
    assert "Dora Desk went ahead without an answer" in page
    asked.remedy.refresh_from_db()
    assert asked.remedy.state == RemedyState.OFFERED


def test_the_playbook_says_yes_beforehand(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    book = Playbook.objects.create(category=incident.category)
    book.remedies.create(type=make.remedy_type("gift_card"), pre_approved_up_to=Decimal(100))
    asked = ask(incident, cast)
    client = sign_in(cast.desk)
    assert "You may go ahead now" in text_of(client.get(url("recover-show", incident)))
    assert client.post(url("recover-go-ahead", incident, asked.remedy_id), {"reason": "Usual."}).status_code == 302


def test_a_no_is_asked_again_in_other_words(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = ask(incident, cast)
    money.decide(request_id=asked.pk, is_approved=False, reason="Too much.", by=cast.manager, now=timezone.now())
    client = sign_in(cast.desk)
    page = text_of(client.get(url("recover-show", incident)))
    assert "Mona Manager said no" in page
    assert "Ask again" in page
    page = text_of(
        client.post(url("recover-ask-again", incident, asked.remedy_id), {"words": "She cried."}, follow=True)
    )
    assert "Asked again." in page
    assert asked.remedy.approvals.waiting().get().words == "She cried."


def test_there_is_nothing_to_go_ahead_with(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    there = url("recover-go-ahead", incident, remedy.pk)
    assert sign_in(cast.desk).post(there, {"reason": "Now."}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_questions_cost_no_statement(
    cast: Cast, sign_in: SignIn, incident: Incident, number: int, django_assert_max_num_queries: Any
) -> None:
    for kind in ["gift_card", "refund", "free_item"][:number]:
        ask(incident, cast, kind=kind)
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(12):
        assert client.get(url("recover-show", incident)).status_code == 200


@pytest.mark.parametrize("name", ["recover-go-ahead", "recover-ask-again"])
def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, name: str) -> None:
    hold(cast, sign_in, name, incident, ask(incident, cast).remedy_id)
