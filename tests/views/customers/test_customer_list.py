"""Customers by name, a page at a time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import merges
from incidents.search import people
from tests import make

URL = "/customers/"


@pytest.fixture
def desk(cast: make.Cast, sign_in: Any) -> Any:
    return sign_in(cast.desk)


def test_empty_says_what_to_do(desk: Any) -> None:
    assert "No customers yet" in desk.get(URL).content.decode()
    assert "Nobody found for “zzz”" in desk.get(URL, {"q": "zzz"}).content.decode()


def test_pages_follow_each_other(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    for name in ("Élan", "Adam", "Zoe", "adam", "Bea"):
        make.make_customer(name, phone="")
    seen: list[str] = []
    after: object = ""
    while after is not None:
        page = desk.get(URL, {"after": after}).context["page"]
        seen += [customer.name for customer in page.rows]
        after = page.next_after
    assert seen == ["Adam", "adam", "Bea", "Élan", "Zoe"]


def test_goes_on_after_one_that_was_put_together_with_another_meanwhile(desk: Any, cast: make.Cast) -> None:
    zoe, adam, _bea = (make.make_customer(name) for name in ("Zoe", "Adam", "Bea"))
    merges.merge_customers(kept_id=zoe.pk, dropped_id=adam.pk, submit_key=uuid4(), by=cast.manager, now=timezone.now())
    rows = desk.get(URL, {"after": adam.pk}).context["page"].rows
    assert [customer.name for customer in rows] == ["Bea", "Zoe"]


def test_searched(desk: Any) -> None:
    make.make_customer("Nora Novak")
    make.make_customer("Adam Ant", phone="+1 312 555 0199")
    html = desk.get(URL, {"q": "0199"}).content.decode()
    assert "Adam Ant" in html
    assert "Nora Novak" not in html


@pytest.mark.parametrize("after", ["nonsense", "-1", "9" * 40, "0"])
def test_a_bad_place_to_start_is_the_start(desk: Any, after: str) -> None:
    make.make_customer("Nora Novak")
    assert "Nora Novak" in desk.get(URL, {"after": after}).content.decode()


def test_reads_only(desk: Any) -> None:
    assert desk.post(URL).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(desk: Any, cast: make.Cast, count: int, django_assert_max_num_queries: Any) -> None:
    for number in range(count):
        customer = make.make_customer(f"Nora {number}", account=f"Club {number}")
        make.make_incident(cast.desk, customer=customer)
    with django_assert_max_num_queries(8):
        desk.get(URL)
    with django_assert_max_num_queries(8):
        desk.get(URL, {"q": "nora", "after": customer.pk})
