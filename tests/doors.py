"""The doors of the app, read by tests/test_restricted_doors.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from incidents.models import Customer, Incident, Staff
from tests import make
from tests.make import Cast

WORD = "Quetzalcoatl"  # stands in the story of the hidden one and nowhere else
ORDER = "HX-4471-Q"


@dataclass
class House:
    """Plain recoveries beside which the hidden ones are logged: one open, one ended, with all that hangs on one."""

    cast: Cast
    people: dict[str, Staff]
    customer: Customer
    plain: Incident
    before: dict[tuple[str, str], str] = field(default_factory=dict)
    hidden: list[Incident] = field(default_factory=list)

    def text(self, door: Door, who: str) -> str:
        client = Client(raise_request_exception=False)  # a door that breaks fails by itself, and no other
        make.let_in(client, self.people[who])
        answer: Any = door.ask(client, self)
        content = answer.getvalue() if answer.streaming else answer.content
        return f"{answer.status_code}\n{plainly(content.decode(errors='replace'))}"


# What is another at each request, whatever is shown.
_RANDOM = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "KEY"),
    (
        re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: ?&quot;|X-CSRFToken": ?")"?[A-Za-z0-9]{64}'),
        "TOKEN",
    ),
    (re.compile(r"\b[A-Za-z0-9]{64}\b"), "TOKEN"),
    (re.compile(r'nonce="[^"]+"'), "NONCE"),
    (re.compile(r"Recovery, made [^<]+"), "MADE"),  # at the foot of a print, by the wall clock
)


def plainly(text: str) -> str:
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    return text


Ask = Callable[[Client, House], Any]


@dataclass(frozen=True)
class Door:
    """`is_said`: somebody who may know reads of it here. Where nobody does (what is only asked back) it is not."""

    name: str
    ask: Ask
    is_said: bool = True


def page(name: str, *args: object, **query: str) -> Ask:
    return lambda client, house: client.get(reverse(name, args=args), query)


def by_script(name: str, **query: str) -> Ask:
    return lambda client, house: client.get(reverse(name), query, headers={"HX-Request": "true"})


def of_customer(name: str, **query: str) -> Ask:
    """A page of the customer, or one that names them in its address."""

    def ask(client: Client, house: House) -> Any:
        pk = str(house.customer.pk)
        if "CUSTOMER" not in query.values():
            return client.get(reverse(name, args=[pk]), query)
        return client.get(reverse(name), {key: value.replace("CUSTOMER", pk) for key, value in query.items()})

    return ask


def of_account(client: Client, house: House) -> Any:
    return client.get(reverse("account-show", args=[house.customer.account_id]))


def of_plain(name: str, *args: object) -> Ask:
    """A page of the plain one, to which the hidden one is much alike."""
    return lambda client, house: client.get(reverse(name, args=[house.plain.reference, *args]))


def as_file(**query: str) -> Ask:
    sent = {"form": "csv", "submit_key": uuid4()}
    return lambda client, house: client.post(f"{reverse('export')}?{urlencode(query)}", sent)


LIST, BOARD = partial(page, "incident-list"), partial(page, "board")
DOORS = (
    Door("home", page("home")),
    *(Door(f"list, {view}", LIST(view=view)) for view in ("all", "late", "unhappy", "closed")),
    Door("list, mine", LIST(view="mine"), is_said=False),
    Door("list, critical", LIST(view="all", severity="critical")),
    Door("list, its category", LIST(view="all", category="safety")),
    Door("list, its word", LIST(view="all", q=WORD)),
    Door("list, its order", LIST(view="all", q=ORDER)),
    Door("list, its customer", LIST(view="all", q="Hidalgo")),
    Door("list, its reference", LIST(view="all", q="R-20")),
    Door("list, calls today", LIST(view="all", call="today")),
    Door("list, lacks a call", LIST(view="all", lacks="call"), is_said=False),
    Door("list, waits for a receipt", LIST(view="all", lacks="receipt")),
    Door("list, waits for a yes", LIST(view="all", lacks="approval")),
    Door("list, second try", LIST(view="all", round="2")),
    Door("list, for the meeting", LIST(view="all", review="to_review")),
    Door("list, key accounts", LIST(view="all", key="1")),
    Door("list, reported today", LIST(view="all", reported="7")),
    Door("board", BOARD()),
    Door("board, its word", BOARD(q=WORD)),
    Door("table", page("board", **{"as": "table"})),
    Door("search, its word", page("search-everywhere", q=WORD)),
    Door("search, a slip in its word", page("search-everywhere", q="Quetzalcoatk"), is_said=False),
    Door("search, its order", page("search-everywhere", q=ORDER)),
    Door("search, its customer", page("search-everywhere", q="Hidalgo")),
    Door(
        "palette, its word",
        lambda c, h: c.get(reverse("search-everywhere"), {"q": WORD}, headers={"HX-Request": "true"}),
    ),
    Door("typeahead", page("customer-suggest", q="Hidalgo")),
    Door("customers", page("customer-list", q="Hidalgo")),
    Door("customer", of_customer("customer-show")),
    Door("accounts", page("account-list")),
    Door("account", of_account),
    Door("log, already open", of_customer("log-open", customer="CUSTOMER")),
    Door("log, hints", of_customer("log-new", customer="CUSTOMER")),
    Door("calls", page("call-list", who="all")),
    Door("messages unanswered", page("call-unanswered"), is_said=False),
    Door("notices", page("notice-list")),
    Door("bell", page("notice-bell")),
    Door("approvals", page("approval-list")),
    Door("who has what", page("open-work")),
    Door("patterns", page("pattern-list")),
    Door("reminders", page("delivery-list")),
    Door("jobs", page("job-list"), is_said=False),
    Door("saved views", page("view-list")),
    Door("many at once", page("bulk")),
    Door("many at once, its word", page("bulk", q=WORD)),
    Door("export, what it would hold", page("export")),
    Door("export, recoveries", as_file()),
    Door("export, its word", as_file(q=WORD)),
    Door("export, calls", as_file(of="calls")),
    Door("export, customers", as_file(of="customers")),
    Door("a plain one", of_plain("recover-show")),
    Door("a plain one, cases alike", of_plain("recover-part", "alike"), is_said=False),
    Door("a plain one, what was given in such cases", of_plain("recover-part", "remedy"), is_said=False),
    Door("a plain one, to whom it goes", of_plain("recover-part", "hand_over"), is_said=False),
    Door("catalogue", page("catalogue"), is_said=False),
    Door("permissions", page("permissions"), is_said=False),
)
