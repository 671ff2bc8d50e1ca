"""The smaller incidents around the five: plain rows, each with the steps taken on it."""

from __future__ import annotations

from incidents.demo.cast import HOTEL, SHOP
from incidents.demo.steps import (
    Everyday,
    answered,
    as_stories,
    called,
    declined,
    ended,
    gave,
    handed_out,
    instead,
    offered,
    passed_on,
    sorry,
    took_over,
)
from incidents.vocabulary import Outcome, Severity, Source

ROWS = (
    Everyday(
        HOTEL, 35, "desk", "room", "No hot water in 214, third morning in a row.", "nadia",
        {"field_values": {"place": "Room 214", "fault": "No hot water"}},
        (passed_on(18, "desk", "priya", "Nadia waits in the lobby. You know the plumber better than I do."),),
    ),
    Everyday(
        SHOP, 110, "desk", "wrong_item", "Two boxes of A4 instead of A3, noticed while packing the next order.", "owen",
        {"source": Source.NOTICED, "field_values": {"ordered": "A3 paper", "received": "A4 paper", "quantity": "2"}},
    ),
    Everyday(
        HOTEL, (-1, "19:10"), "priya", "basics",
        "Nobody looked up when she came to the desk, and the phone was answered first.", "celeste",
    ),
    Everyday(
        HOTEL, (-2, "08:05"), "desk", "room", "The shower stayed cold all morning.", "yuki",
        {"field_values": {"place": "Room 318", "fault": "Cold shower"}},
        (
            sorry((-2, "08:06"), "desk"),
            gave((-2, "09:30"), "desk", "put_right", "Valve replaced while she was at breakfast", minutes=20),
        ),
    ),
    Everyday(
        SHOP, (-3, "14:10"), "desk", "wrong_item", "Blue toner for a machine that only takes black.", "farid",
        {"told_by": "phone", "field_values": {"ordered": "Black toner", "received": "Blue toner", "quantity": "4"}},
        (
            sorry((-3, "14:12"), "desk", "phone"),
            offered(
                (-3, "14:16"), "desk", "redo", "Black toner, brought round", estimated_amount="118.00",
                asks_words="Four cartridges. His machine has stood still since Monday.",
            ),
            answered((-3, "14:21"), "sam"),
            handed_out((-3, "15:05"), "desk", actual_amount="118.00", minutes=40),
        ),
    ),
    Everyday(
        HOTEL, (-3, "17:20"), "desk", "waiting", "Waited half an hour for the key although the room was ready.", "lena",
        None,
        (
            sorry((-3, "17:21"), "desk"),
            gave((-3, "17:40"), "desk", "free_item", "Dinner drink for both", actual_amount="18.00"),
        ),
    ),
    Everyday(
        HOTEL, (-1, "15:10"), "desk", "price", "Billed for the minibar of the guest before her.", "nadia",
        {"severity": Severity.MAJOR, "field_values": {"quoted": "0.00", "charged": "42.50"}},
        (
            sorry((-1, "15:11"), "desk"),
            gave((-1, "15:55"), "desk", "refund", "The whole minibar bill", actual_amount="42.50", minutes=10),
        ),
    ),
    Everyday(
        SHOP, (-4, "11:30"), "wen", "no_call", "Asked twice for a price on forty chairs. Nobody rang back.", "ines",
        {"told_by": "phone"},
        (
            sorry((-4, "11:31"), "wen", "phone"),
            offered((-4, "11:40"), "wen", "gift_card", "For the two calls", estimated_amount="25.00"),
            declined((-4, "11:44"), "wen", "A card does not help the school. She asks for something off the chairs."),
            instead(
                (-4, "11:50"), "wen", "bill_credit", "Five per cent off the chairs", estimated_amount="140.00",
                asks_words="Forty chairs, and we kept her waiting for two weeks.",
            ),
            answered((-4, "12:20"), "sam"),
        ),
    ),
    Everyday(
        HOTEL, (-2, "20:15"), "joel", "agreement",
        "Thought the projector came with the room and found it on the bill.", "ruth",
        None,
        (
            sorry((-2, "20:20"), "joel"),
            passed_on((-2, "20:40"), "joel", "desk", "Ruth is in again tomorrow, please decide the fee with Marcus."),
            took_over((-2, "20:55"), "desk"),
            offered((-1, "09:05"), "desk", "fee_waived", "Projector fee", estimated_amount="75.00"),
        ),
    ),
    Everyday(
        HOTEL, (-4, "07:50"), "priya", "basics", "Woken by housekeeping in spite of the sign on the door.", "george",
        None,
        (
            sorry((-4, "07:55"), "priya"),
            gave((-4, "08:30"), "priya", "gesture", "Late check-out", actual_amount="15.00", minutes=5),
            called((-1, "08:40"), "desk", Outcome.VOICEMAIL),
        ),
    ),
    Everyday(
        HOTEL, (-1, "13:40"), "priya", "safety",
        "Slipped on the wet tiles by the pool and cut her hand. First aid given.", "celeste",
        {"place": "Pool", "field_values": {"harm": "Cut on the right hand", "help": "First aid, taxi to a doctor"}},
        (
            sorry((-1, "13:48"), "manager"),
            gave((-1, "14:10"), "manager", "alternative", "Doctor and taxi paid", actual_amount="160.00", minutes=45),
        ),
    ),
    Everyday(
        SHOP, (-9, "09:40"), "wen", "defective", "Stapler jams on every second sheet.", "ben",
        {"field_values": {"item": "Heavy stapler", "uses": "30"}},
        (
            sorry((-9, "09:41"), "wen"),
            gave((-9, "09:50"), "wen", "redo", "A new one from the shelf", actual_amount="34.90"),
            called((-7, "10:05"), "wen", Outcome.SATISFIED, score=4),
        ),
    ),
    Everyday(
        HOTEL, (-10, "18:30"), "desk", "room", "Window would not close, traffic all night.", "yuki",
        {"field_values": {"place": "Room 120", "fault": "Window does not close"}},
        (
            sorry((-10, "18:31"), "desk"),
            gave((-10, "19:00"), "desk", "upgrade", "Quiet room at the back", estimated_amount="40.00", minutes=15),
            called((-8, "18:45"), "desk", Outcome.DELIGHTED, score=5, words="Best sleep in weeks."),
        ),
    ),
    Everyday(
        HOTEL, (-8, "08:20"), "priya", "waiting", "Queue to the door at breakfast, he left without eating.", "",
        {"customer_hint": "Man in a grey coat, on his way to the station", "source": Source.NOTICED},
        (
            sorry((-8, "08:24"), "priya"),
            gave((-8, "08:25"), "priya", "free_item", "Coffee and a roll to take away", actual_amount="6.00"),
            ended((-8, "08:40"), "priya", "no_contact_known", "He did not want to give his name."),
        ),
    ),
    Everyday(
        SHOP, (-7, "15:00"), "desk", "late", "Says the delivery is late. It is due tomorrow.", "owen",
        {"told_by": "phone"},
        (ended((-7, "15:20"), "desk", "withdrawn", "He had looked at the wrong order and told us so."),),
    ),
    Everyday(
        HOTEL, (-6, "12:00"), "joel", "other", "Trying out the new form.", "",
        {"customer_hint": "Nobody"},
        (ended((-6, "12:30"), "manager", "void", "Entered for practice."),),
    ),
    Everyday(
        HOTEL, (-12, "21:30"), "desk", "price", "City tax charged twice.", "theo",
        {"field_values": {"quoted": "9.00", "charged": "18.00"}},
        (
            sorry((-12, "21:31"), "desk"),
            gave((-12, "21:35"), "desk", "refund", "The second city tax", actual_amount="9.00"),
            called((-10, "18:50"), "desk", Outcome.NO_ANSWER),
            called((-9, "11:10"), "desk", Outcome.SATISFIED),
        ),
    ),
)  # fmt: skip

EVERYDAY = as_stories(ROWS)
