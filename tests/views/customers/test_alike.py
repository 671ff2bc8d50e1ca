"""Whom a new customer may be, while somebody types them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents.models import Incident
from tests import make

URL = "/customers/like/"


def test_named_with_what_agrees(cast: make.Cast, sign_in: Any) -> None:
    known = make.make_customer("Nora Novák", account="Rowing <Club>")
    client = sign_in(cast.desk)
    html = client.get(URL, {"name": "Novak Nora", "phone": "(312) 555-0100"}).content.decode()
    for said in ("Nora Novák", "Rowing &lt;Club&gt;", "same phone", "name alike", f'href="/customers/{known.pk}/"'):
        assert said in html
    assert "<html" not in html
    assert 'type="radio"' not in html


def test_in_the_log_form_one_tap_takes_them(cast: make.Cast, sign_in: Any) -> None:
    known = make.make_customer("Nora Novak")
    asked = {"new_name": "N. Novak", "new_phone": "312 555 0100", "pick": str(known.pk)}
    html = sign_in(cast.desk).get(URL, asked).content.decode()
    assert f'name="pick" value="{known.pk}" id="alike-{known.pk}" checked' in html
    assert "No, somebody new" in html


@pytest.mark.parametrize(
    "typed", [{}, {"name": "No"}, {"name": "Zzz"}, {"phone": "12"}, {"email": "nora@"}, {"name": "x" * 5000}]
)
def test_nothing_while_nobody_is_meant(cast: make.Cast, sign_in: Any, typed: dict[str, str]) -> None:
    make.make_customer("Nora Novak", email="nora@example.org")
    assert sign_in(cast.desk).get(URL, typed).content.decode().strip() == ""


def test_counts_what_the_reader_may_see(cast: make.Cast, sign_in: Any) -> None:
    known = make.make_customer("Nora Novak")
    make.make_incident(cast.outsider, customer=known)
    make.make_incident(cast.manager, customer=known, category="safety")
    asked = {"name": "Nora Novak", "phone": "312 555 0100"}
    assert "open" not in sign_in(cast.desk).get(URL, asked).content.decode()
    assert "1 open" in sign_in(cast.manager).get(URL, asked).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_num_queries: Any) -> None:
    """Session, user, the place's country, and three of its own."""
    client = sign_in(cast.desk)
    for number in range(count):
        make.make_customer(f"Nora Novak{'x' * number}", account=f"Club {number}")
    with django_assert_num_queries(7 if count else 0):
        client.get(URL, {"name": "Nora Novak", "phone": "312 555 0100"})


def test_the_one_that_was_tapped_is_logged_for(cast: make.Cast, sign_in: Any) -> None:
    known = make.make_customer("Nora Novak")
    sent = {
        "submit_key": str(uuid4()),
        "customer_name": "N. Novak",
        "new_name": "N. Novak",
        "new_phone": "312 555 0100",
        "pick": known.pk,
        "category": "room",
        "what_happened": "Cold.",
        "source": "customer",
    }
    assert sign_in(cast.desk).post("/incidents/new/", sent).status_code == 302
    assert Incident.objects.get().customer == known
