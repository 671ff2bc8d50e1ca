"""Who is meant by two letters, three digits or half an address."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import customers
from tests import make

URL = "/customers/suggest/"


@pytest.fixture
def ask(cast: make.Cast, sign_in: Any) -> Any:
    client = sign_in(cast.desk)

    def names(term: str) -> list[str]:
        return [customer.name for customer in client.get(URL, {"q": term}).context["found"]]

    return names


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("no", ["Nora Novák", "Arno Noll"]),
        ("novak", ["Nora Novák"]),
        ("NOVÁK n", ["Nora Novák"]),
        ("ll", ["Arno Noll"]),
        ("0142", ["Arno Noll"]),
        ("555 01", ["Arno Noll", "Nora Novák"]),
        ("noll@", ["Arno Noll"]),
        ("rowing", ["Nora Novák"]),
        ("nvoak", []),
        ("nora novka", ["Nora Novák"]),
        ("zzz", []),
        ("n", []),
        ("%_", []),
        ("\u0301\u0301", []),  # marks without a letter
        ("x" * 5000, []),
    ],
)
def test_found(ask: Any, term: str, found: list[str]) -> None:
    make.make_customer("Nora Novák", phone="+1 312 555 0100", account="Rowing Club")
    make.make_customer("Arno Noll", phone="+1 312 555 0142", email="noll@example.org")
    assert sorted(ask(term)) == sorted(found)


def test_names_that_begin_so_come_first(ask: Any) -> None:
    for name in ("Dana Abel", "Abel Dorn", "Aaron Abel"):
        make.make_customer(name, phone="")
    assert ask("abel") == ["Abel Dorn", "Aaron Abel", "Dana Abel"]


def test_each_hit_tells_them_apart(cast: make.Cast, sign_in: Any) -> None:
    customer = make.make_customer("Nora Novak", account="Rowing <Club>")
    make.make_incident(cast.desk, customer=customer)
    make.make_incident(cast.outsider, customer=customer)
    make.make_incident(cast.manager, customer=customer, category="safety")
    html = sign_in(cast.desk).get(URL, {"q": "nora"}).content.decode()
    assert f'<li role="option" data-value="{customer.pk}" data-label="Nora Novak">' in html
    assert "Rowing &lt;Club&gt; · phone …0100 · 1 open" in html
    assert "<html" not in html


def test_a_number_that_is_wrong_tells_nobody_apart(cast: make.Cast, sign_in: Any) -> None:
    customer = make.make_customer("Nora Novak", phone="+1 312 555 0100")
    newer: dict[str, Any] = {"customer": customer, "kind": "phone", "value": "+1 312 555 0142", "country": "US"}
    wrong = customers.add_contact(**newer, now=make.NOW)
    assert "phone …0142" in sign_in(cast.desk).get(URL, {"q": "nora"}).content.decode()
    customers.mark_contact(contact_id=wrong.pk, is_wrong=True, now=make.NOW)
    assert "phone …0100" in sign_in(cast.desk).get(URL, {"q": "nora"}).content.decode()


def test_reads_only(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).post(URL).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    client = sign_in(cast.desk)
    for number in range(count):
        customer = make.make_customer(f"Nora {number}", account=f"Club {number}")
        make.make_incident(cast.desk, customer=customer)
    with django_assert_max_num_queries(8):
        client.get(URL, {"q": "nora"})
