"""A quiet box: what is known of the chosen customer and of the order they name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from incidents.models import Account, Customer, Incident
from tests import make

URL = "/incidents/new/open/"


def given(by: Any, customer: Customer | None, amount: str = "20", **over: Any) -> Incident:
    """Logged by `by` a month ago, and a refund handed over then."""
    then = timezone.now() - dt.timedelta(days=30)
    incident = make.make_incident(by, customer=customer, now=then, **over)
    make.give(incident, by, "refund", actual_amount=amount, now=then)
    return incident


def ask(client: Any, **sent: Any) -> str:
    answer = client.get(URL, sent)
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html


def test_names_what_is_open_here_and_nothing_else(cast: make.Cast, sign_in: Any) -> None:
    mine = make.make_incident(cast.desk)
    foreign = make.make_incident(cast.outsider, customer=mine.customer)
    secret = make.make_incident(cast.manager, customer=mine.customer, category="safety")
    html = ask(sign_in(cast.desk), customer=mine.customer_id)
    assert mine.reference in html
    assert "Already has 1 open" in html
    assert foreign.reference not in html
    assert secret.reference not in html


def test_given_before_with_amount_day_and_place(cast: make.Cast, sign_in: Any) -> None:
    mine = given(cast.desk, make.make_customer())
    given(cast.outsider, mine.customer, "35")
    html = ask(sign_in(cast.desk), customer=mine.customer_id)
    assert "Given to them before" in html
    assert "20.00 USD" in html
    assert "35.00 USD" in html
    assert "Paper Shop" in html
    assert html.count("/incidents/R-") == 2  # open here, and given here: the other place's is no link


def test_of_other_places_only_amount_day_and_place(cast: make.Cast, sign_in: Any) -> None:
    mine, colleague = (make.make_customer(name, account="Rowing Club") for name in ("Nora Novak", "Paula President"))
    make.give(given(cast.outsider, mine), cast.outsider, "free_item", now=timezone.now())
    given(cast.outsider, colleague, "35")
    html = ask(sign_in(cast.desk), customer=mine.pk)
    for told in ("20.00", "35.00", "Paper Shop"):
        assert told in html
    for kept in ("refund", "Free item", "Paula"):
        assert kept not in html
    assert html.count("Paper Shop") == 2  # where no money was given there is nothing to tell
    html = ask(sign_in(cast.outsider), customer=mine.pk)
    for told in ("refund", "Free item", "Paula"):
        assert told in html


def test_restricted_ones_are_never_counted_as_given(cast: make.Cast, sign_in: Any) -> None:
    customer = make.make_customer()
    given(cast.manager, customer, "77", category="safety")
    given(cast.outsider, customer, "88", category="safety")
    for who in (cast.desk, cast.manager, cast.owner):
        html = ask(sign_in(who), customer=customer.pk)
        assert "77.00" not in html
        assert "88.00" not in html


def test_a_person_concerned_hears_nothing_of_it(cast: make.Cast, sign_in: Any) -> None:
    about = make.make_incident(cast.owner, category="safety")
    about.concerned.add(cast.manager)
    make.give(about, cast.owner, "refund", actual_amount="66")
    html = ask(sign_in(cast.manager), customer=about.customer_id)
    assert about.reference not in html
    assert "66.00" not in html


def test_what_was_given_to_their_account(cast: make.Cast, sign_in: Any) -> None:
    first = make.make_customer("Nora Novak", account="Rowing Club")
    second = make.make_customer("Ada Stone", account="Rowing Club", phone="")
    given(cast.desk, first)
    html = ask(sign_in(cast.desk), customer=second.pk)
    assert "20.00 USD" in html
    assert "to Nora Novak" in html


def test_the_same_order_however_it_is_written(cast: make.Cast, sign_in: Any) -> None:
    old = given(cast.desk, make.make_customer(), category="late", field_values={"order_ref": "ab 12-34"})
    other = make.make_customer("Ada Stone", phone="")
    client = sign_in(cast.desk)
    assert not ask(client, customer=other.pk).strip()
    html = ask(client, customer=other.pk, value_order_ref="AB1234")
    assert "for this order" in html
    assert "to Nora Novak" in html
    assert f"Add to {old.reference}" in html
    assert "The same order, told by Nora Novak" in html
    assert "for this order" in ask(client, value_order_ref="ab-1234")


def test_an_order_of_a_restricted_one_or_of_another_place_is_not_told(cast: make.Cast, sign_in: Any) -> None:
    make.make_incident(cast.outsider, category="late", field_values={"order_ref": "AB1234"})
    hidden = make.make_incident(cast.desk, category="late", field_values={"order_ref": "AB1234"})
    Incident.objects.filter(pk=hidden.pk).update(is_restricted=True)
    assert not ask(sign_in(cast.colleague), value_order_ref="AB1234").strip()


@pytest.mark.parametrize(
    ("kind", "amount", "is_told"),
    [("put_right", None, False), ("redo", None, False), ("gift_card", None, True), ("redo", "12", True)],
)
def test_what_counts_as_given(cast: make.Cast, sign_in: Any, kind: str, amount: str | None, *, is_told: bool) -> None:
    incident = make.make_incident(cast.desk, now=timezone.now())
    make.give(incident, cast.desk, kind, actual_amount=amount, now=timezone.now())
    assert ("Given to them before" in ask(sign_in(cast.desk), customer=incident.customer_id)) is is_told


def test_a_mistake_in_logging_gave_nothing_and_long_ago_is_over(cast: make.Cast, sign_in: Any) -> None:
    customer = make.make_customer()
    make.close(given(cast.desk, customer), cast.manager, "void", now=timezone.now())
    given(cast.desk, customer, "31", field_values={})
    long_ago = timezone.now() - dt.timedelta(days=400)
    make.give(
        make.make_incident(cast.desk, customer=customer, now=long_ago),
        cast.desk,
        "refund",
        actual_amount="44",
        now=long_ago,
    )
    html = ask(sign_in(cast.desk), customer=customer.pk)
    assert "31.00" in html
    assert "20.00" not in html
    assert "44.00" not in html


def test_a_key_account_says_so_and_who_looks_after_it(cast: make.Cast, sign_in: Any) -> None:
    customer = make.make_customer(account="Rowing Club")
    client = sign_in(cast.desk)
    assert not ask(client, customer=customer.pk).strip()
    Account.objects.update(is_key=True, note="Rosa looks after them.")
    html = ask(client, customer=customer.pk)
    assert "Rowing Club is a key account" in html
    assert "Rosa looks after them." in html


@pytest.mark.parametrize("sent", ["", "0", "nonsense", "9" * 30])
def test_nobody_chosen_is_empty(cast: make.Cast, sign_in: Any, sent: str) -> None:
    assert not ask(sign_in(cast.desk), customer=sent, value_order_ref=" -- ").strip()


def test_reads_only(cast: make.Cast, sign_in: Any) -> None:
    assert sign_in(cast.desk).post(URL).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_statements(cast: make.Cast, sign_in: Any, count: int, django_assert_num_queries: Any) -> None:
    """Session, user, places; then the customer and two more."""
    client, customer = sign_in(cast.desk), make.make_customer(account="Rowing Club")
    for key in ("late", "room", "price")[:count]:
        given(cast.desk, customer, category=key)
        given(cast.outsider, customer, category=key)
    with django_assert_num_queries(6):
        client.get(URL, {"customer": customer.pk, "value_order_ref": "A 17"})
