"""A remedy has reached the customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incidents.models import Attachment, Incident, Remedy
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    return incident


def test_it_works_and_plans_the_call(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False, assignee=cast.desk)
    asked = {"actual_amount": "80.00", "minutes": "30", "delivered_at": "2026-03-04T12:00"}
    assert sign_in(cast.desk).post(url("recover-deliver", incident, remedy.pk), asked).status_code == 302
    remedy.refresh_from_db()
    incident.refresh_from_db()
    assert (remedy.state, remedy.actual_amount, remedy.minutes) == (RemedyState.DELIVERED, Decimal("80.00"), 30)
    assert incident.stage == Stage.FOLLOW_UP
    assert incident.follow_ups.planned().count() == 1


def test_a_receipt_asks_for_the_amount_the_day_and_the_paper(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "reimburse", what="lavaliere mic")
    client, there = sign_in(cast.desk), url("recover-deliver", incident, remedy.pk)
    answer = client.post(there, {"actual_amount": "", "paid_on": "", "minutes": "7"})
    assert answer.status_code == 422
    assert "Say how much was paid back." in text_of(answer)
    paid = {"actual_amount": "45.00", "paid_on": "2026-03-05"}
    answer = client.post(there, paid)
    assert answer.status_code == 409
    assert "The receipt is not here yet." in text_of(answer)
    add_receipt(remedy, cast)
    assert client.post(there, paid).status_code == 302
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.DELIVERED


def add_receipt(remedy: Remedy, cast: Cast) -> None:
    Attachment.objects.create(
        incident=remedy.incident,
        remedy=remedy,
        kind="receipt",
        stored_name=f"r{remedy.pk}",
        original_name="receipt.pdf",
        content_type="application/pdf",
        size=10,
        sha256="0" * 64,
        created_at=make.NOW,
        created_by=cast.desk,
    )


def test_the_second_of_two_hears_that_someone_was_faster(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    there = url("recover-deliver", incident, remedy.pk)
    assert sign_in(cast.desk).post(there).status_code == 302
    answer = sign_in(cast.colleague).post(there)
    assert answer.status_code == 409
    assert "someone was faster" in text_of(answer)


@pytest.mark.parametrize("bad", ["9999-12-31T23:59", "yesterday", "2026-02-30T10:00"])
def test_bad_input_keeps_what_was_typed(cast: Cast, sign_in: SignIn, incident: Incident, bad: str) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    asked = {"actual_amount": "12.345", "delivered_at": bad}
    answer = sign_in(cast.desk).post(url("recover-deliver", incident, remedy.pk), asked)
    assert answer.status_code == 422
    assert "12.345" in text_of(answer)


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = make.give(incident, cast.desk, "redo", is_delivered=False)
    hold(cast, sign_in, "recover-deliver", incident, remedy.pk)


def test_a_remedy_of_another_incident_is_not_here(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    other = make.give(make.make_incident(cast.desk), cast.desk, "redo", is_delivered=False)
    assert sign_in(cast.desk).post(url("recover-deliver", incident, other.pk)).status_code == 404
