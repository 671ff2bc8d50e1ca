"""One more way to reach a customer."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make


def test_added_once(cast: make.Cast, sign_in: Any) -> None:
    customer, client = make.make_customer(phone=""), sign_in(cast.desk)
    for typed in ("(312) 555-0142", "312 555 0142"):
        client.post(f"/customers/{customer.pk}/contact/", {"kind": "phone", "value": typed})
    client.post(f"/customers/{customer.pk}/contact/", {"kind": "email", "value": "Nora@Example.org"})
    assert [p.normalized for p in customer.contact_points.all()] == ["+13125550142", "nora@example.org"]


LONGER_IN_SMALL_LETTERS = f"a@{'.'.join(['İ' * 20] * 12)}.com"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("phone", "12"), ("phone", ""), ("email", "nobody"), ("fax", "1"), ("email", "x" * 400)),
        ("email", LONGER_IN_SMALL_LETTERS),
    ],
)
def test_nonsense_is_422_and_stays(cast: make.Cast, sign_in: Any, kind: str, value: str) -> None:
    customer = make.make_customer(phone="")
    answer = sign_in(cast.desk).post(f"/customers/{customer.pk}/contact/", {"kind": kind, "value": value})
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.content.decode() or not value
    assert not customer.contact_points.exists()


def test_a_bad_id_is_404_and_get_405(cast: make.Cast, sign_in: Any) -> None:
    client = sign_in(cast.desk)
    assert client.post("/customers/999/contact/", {"kind": "phone", "value": "1"}).status_code == 404
    assert client.get(f"/customers/{make.make_customer().pk}/contact/").status_code == 405
