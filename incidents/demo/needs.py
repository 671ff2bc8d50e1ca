"""What waits for a manager in the morning, beside what the stories leave: of every kind one."""

from __future__ import annotations

from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.scene import Scene, Story
from incidents.demo.steps import Everyday, Step, as_stories, back_to_them, called, gave, offered, passed_on, sorry
from incidents.models import Reminder, ReminderKind, ReminderState
from incidents.vocabulary import Outcome, Severity

ROWS = (
    Everyday(
        SHOP, (-12, "10:15"), "wen", "wrong_item", "Two boxes of window envelopes came without windows.", "",
        {"customer_hint": "Architects on Canal Street", "severity": Severity.MODERATE, "told_by": "phone"},
        (
            sorry((-12, "10:17"), "wen", "phone"),
            gave((-12, "11:00"), "wen", "redo", "Two other boxes, brought the same day", actual_amount="38.00"),
            called((-9, "11:10"), "wen", Outcome.SATISFIED),
            back_to_them((-7, "09:20"), "wen", "contacted_us"),
            sorry((-7, "09:25"), "wen", "phone"),
            gave((-7, "10:00"), "wen", "put_right", "The right boxes fetched from another shop", minutes=40),
            called((-5, "10:30"), "wen", Outcome.SATISFIED),
            back_to_them((-1, "16:10"), "wen", "remedy_failed"),
        ),
    ),
    Everyday(
        HOTEL, (-4, "08:10"), "priya", "waiting", "Nobody came to open the garage, so she took a taxi to her meeting.",
        "", {"customer_hint": "Woman with a blue suitcase, room 305", "severity": Severity.MINOR},
        (
            sorry((-4, "08:12"), "priya"),
            Step((-4, "08:15"), "give", "priya", {"kind": "reimburse", "what": "The taxi to the fair"}),
        ),
    ),
    Everyday(
        HOTEL, 180, "joel", "room", "The heating went out at night and no other room was free.", "",
        {"customer_hint": "Couple from room 217, leaving for the airport", "severity": Severity.MAJOR},
        (
            sorry(178, "joel"),
            offered(
                170, "joel", "refund", "The night without heating", estimated_amount="196.00",
                asks_words="Their taxi leaves in half an hour.",
            ),
            Step(135, "go_ahead", "joel", {"reason": "The taxi was at the door and nobody had answered."}),
        ),
    ),
    Everyday(
        HOTEL, 150, "priya", "safety", "A bill with another guest’s name and card was pushed under his door.", "",
        {"customer_hint": "Man in room 411", "severity": Severity.MAJOR},
        (
            sorry(146, "priya"),
            gave(140, "priya", "correct_record", "The bill taken back and torn up, his own printed anew", minutes=10),
        ),
    ),
    Everyday(
        HOTEL, 70, "joel", "room", "No towels in the room after a long day at the fair.", "",
        {"customer_hint": "Lady in room 322"},
        (
            sorry(69, "joel"),
            passed_on(55, "joel", "priya", "She is at dinner until nine, towels are on their way."),
        ),
    ),
)  # fmt: skip


def nobody_was_reminded(scene: Scene) -> Story:
    """Promised, and kept at last; the reminder in between did not get through."""
    yield scene.at(130, HOTEL)
    incident = scene.log(
        by="joel",
        where=HOTEL,
        category="basics",
        what_happened="Rang for a porter twice, nobody picked up.",
        customer_hint="Lady in room 108",
    )
    scene.apologize(incident, by="joel")
    porter = scene.promise(incident, by="joel", what="A porter at the door within the hour", due_at=scene.at(60, HOTEL))
    yield scene.at(40, HOTEL)
    scene.keep(porter, by="joel")
    rung = Reminder.objects.filter(incident=incident, kind=ReminderKind.PROMISE_DUE, due_at__lt=scene.now)
    newest = rung.order_by("-due_at")[:1].values("pk")
    rung.filter(pk__in=newest).update(state=ReminderState.DEAD, tries=5, last_error="TimeoutError")


NEEDS = (*as_stories(ROWS), nobody_was_reminded)
