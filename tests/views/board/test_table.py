"""The board as a table: any of its orders, page by page, there and back."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.board import table
from incidents.board.register import Filters
from incidents.models import Incident, prepared
from tests import make
from tests.make import HOUR, Cast
from tests.views.board.test_board import order, page

SignIn = Callable[..., Client]


@pytest.mark.parametrize(
    "sort", ["due", "-due", "reported", "-reported", "severity", "customer", "-customer", "-given"]
)
def test_a_table_in_any_order_page_by_page(
    sort: str, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "PAGE", 2)
    names = ["Ada", "Élan", "Ada", "Zoe", "Bo"]
    many = [
        make.make_incident(
            cast.desk, now=make.NOW - n % 3 * HOUR, severity=4 - n % 2, customer=make.make_customer(name)
        )
        for n, name in enumerate(names)
    ]
    many.append(make.make_incident(cast.desk, customer_hint="A man with a hat"))
    for n, incident in enumerate(many[:4]):
        make.give(incident, cast.desk, "gift_card", estimated_amount=Decimal(10 * (n % 2)), is_delivered=False)
    keys: dict[str, Callable[[Incident], Any]] = {
        "due": lambda i: i.next_due_at,
        "reported": lambda i: i.reported_at,
        "severity": lambda i: i.severity,
        "customer": lambda i: i.customer.sort_name if i.customer else "\uffff",
        "given": lambda i: sum(r.amount or 0 for r in i.remedies.all()),
    }
    by = keys[sort.removeprefix("-")]
    everything = Incident.objects.select_related("customer")
    wanted = [i.reference for i in sorted(everything, key=lambda i: (by(i), i.pk), reverse=sort[0] == "-")]
    client, query = sign_in(cast.desk), f"?as=table&sort={sort}"
    seen: list[str] = []
    back: list[str] = []
    while True:
        text = page(client, query)
        seen += order(text, *many)
        further = re.search(r'href="(\?[^"]*after=[^"]*)"', text)
        if not further:
            break
        query = further[1].replace("&amp;", "&")
    assert seen == wanted
    while nearer := re.search(r'href="(\?[^"]*before=[^"]*)"', text):
        text = page(client, nearer[1].replace("&amp;", "&"))
        back = order(text, *many) + back
    assert back == wanted[:4]


def test_in_whatever_order_the_next_page_is_not_called_older(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "PAGE", 1)
    for name in ("Ada", "Bo"):
        make.make_incident(cast.desk, customer=make.make_customer(name))
    text = page(sign_in(cast.desk), "?as=table&sort=customer")
    pager = re.search(r'rel="next"[^>]*>([^<]+)<', text)
    assert pager
    assert pager[1] == "Next"


def test_on_a_phone_each_value_says_what_it_is(cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk)
    text = page(sign_in(cast.desk), "?as=table")
    assert re.findall(r'<td[^>]* data-label="([^"]+)"', text) == ["How bad", "Next step", "Given", "We heard"]


def at(value: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, 5]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "value"), [("customer", "\ud800"), ("given", "1e-20000"), ("given", "1e-500"), ("due", "9" * 300)]
)
def test_a_cursor_that_the_database_cannot_read_begins_anew(sort: str, value: str, cast: Cast, sign_in: SignIn) -> None:
    one = make.make_incident(cast.desk)
    assert one.reference in page(sign_in(cast.desk), f"?as=table&sort={sort}&after={at(value)}")


def test_the_order_does_not_say_what_was_given_where_it_may_not_be_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(table, "PAGE", 1)
    prepared._searches.clear()
    request.addfinalizer(prepared._searches.clear)
    secret, open_one = (make.make_incident(cast.desk) for _ in range(2))
    make.give(secret, cast.manager, "gift_card", estimated_amount=Decimal("77.25"), is_delivered=False)
    make.give(open_one, cast.manager, "gift_card", estimated_amount=Decimal(5), is_delivered=False)
    Incident.objects.filter(pk=secret.pk).update(is_restricted=True, assignee=cast.manager)
    for staff, first in ((cast.desk, open_one), (cast.manager, secret), (cast.owner, secret)):
        found = table.table_of(staff, Filters(), table.Order("given", True), now=timezone.now())
        assert [card.incident for card in found.cards] == [first]
    then = table.table_of(cast.desk, Filters(), table.Order("given", True), now=timezone.now(), after=found.older)
    assert "77.25" not in base64.urlsafe_b64decode(f"{then.newer}==").decode()


@pytest.mark.parametrize("query", ["", "?as=table"])
def test_what_is_restricted_says_so(query: str, cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk)
    hurt = make.make_incident(cast.desk, category="safety")
    Incident.objects.filter(pk=hurt.pk).update(is_restricted=True)
    text = sign_in(cast.manager).get(f"/board/{query}").content.decode()
    assert text.count("Restricted</span>") == 1
    assert text.count("</svg>Restricted</span>") == 1
