"""Another amount, another person, another time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from incidents.actions import money
from incidents.models import Incident, Remedy
from incidents.vocabulary import RemedyState
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def sent(remedy: Remedy, **over: Any) -> dict[str, Any]:
    remedy.refresh_from_db()
    return {"version": remedy.version, "what": remedy.what, "estimated_amount": remedy.estimated_amount or ""} | over


def test_words_person_and_time(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    form = sent(remedy, what="two keys", done_by_name="Sal", due_at="2027-03-05T10:00", minutes="20")
    page = text_of(sign_in(cast.desk).post(url("recover-change-remedy", incident, remedy.pk), form, follow=True))
    remedy.refresh_from_db()
    assert (remedy.what, remedy.done_by, remedy.minutes) == ("two keys", "Sal", 20)
    assert "Changed: two keys." in page


def test_another_amount_voids_the_yes(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = make.ask_for(incident, cast.desk)
    money.decide(request_id=asked.pk, is_approved=True, by=cast.manager, now=timezone.now())
    there = url("recover-change-remedy", incident, asked.remedy_id)
    page = text_of(sign_in(cast.desk).post(there, sent(asked.remedy, estimated_amount="90"), follow=True))
    assert "This amount needs a yes: the question was asked anew." in page
    asked.remedy.refresh_from_db()
    assert asked.remedy.state == RemedyState.PROPOSED
    assert asked.remedy.approvals.waiting().get().amount == 90


def test_who_saved_in_between_is_not_written_over(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", what="a key", is_delivered=False)
    form = sent(remedy, what="two keys")
    there = url("recover-change-remedy", incident, remedy.pk)
    assert sign_in(cast.colleague).post(there, form | {"what": "three keys"}).status_code == 302
    answer = sign_in(cast.desk).post(there, form)
    assert answer.status_code == 409
    assert "three keys" in text_of(answer)
    assert "two keys" in text_of(answer)


@pytest.mark.parametrize("amount", ["-5", "1e2", "NaN", "1.005", "9" * 30])
def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn, incident: Incident, amount: str) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False, estimated_amount=Decimal(10))
    form = sent(remedy, what="Flowers", estimated_amount=amount)
    answer = sign_in(cast.desk).post(url("recover-change-remedy", incident, remedy.pk), form)
    assert answer.status_code == 422
    assert "Flowers" in text_of(answer)
    remedy.refresh_from_db()
    assert remedy.estimated_amount == 10


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    hold(cast, sign_in, "recover-change-remedy", incident, remedy.pk)
