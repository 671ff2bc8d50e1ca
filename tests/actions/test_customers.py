"""Customers: reachable in one way or more, each kept once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from incidents.actions import customers
from incidents.models import ContactPoint, Customer
from tests import make
from tests.make import NOW, Cast


def test_a_customer_with_a_phone_and_an_account(cast: Cast) -> None:
    customer = customers.add_customer(
        now=NOW, name="Éva Ünal", phone="(312) 555-0101", email="Eva@Example.org", account="Lakeside"
    )
    twin = customers.add_customer(now=NOW, name="Bo Lund", account="LAKESIDE")
    assert customer.sort_name == "eva unal"
    assert set(customer.contact_points.values_list("normalized", flat=True)) == {"+13125550101", "eva@example.org"}
    assert customer.account == twin.account


def test_a_bad_phone_saves_no_customer(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="not a phone number"):
        customers.add_customer(now=NOW, name="Nobody", phone="12")
    assert not Customer.objects.exists()


def test_the_same_contact_again_is_harmless(cast: Cast) -> None:
    customer = make.make_customer()
    again = customers.add_contact(customer=customer, kind="phone", value="1-312-555-0100", country="US", now=NOW)
    assert ContactPoint.objects.get() == again
