"""One customer: the happy and the unhappy of their account, here and elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Customer
from tests import make


def url(customer: Customer | None) -> str:
    assert customer is not None
    return f"/customers/{customer.pk}/"


def test_how_to_reach_them(cast: make.Cast, sign_in: Any) -> None:
    html = sign_in(cast.desk).get(url(make.make_customer(email="nora@example.org"))).content.decode()
    assert 'href="tel:+13125550100"' in html
    assert 'href="mailto:nora@example.org"' in html


def test_what_happened_here(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk)
    make.give(incident, cast.desk, "free_item", actual_amount="12.50")
    html = sign_in(cast.desk).get(url(incident.customer)).content.decode()
    assert incident.what_happened in html
    assert "12.50" in html
    assert "1 recovery is open." in html


def test_of_other_places_only_the_outline(cast: make.Cast, sign_in: Any) -> None:
    words = "They were rude about her dog."
    foreign = make.make_incident(cast.outsider, what_happened=words, category="price")
    make.give(foreign, cast.outsider, "refund", actual_amount="20")
    html = sign_in(cast.desk).get(url(foreign.customer)).content.decode()
    for told in ("Price or billing", "Paper Shop", "Still open", "20.00"):
        assert told in html
    for kept in (words, foreign.reference):
        assert kept not in html


def test_restricted_never_shows_elsewhere_or_here(cast: make.Cast, sign_in: Any) -> None:
    harm = make.make_incident(cast.outsider, category="safety")
    make.make_incident(cast.manager, customer=harm.customer, category="safety", what_happened="A burn.")
    html = sign_in(cast.desk).get(url(harm.customer)).content.decode()
    assert "Safety" not in html
    assert "A burn." not in html
    assert "A burn." in sign_in(cast.manager).get(url(harm.customer)).content.decode()


def test_the_account_s_other_contacts_and_how_they_felt(cast: make.Cast, sign_in: Any) -> None:
    asked = make.make_customer("Paula President", account="Rowing Club")
    never = make.make_customer("Nora Novak", account="rowing club", phone="")
    happy = make.make_incident(cast.desk, customer=asked)
    make.apologize(happy, cast.desk)
    make.give(happy, cast.desk)
    make.call(happy, cast.desk, "delighted")
    client = sign_in(cast.desk)
    html = client.get(url(never)).content.decode()
    assert "Paula President" in html
    assert "Last asked: Delighted" in html
    assert "Never asked yet" in client.get(url(asked)).content.decode()


def test_a_bad_id_is_404(cast: make.Cast, sign_in: Any) -> None:
    for pk in (0, 999, 10**30):
        assert sign_in(cast.desk).get(f"/customers/{pk}/").status_code == 404


def test_reads_only(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).post(url(make.make_customer())).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    client, customer = sign_in(cast.desk), make.make_customer(account="Rowing Club")
    for number in range(count):
        make.make_customer(f"Ada {number}", account="Rowing Club")
        for staff in (cast.desk, cast.outsider):
            incident = make.make_incident(staff, customer=customer, category=("room", "late", "price")[number])
            make.give(incident, staff)
    with django_assert_max_num_queries(12):
        client.get(url(customer))
