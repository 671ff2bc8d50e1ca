"""The demo's playbooks and limits: what its people have learned to say and do, and what they give without asking."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from incidents.access import Role
from incidents.actions.catalogue.settings import save_limits, save_playbook
from incidents.models import Category, Location, RemedyType, Staff
from incidents.models.stamps import stamp_of_limits, stamp_of_playbook

HOTEL, SHOP, BOTH = "hotel", "shop", ""


class Page(NamedTuple):
    """One page of the playbook; `usual` are remedies with what may be given without asking, if anything."""

    category: str
    where: str
    words: str
    steps: tuple[str, ...]
    usual: tuple[tuple[str, str], ...]


PAGES = (
    Page(
        "reservation",
        HOTEL,
        "You did everything right, and we do not have your room. I am finding you one now, and we pay for it.",
        (
            "Offer a chair and something to drink first. Nobody should hear this standing at the desk.",
            "Ring the Marlow and the Old Mill before you offer anything: never promise a room you have not got.",
            "Pay for the taxi, and tell the other desk the guest is coming.",
            "Ask until when we may call them there tomorrow.",
        ),
        (("alternative", "260"), ("fee_waived", ""), ("upgrade", "")),
    ),
    Page(
        "room",
        HOTEL,
        "You should have had a room where everything works. May I show you another one, or shall we repair it now?",
        ("Go and look yourself before you say how long it takes.", "Offer another room before you are asked."),
        (("redo", ""), ("upgrade", ""), ("free_item", "")),
    ),
    Page(
        "waiting",
        BOTH,
        "You have waited far too long, and nobody came to tell you. I am staying with this until it is done.",
        ("Say how much longer, in minutes, and be back before they are over.",),
        (("free_item", ""),),
    ),
    Page(
        "late",
        SHOP,
        "You needed it on the day we said. It was not there, and that cost you. I am bringing it myself.",
        (
            "Find out where the parcel is before you ring back, not while they wait.",
            "Bring it to their door the same day when it is within ten miles.",
            "Ask what they could not do without it, and write it down.",
        ),
        (("personal_delivery", ""), ("bill_credit", "40"), ("gift_card", "")),
    ),
    Page(
        "wrong_item",
        SHOP,
        "We packed the wrong thing. The right one is on its way, and you need not send anything back.",
        ("Read the order aloud while you pack the new one.",),
        (("redo", ""), ("gift_card", "")),
    ),
    Page(
        "price",
        BOTH,
        "We charged you more than we said. You get the difference back today, without filling in anything.",
        ("Pay the difference before you look for the reason.",),
        (("refund", "50"),),
    ),
)
TYPICAL = {
    "gift_card": "25.00",
    "free_item": "12.00",
    "upgrade": "60.00",
    "bill_credit": "30.00",
    "alternative": "190.00",
}
# Where, who, which remedy (none: any), up to how much in one incident.
LIMITS = (
    (BOTH, Role.FRONT_DESK, "", "50"),
    (BOTH, Role.FRONT_DESK, "gift_card", "25"),
    (BOTH, Role.MANAGER, "", "400"),
    (HOTEL, Role.FRONT_DESK, "", "120"),
)


def set_limits(places: dict[str, Location], *, by: Staff, now: dt.datetime) -> None:
    """What is given without asking: more at the hotel, where nobody can wait till morning."""
    types = dict(RemedyType.objects.values_list("key", "pk"))
    for where in (BOTH, HOTEL):
        place = places.get(where)
        save_limits(
            location=place,
            expected=stamp_of_limits(place.pk if place else None),
            cells={(role, types.get(kind)): Decimal(most) for at, role, kind, most in LIMITS if at == where},
            by=by,
            now=now,
        )


def write_playbooks(places: dict[str, Location], *, by: Staff, now: dt.datetime) -> None:
    """As somebody of the business would, in its first weeks."""
    categories = dict(Category.objects.values_list("key", "pk"))
    types = {kind.key: kind for kind in RemedyType.objects.all()}
    for key, amount in TYPICAL.items():
        types[key].typical_amount = Decimal(amount)
        types[key].save(update_fields=["typical_amount"])
    for page in PAGES:
        save_playbook(
            category_id=categories[page.category],
            location=places.get(page.where),
            expected=stamp_of_playbook(None),
            words=page.words,
            steps=page.steps,
            remedies={types[key].pk: Decimal(up_to) if up_to else None for key, up_to in page.usual},
            by=by,
            now=now,
        )
