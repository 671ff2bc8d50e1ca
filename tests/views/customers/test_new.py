"""Somebody new, outside an incident."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from incidents.models import Customer
from tests import make

URL = "/customers/new/"


def sent(**over: Any) -> dict[str, Any]:
    return {"submit_key": str(uuid4()), "name": "Nora Novak", "phone": "312 555 0100", "note": "Left-handed", **over}


def test_added_with_all_that_is_known(cast: make.Cast, sign_in: Any) -> None:
    client = sign_in(cast.desk)
    assert client.get(URL, {"name": "Nora"}).context["form"]["name"].value() == "Nora"
    more = {"loyalty_number": "ab 12-34", "language": "Czech", "address": "4 Quay St", "account": "Rowing Club"}
    answer = client.post(URL, sent(email="nora@example.org", preferred_channel="phone", **more))
    customer = Customer.objects.get()
    assert answer["Location"] == f"/customers/{customer.pk}/"
    assert (customer.loyalty_key, customer.language, customer.address) == ("AB1234", "Czech", "4 Quay St")
    assert set(customer.contact_points.values_list("normalized", flat=True)) == {"+13125550100", "nora@example.org"}
    html = client.get(answer["Location"]).content.decode()
    for word in ("ab 12-34", "Czech", "4 Quay St"):
        assert word in html


def test_sent_twice_there_is_one(cast: make.Cast, sign_in: Any) -> None:
    client, form = sign_in(cast.desk), sent()
    assert client.post(URL, form)["Location"] == client.post(URL, form)["Location"]
    assert Customer.objects.count() == 1


def test_bad_input_is_422_and_keeps_what_was_typed(cast: make.Cast, sign_in: Any) -> None:
    client = sign_in(cast.desk)
    for bad, words in (
        ({"phone": "12"}, "not a phone number"),
        ({"email": "nora@"}, "valid email"),
        ({"name": " "}, "A customer needs a name."),
        ({"submit_key": ""}, "too old to save"),
        ({"preferred_channel": "pigeon"}, "Select a valid choice"),
    ):
        answer = client.post(URL, sent(**bad))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Left-handed" in answer.content.decode()
    assert not Customer.objects.exists()


def test_letters_that_stand_for_several_do_no_harm(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).post(URL, sent(loyalty_number="㍿" * 40, name="ﷺ" * 120)).status_code == 302
    assert len(Customer.objects.get().loyalty_key) == 40
