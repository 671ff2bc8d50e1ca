"""What keeps happening: late deliveries that became more, a room that is never right, a boiler that hit several."""

from __future__ import annotations

from incidents.actions import causes, noticed
from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import At, Scene, Story
from incidents.demo.steps import Everyday, as_stories, called, gave, sorry
from incidents.models import Incident, RootCause
from incidents.vocabulary import Outcome

ORDERS: tuple[tuple[int, str, str, str], ...] = (
    (-24, "farid", "The toner came two days after the day we gave him.", "AL 3391"),
    (-20, "ben", "Stood in the shop on Saturday for an order that was not there.", "AL 3402"),
    (-17, "owen", "His folders came after the fair they were for.", "AL 3418"),
    (-13, "ines", "Thirty of the forty notebooks, and those a day late.", "AL 3427"),
    (-10, "farid", "Waited at home for the van. It came the next morning.", "AL 3440"),
    (-6, "ben", "Two of three boxes, the third without a word.", "AL 3455"),
)


def late(days: int, customer: str, what: str, order: str) -> Everyday:
    return Everyday(
        SHOP, (days, "10:10"), "wen", "late", what, customer,
        {"told_by": "phone", "field_values": {"order_ref": order}},
        (
            sorry((days, "10:12"), "wen", "phone"),
            gave((days, "15:30"), "wen", "personal_delivery", "Brought round the same day", minutes=35),
            called((days + 2, "11:20"), "wen", Outcome.SATISFIED),
        ),
    )  # fmt: skip


def room_214(days: int, customer: str, fault: str) -> Everyday:
    return Everyday(
        HOTEL, (days, "08:20"), "priya", "room", f"{fault}.", customer,
        {"field_values": {"place": "Room 214", "fault": fault}},
        (
            sorry((days, "08:22"), "priya"),
            gave((days, "09:10"), "priya", "put_right", "Seen to by the caretaker", minutes=25),
            called((days + 2, "09:30"), "desk", Outcome.SATISFIED),
        ),
    )  # fmt: skip


ROWS = (
    *(late(*order) for order in ORDERS),
    room_214(-19, "lena", "Cold water in the shower"),
    room_214(-15, "nadia", "Lukewarm water, and little of it"),
)
ALL_WELL: At = (-4, "10:40")


def why_it_was_late(scene: Scene) -> Story:
    """The shop's manager has looked at three of them."""
    yield scene.at((-5, "16:40"), SHOP)
    supplier = RootCause.objects.get(key="supplier")
    orders = [order.replace(" ", "") for _days, _who, _what, order in ORDERS[1:4]]
    for incident in Incident.objects.filter(order_reference__in=orders).order_by("pk"):
        causes.set_cause(incident_id=incident.pk, root_cause=supplier, by=scene.people["sam"], now=scene.now)


def boiler(scene: Scene) -> Story:
    """One guest complained; three more had the same cold shower and said nothing."""
    yield scene.at((-6, "07:15"), HOTEL)
    words = "No hot water on the third floor until nine: the boiler had switched itself off."
    first = scene.log(
        by="desk", where=HOTEL, category="room", customer="theo", what_happened=words, place="Third floor"
    )
    yield scene.at((-6, "09:20"), HOTEL)
    others = noticed.log_others(
        incident_id=first.pk,
        customers=[scene.customers["george"], scene.customers["yuki"]],
        hints=["Couple in 318, both with red suitcases"],
        what_happened=words,
        by=scene.people["desk"],
        now=scene.now,
        submit_key=scene.key(),
    )
    yield scene.at((-6, "09:30"), HOTEL)
    for incident in (first, *others.logged):
        scene.apologize(incident, by="desk")
        scene.give(incident, by="desk", kind="free_item", what="Breakfast on the house", actual_amount="18.00",
                   is_delivered=True)  # fmt: skip
    yield scene.at(ALL_WELL, HOTEL)
    for incident in (first, *others.logged):
        if incident.customer is not None:
            scene.call(incident, by="desk", outcome=Outcome.SATISFIED)
        else:
            scene.close(incident, by="desk", reason="no_contact_known", note="They left without a name.")


RECURRING = (*as_stories(ROWS), why_it_was_late, boiler)
