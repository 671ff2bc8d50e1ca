"""A quiet box: what the chosen customer already has open."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make

URL = "/incidents/new/open/"


def test_names_what_is_open_here_and_nothing_else(cast: make.Cast, sign_in: Any) -> None:
    mine = make.make_incident(cast.desk)
    foreign = make.make_incident(cast.outsider, customer=mine.customer)
    secret = make.make_incident(cast.manager, customer=mine.customer, category="safety")
    html = sign_in(cast.desk).get(URL, {"customer": mine.customer_id}).content.decode()
    assert mine.reference in html
    assert "Already has 1 open" in html
    assert foreign.reference not in html
    assert secret.reference not in html


@pytest.mark.parametrize("sent", ["", "0", "nonsense", "9" * 30])
def test_nobody_chosen_is_empty(cast: make.Cast, sign_in: Any, sent: str) -> None:
    answer = sign_in(cast.desk).get(URL, {"customer": sent})
    assert answer.status_code == 200
    assert not answer.content.strip()


def test_reads_only(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).post(URL).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_max_num_queries: Any) -> None:
    client, customer = sign_in(cast.desk), make.make_customer()
    for key in ("room", "late", "price")[:count]:
        make.make_incident(cast.desk, customer=customer, category=key)
    with django_assert_max_num_queries(8):
        client.get(URL, {"customer": customer.pk})
