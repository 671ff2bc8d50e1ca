"""Adding a remedy."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from incidents.actions import remedies
from incidents.vocabulary import RemedyState
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_we_will_do_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {
        "type": make.remedy_type("redo").pk,
        "what": "a new order",
        "estimated_amount": "75.00",
        "done_by_name": "Sal",
        "assignee": cast.desk.pk,
        "due_at": "2027-03-05T10:00",
        "submit_key": uuid4(),
    }
    assert sign_in(cast.desk).post(url("recover-remedy", incident), asked).status_code == 302
    remedy = incident.remedies.get()
    assert (remedy.state, remedy.done_by, remedy.estimated_amount) == (RemedyState.OFFERED, "Sal", Decimal("75.00"))
    assert remedy.due_at is not None
    assert remedy.due_at.hour == 16


def test_already_done_takes_the_amount_as_what_it_came_to(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {
        "type": make.remedy_type("gift_card").pk,
        "estimated_amount": "25",
        "is_delivered": "on",
        "submit_key": uuid4(),
    }
    client = sign_in(cast.desk)
    for _ in range(2):
        assert client.post(url("recover-remedy", incident), asked).status_code == 302
    remedy = incident.remedies.get()
    assert remedy.state == RemedyState.DELIVERED
    assert remedy.actual_amount == 25


def test_reimburse_saves_with_a_word_and_waits_for_the_receipt(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"type": make.remedy_type("reimburse").pk, "what": "lavaliere mic", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(url("recover-remedy", incident), asked, follow=True))
    assert "Awaiting the receipt" in page
    assert "Add the receipt" in page


def test_a_failed_one_is_replaced(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    failed = make.give(incident, cast.desk, "redo", is_delivered=False)
    remedies.end_remedy(remedy_id=failed.pk, by=cast.desk, now=make.NOW, state="failed")
    client = sign_in(cast.desk)
    assert "Replace what did not work" in text_of(client.get(url("recover-show", incident)))
    asked = {"type": make.remedy_type("refund").pk, "replaces": failed.pk, "submit_key": uuid4()}
    assert client.post(url("recover-remedy", incident), asked).status_code == 302
    assert incident.remedies.get(replaces=failed).type.key == "refund"


def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"type": "", "what": "Flowers", "estimated_amount": "-5", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(url("recover-remedy", incident), asked)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Flowers" in page
    assert "An amount cannot be below zero." in page
    assert not incident.remedies.exists()


def test_nobody_of_another_place_can_be_named(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"type": make.remedy_type("redo").pk, "assignee": cast.outsider.pk, "submit_key": uuid4()}
    assert sign_in(cast.desk).post(url("recover-remedy", incident), asked).status_code == 422


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-remedy", make.make_incident(cast.desk))


def test_of_a_restricted_one_only_those_who_read_it(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    asked = {"type": make.remedy_type("redo").pk, "submit_key": uuid4()}
    assert sign_in(cast.desk).post(url("recover-remedy", incident), asked).status_code == 403
