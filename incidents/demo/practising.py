"""Stories that the demo's people practise on: one that was talked about, one that waits for a third answer, a draft."""

from __future__ import annotations

from incidents.actions import practice
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import Scene, Story

ASKED = "The guest is in front of you. What do you say, and what do you do?"
SOLD_OUT = (
    "It is eleven at night and raining. A regular guest puts down a confirmation for three nights; we are sold out. "
    "At first we cannot even find the booking. Behind the guest stand four others with their keys to get."
)
SOLD_OUT_ENDED = (
    "The desk apologized at once and did not look for whose fault it was, rang another hotel while the guest sat down, "
    "paid for that room and for the taxi, and rang there before breakfast. The guest came back for the third night."
)
SAID = (
    "I would say sorry first, and only then look for the booking. Being searched for feels like not being believed.",
    "Ask a colleague to take the queue. Nobody can do this well with four people listening.",
    "Ring another hotel myself, with the guest sitting down with something warm. Not: here is the address.",
    "Pay for the taxi without asking anybody. It costs less than the guest.",
    "I would be honest that we sold more rooms than we have.",
)
WRONG_BOX = (
    "A customer rings: the third delivery in a row has one wrong box in it. It is five to six, the van is out, and the "
    "person who packs has gone home. “Does anybody there read what I order?”"
)
WRONG_BOX_ENDED = (
    "We read the order back on the phone, brought the right box round the same evening, and the packer rang the next "
    "morning. Since then a second person ticks the list before the box is closed."
)


def sold_out(scene: Scene) -> Story:
    """Talked about in a meeting: what the group would do next time stands in the playbook."""
    yield scene.at((-9, "15:00"), HOTEL)
    told = practice.make_scenario(
        incident=None,
        location=scene.places[HOTEL],
        category=scene.categories["reservation"],
        title="No room at eleven at night",
        story=SOLD_OUT,
        question=ASKED,
        ending=SOLD_OUT_ENDED,
        by=scene.people["manager"],
        now=scene.now,
        submit_key=scene.key(),
    )
    practice.publish(scenario_id=told.pk, by=scene.people["manager"], now=scene.now)
    for words in SAID:
        practice.answer(scenario_id=told.pk, words=words)
    yield scene.at((-2, "09:40"), HOTEL)
    best = "Say sorry before you look for the booking, and let a colleague take the queue."
    by, now = scene.people["manager"], scene.now
    practice.keep_best(scenario_id=told.pk, words=best, is_everywhere=False, by=by, now=now)
    practice.close(scenario_id=told.pk, by=by, now=now)


def wrong_box(scene: Scene) -> Story:
    """Two have answered: the third opens the ending."""
    yield scene.at((-3, "17:00"), SHOP)
    asked = practice.make_scenario(
        incident=None,
        location=scene.places[SHOP],
        category=scene.categories["wrong_item"],
        title="One wrong box, again",
        story=WRONG_BOX,
        question="It is your phone that rings. What do you say, and what do you do before six?",
        ending=WRONG_BOX_ENDED,
        by=scene.people["sam"],
        now=scene.now,
        submit_key=scene.key(),
    )
    practice.publish(scenario_id=asked.pk, by=scene.people["sam"], now=scene.now)
    practice.answer(scenario_id=asked.pk, words="Read the order back to them, line by line, so they hear that we do.")
    practice.answer(scenario_id=asked.pk, words="Take it there myself on the way home.")


def cold_breakfast(scene: Scene) -> Story:
    """Not out yet."""
    yield scene.at((-1, "11:20"), HOTEL)
    practice.make_scenario(
        incident=None,
        location=scene.places[HOTEL],
        category=scene.categories["waiting"],
        title="The breakfast that came twice, both times cold",
        story="Breakfast on the room, ordered for seven because of an early train. It comes at twenty past, cold. The "
        "second one comes at twenty to eight, cold as well, and the train leaves at eight.",
        question="You carried the second tray up. The door opens. What now?",
        ending="A taxi at our expense, a paper bag for the train, and an apology that did not name the kitchen.",
        by=scene.people["manager"],
        now=scene.now,
        submit_key=scene.key(),
    )


PRACTISING = (sold_out, wrong_box, cold_breakfast)
