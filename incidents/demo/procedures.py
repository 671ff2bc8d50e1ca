"""How the demo's people do things: written, changed and read; one to be looked at, one still to be written."""

from __future__ import annotations

from typing import Any

from incidents.actions import procedures
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import Scene, Story
from incidents.models import Procedure

ORDERS = (
    "Write while they speak, and say every line back before you hang up.\n"
    "The number on the folder is the number on the order: nothing else tells two customers of one name apart."
)
ORDERS_NOW = (
    "Write while they speak, and say every line back before you hang up.\n"
    "The number on the folder is the number on the order: nothing else tells two customers of one name apart.\n"
    "Who files it is not who took it. Two pairs of eyes cost a minute."
)
ARRIVALS = (
    "Look at the arrivals twice a day against the rooms we really have.\n"
    "When we are one short, ring the other hotel before the guest is here, not after."
)
GREETING = "Look up, say good morning, use the name when you know it. The telephone can ring four times."


def _write(scene: Scene, title: str, where: str, by: str, kinds: list[str], **fields: Any) -> Procedure:
    """At all places when `where` is empty."""
    return procedures.make_procedure(
        title=title,
        location=scene.places[where] if where else None,
        responsible=scene.people[by],
        categories=[scene.categories[key] for key in kinds],
        by=scene.people[by],
        now=scene.now,
        submit_key=scene.key(),
        **{"review_every_days": 365} | fields,
    )


def _read(scene: Scene, procedure: Procedure, number: int, *names: str) -> None:
    for name in names:
        procedures.say_read(procedure_id=procedure.pk, number=number, by=scene.people[name], now=scene.now)


def orders(scene: Scene) -> Story:
    """Written in spring, changed after a folder was misfiled."""
    yield scene.at((-120, "09:30"), SHOP)
    steps = "Write the number on the folder\nSay the order back\nFile it under the number"
    procedure = _write(
        scene, "Taking an order on the phone", SHOP, "sam", ["misfiled", "wrong_item"], words=ORDERS, steps=steps
    )
    _read(scene, procedure, 1, "wen")
    yield scene.at((-6, "17:10"), SHOP)
    procedure.refresh_from_db()
    procedures.write_version(
        procedure_id=procedure.pk,
        expected_version=procedure.version,
        words=ORDERS_NOW,
        steps="Write the number on the folder\nSay the whole order back\nHave somebody else file it",
        why="A folder stood under another customer's name for three days.",
        by=scene.people["sam"],
        now=scene.now,
    )


def arrivals(scene: Scene) -> Story:
    """Nobody has looked at it for a quarter of a year."""
    yield scene.at((-95, "15:00"), HOTEL)
    steps = "Count arrivals against free rooms at noon\nCount again at six\nRing the other hotel when we are short"
    procedure = _write(
        scene,
        "When we may be full",
        HOTEL,
        "manager",
        ["reservation"],
        words=ARRIVALS,
        steps=steps,
        review_every_days=90,
    )
    _read(scene, procedure, 1, "desk")


def greeting(scene: Scene) -> Story:
    """For all places; and a routine that was only typed when a step of it was missed."""
    yield scene.at((-30, "11:00"), HOTEL)
    _write(scene, "Saying good morning", "", "admin", ["basics"], words=GREETING, steps="Look up\nSay good morning")
    yield scene.at((-8, "10:20"), HOTEL)
    for words in ("Two bath towels for each guest", "Water in the room"):
        procedures.type_step(
            category=scene.categories["room"],
            location=scene.places[HOTEL],
            words=words,
            by=scene.people["desk"],
            now=scene.now,
        )


PROCEDURES = (orders, arrivals, greeting)
