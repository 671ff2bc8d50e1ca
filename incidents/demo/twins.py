"""Customers entered twice, one pair put together already, a key account: what a year of busy desks leaves behind."""

from __future__ import annotations

from typing import Any, NamedTuple

from incidents.actions import accounts, customers, merges
from incidents.demo.cast import HOTEL, LIBRARIANS
from incidents.demo.scene import At, Scene, Story
from incidents.demo.steps import Everyday, as_stories, called, gave, sorry
from incidents.models import Account
from incidents.vocabulary import Outcome


class Twin(NamedTuple):
    """As another desk wrote them down."""

    at: At
    facts: dict[str, Any]


MARTA = {"name": "Marta Lindquist", "phone": "(212) 555-0110", "address": "12 Harbor Lane, Apt 4, New York 10004"}
TOMAS = {"name": "Aldana, Tomás", "email": "Tomas@brightwater.example", "account": "Brightwater Dental"}
GEORGE = {"name": "G. Whitcombe", "phone": "917-555-0117", "email": "george.whitcombe@mail.example"}
YUKI = {"name": "Tanabe Yuki", "phone": "646 555 0118", "address": "88 Orchard Street, New York 10002"}
TWINS = (
    Twin((-9, "11:20"), MARTA),
    Twin((-7, "10:05"), YUKI),
    Twin((-6, "16:45"), TOMAS),
    Twin((-4, "09:30"), GEORGE),
)


LEARNED_OF: dict[str, dict[str, Any]] = {
    "elliot": {"loyalty_number": "FA 204-17", "address": "3 Mercer Court, Hoboken 07030"},
    "celeste": {"language": "French", "loyalty_number": "FA 198-02"},
    "ines": {"language": "Portuguese"},
}


def entered_twice(scene: Scene) -> Story:
    """Found while they were typed; nobody has looked yet. One pair was put together, and can still be taken apart."""
    for twin in TWINS:
        yield scene.at(twin.at, HOTEL)
        added = customers.add_customer(now=scene.now, **twin.facts)
        scene.customers[twin.facts["name"]] = added
    yield scene.at((-3, "08:40"), HOTEL)
    merges.merge_customers(
        kept_id=scene.customers["yuki"].pk,
        dropped_id=scene.customers[YUKI["name"]].pk,
        submit_key=scene.key(),
        by=scene.people["manager"],
        now=scene.now,
    )


def who_they_are(scene: Scene) -> Story:
    """What the desks have learned of some, and the account that everybody should treat with care."""
    yield scene.at((-5, "17:00"), HOTEL)
    for key, facts in LEARNED_OF.items():
        customers.change_customer(customer_id=scene.customers[key].pk, now=scene.now, by=scene.people["desk"], **facts)
    yield scene.at((-1, "12:00"), HOTEL)
    account = Account.objects.get(name=LIBRARIANS)
    by = scene.people["manager"]
    accounts.mark_key_account(account_id=account.pk, is_key=True, by=by, now=scene.now)
    account.refresh_from_db()
    accounts.change_account(
        account_id=account.pk,
        name=account.name,
        note="Marcus Bellamy looks after them. The autumn meeting is forty rooms: ask him before promising anything.",
        expected_version=account.version,
        by=by,
        now=scene.now,
    )


# The president of the librarians was won back; their coordinator is not happy.
WON_BACK = Everyday(
    HOTEL, (-24, "10:05"), "desk", "waiting", "Stood at the desk for twenty minutes while two of us searched a key.",
    "ruth", {},
    (
        sorry((-24, "10:06"), "desk"),
        gave((-24, "10:20"), "desk", "free_item", "Coffee and cake for the six of them", actual_amount="28.00"),
        called((-20, "11:00"), "desk", Outcome.DELIGHTED),
    ),
)  # fmt: skip

LEARNED = (entered_twice, who_they_are, *as_stories((WON_BACK,)))
