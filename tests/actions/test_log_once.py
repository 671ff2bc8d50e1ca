"""One form makes one incident, however often and however fast it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from incidents.models import Customer, Incident, Staff
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def fields(**over: Any) -> dict[str, Any]:
    return {
        "submit_key": str(uuid4()),
        "customer_name": "Ada Stone",
        "what_happened": "The lift stood still.",
        "category": "room",
        "source": "customer",
        **over,
    }


def post(staff: Staff, sent: dict[str, Any]) -> str:
    client = Client()
    client.force_login(staff)
    try:
        return str(client.post("/incidents/new/", sent).headers["Location"])
    finally:
        connection.close()


def test_twenty_at_once_make_one() -> None:
    desk, sent = make.make_cast().desk, fields()
    with ThreadPoolExecutor(20) as pool:
        landed = list(pool.map(lambda _: post(desk, sent), range(20)))
    assert len(set(landed)) == 1
    assert (Incident.objects.count(), Customer.objects.count()) == (1, 1)


def test_control_twenty_keys_make_twenty_without_a_gap() -> None:
    desk = make.make_cast().desk
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: post(desk, fields(customer_name=f"Ada {n}")), range(20)))
    numbers = sorted(int(reference[-5:]) for reference in Incident.objects.values_list("reference", flat=True))
    assert numbers == list(range(1, 21))
