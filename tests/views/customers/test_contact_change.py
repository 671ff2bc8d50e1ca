"""A way to reach somebody, written right or removed."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import customers
from incidents.models import ContactPoint
from tests import make
from tests.kept import kept_rows


@kept_rows
def point(cast: make.Cast) -> ContactPoint:
    return make.make_customer().contact_points.get()


def change(point: ContactPoint) -> str:
    return f"/customers/contact/{point.pk}/change/"


def test_written_right_it_is_theirs_again(cast: make.Cast, sign_in: Any, point: ContactPoint) -> None:
    client = sign_in(cast.desk)
    customers.mark_contact(contact_id=point.pk, is_wrong=True, now=make.NOW)
    assert client.get(change(point)).context["form"]["value"].value() == "+1 312 555 0100"
    answer = client.post(change(point), {"value": "312.555.0142"})
    assert answer["Location"] == f"/customers/{point.customer_id}/"
    point.refresh_from_db()
    assert (point.value, point.normalized, point.wrong_since) == ("312.555.0142", "+13125550142", None)


@pytest.mark.parametrize(("value", "words"), [("12", "not a phone number"), ("", "Write the number")])
def test_bad_input_is_422_and_keeps_it(
    cast: make.Cast, sign_in: Any, point: ContactPoint, value: str, words: str
) -> None:
    answer = sign_in(cast.desk).post(change(point), {"value": value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["form"]["value"].value() == value


def test_one_they_have_already_is_409(cast: make.Cast, sign_in: Any, point: ContactPoint) -> None:
    other: dict[str, Any] = {"kind": "phone", "value": "312 555 0142", "country": "US", "now": make.NOW}
    customers.add_contact(customer=point.customer, **other)
    answer = sign_in(cast.desk).post(change(point), {"value": "(312) 555 0142"})
    assert answer.status_code == 409
    assert "written down for them already" in answer.content.decode()


def test_removed(cast: make.Cast, sign_in: Any, point: ContactPoint) -> None:
    client, address = sign_in(cast.desk), f"/customers/contact/{point.pk}/remove/"
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == f"/customers/{point.customer_id}/"
    assert not ContactPoint.objects.exists()
    assert client.post(address).status_code == 404
    assert client.post(change(point), {"value": "312 555 0142"}).status_code == 404
