"""It goes without a receipt, or the customer lets it go."""

from __future__ import annotations

import pytest

from incidents.models import Incident, Remedy
from incidents.vocabulary import RemedyState
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


@kept_rows
def remedy(cast: Cast, incident: Incident) -> Remedy:
    return make.give(incident, cast.desk, "reimburse", what="lavaliere mic")


def test_a_manager_does_without_and_it_can_be_paid(
    cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy
) -> None:
    client = sign_in(cast.manager)
    page = text_of(client.post(url("recover-waive-receipt", incident, remedy.pk), {"note": "Lost it"}, follow=True))
    assert "No receipt needed: Lost it" in page
    assert "Add the receipt" not in page
    paid = {"actual_amount": "45.00", "paid_on": "2026-03-05"}
    assert client.post(url("recover-deliver", incident, remedy.pk), paid).status_code == 302
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.DELIVERED


def test_from_the_first_page(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    """Late because of the receipt: what settles it is offered, not to remind somebody."""
    client, there = sign_in(cast.manager), url("recover-waive-receipt", incident, remedy.pk)
    make.apologize(incident, cast.desk)
    assert there in text_of(client.get("/"))
    assert client.post(there, {"note": "Lost it", "next": "/"})["Location"] == "/"
    assert there not in text_of(client.get("/"))


def test_a_reason_is_needed_and_a_manager(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    there = url("recover-waive-receipt", incident, remedy.pk)
    answer = sign_in(cast.manager).post(there, {"note": " "})
    assert answer.status_code == 422
    assert "Say why, in a few words." in text_of(answer)
    assert sign_in(cast.desk).post(there, {"note": "Lost it"}).status_code == 403
    assert there not in text_of(sign_in(cast.desk).get(url("recover-show", incident) + f"?open=more-{remedy.pk}"))


def test_the_customer_lets_it_go(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    there = url("recover-let-go", incident, remedy.pk)
    page = text_of(sign_in(cast.desk).post(there, {"note": "Never mind, he said."}, follow=True))
    remedy.refresh_from_db()
    assert (remedy.state, remedy.ended_note) == (RemedyState.WITHDRAWN, "Never mind, he said.")
    assert "the customer let it go" in page


def test_a_phone_takes_a_photo_of_it(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident) + f"?open=more-{remedy.pk}"))
    assert 'accept="image/*,application/pdf" capture="environment"' in page


@pytest.mark.parametrize("name", ["recover-waive-receipt", "recover-let-go"])
def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy, name: str) -> None:
    hold(cast, sign_in, name, incident, remedy.pk)
