"""Recoveries that bend: a question about money, a customer out of reach, one who wants no call, one who came back."""

from __future__ import annotations

from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.steps import (
    Everyday,
    answered,
    as_stories,
    back_to_them,
    called,
    declined,
    gave,
    handed_out,
    instead,
    noted,
    offered,
    sorry,
)
from incidents.vocabulary import Channel, Outcome, Severity

ROWS = (
    Everyday(
        HOTEL, 24, "joel", "room", "Water came through the bathroom ceiling and soaked the suitcase she had packed.",
        "lena",
        {"field_values": {"place": "Room 402", "fault": "Water from above"}},
        (
            sorry(23, "joel"),
            offered(
                11, "joel", "refund", "Last night, and the dry cleaner", estimated_amount="189.00",
                asks_words="She checks out now and would like to hear it from us before she leaves.",
            ),
        ),
    ),
    Everyday(
        SHOP, (-1, "10:40"), "wen", "no_call", "Rang three times about a sofa for his waiting room, and wrote once.",
        "farid",
        {"told_by": "email"},
        (
            sorry((-1, "10:45"), "wen", Channel.EMAIL),
            offered(
                (-1, "10:50"), "wen", "bill_credit", "A tenth off the sofa", estimated_amount="210.00",
                asks_words="He nearly bought it somewhere else.",
            ),
            answered(
                (-1, "11:30"), "sam", is_approved=False,
                reason="He has not said that it cost him anything. Ring him today with a firm date instead.",
            ),
        ),
    ),
    Everyday(
        SHOP, (-5, "10:20"), "wen", "defective", "The new desk lamp smokes when it has burned for an hour.", "owen",
        {"severity": Severity.MAJOR, "told_by": "phone", "field_values": {"item": "Desk lamp", "uses": "2"}},
        (
            sorry((-5, "10:22"), "wen", Channel.PHONE),
            gave((-5, "11:00"), "wen", "redo", "Another make, brought to his workshop", actual_amount="44.00"),
            called((-4, "11:05"), "wen", Outcome.NO_ANSWER),
            called((-4, "15:20"), "wen", Outcome.VOICEMAIL),
            called((-3, "15:40"), "wen", Outcome.NO_ANSWER),
            called((-1, "09:10"), "wen", Outcome.VOICEMAIL, channel=Channel.CHAT),
        ),
    ),
    Everyday(
        HOTEL, (-11, "16:20"), "desk", "waiting", "Stood in line for a quarter of an hour to leave a bag.", "george",
        None,
        (
            sorry((-11, "16:35"), "desk"),
            gave((-11, "16:36"), "desk", "put_right", "Bag tagged and carried up"),
            called((-8, "16:50"), "desk", Outcome.VOICEMAIL, channel=Channel.EMAIL),
        ),
    ),
    Everyday(
        HOTEL, (-11, "18:10"), "desk", "basics", "Called by the wrong name twice, and nobody noticed.", "celeste",
        None,
        (
            sorry((-11, "18:15"), "desk"),
            gave((-11, "18:16"), "desk", "correct_record", "Name corrected in the booking", minutes=3),
            called((-8, "18:40"), "desk", Outcome.VOICEMAIL, channel=Channel.CHAT),
        ),
    ),
    Everyday(
        SHOP, (-4, "16:30"), "wen", "price", "Charged for a delivery that he had fetched himself.", "ben",
        {"field_values": {"quoted": "0.00", "charged": "8.50"}},
        (
            sorry((-4, "16:31"), "wen"),
            gave((-4, "16:33"), "wen", "refund", "The delivery", actual_amount="8.50"),
            called((-2, "16:40"), "wen", Outcome.DO_NOT_CONTACT, words="All is well, and please no more calls."),
        ),
    ),
    Everyday(
        HOTEL, (-11, "07:40"), "priya", "waiting", "Breakfast came after his train had left.", "theo",
        {"severity": Severity.MODERATE},
        (
            sorry((-11, "07:45"), "priya"),
            offered((-11, "07:46"), "priya", "free_item", "A packed lunch", estimated_amount="12.00"),
            declined((-11, "07:47"), "priya", "He needs the next train, not a sandwich."),
            instead((-11, "07:50"), "priya", "alternative", "Taxi to the station", estimated_amount="31.00"),
            handed_out((-11, "08:20"), "priya", actual_amount="31.00"),
            called((-9, "08:30"), "desk", Outcome.SATISFIED),
            back_to_them((-1, "18:10"), "desk", "contacted_us"),
            noted((-1, "18:12"), "desk", "He wrote: the taxi was charged to his card all the same."),
        ),
    ),
)  # fmt: skip

BENDS = as_stories(ROWS)
