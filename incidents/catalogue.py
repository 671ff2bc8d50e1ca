"""The catalogues as shipped: plain data for the first migration and for tests.

Names are marked for translation here and looked up when shown.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

# The signs a category may have, each with what it is said to be.
ICONS: tuple[tuple[str, str], ...] = (
    ("question-circle", _("Question mark")),
    ("truck", _("Truck")),
    ("box-seam", _("Parcel")),
    ("tools", _("Tools")),
    ("hammer", _("Hammer")),
    ("receipt", _("Receipt")),
    ("credit-card", _("Card")),
    ("cash-coin", _("Coins")),
    ("percent", _("Per cent")),
    ("calendar-x", _("Crossed-out day")),
    ("calendar-check", _("Ticked day")),
    ("telephone-x", _("Missed call")),
    ("phone", _("Mobile phone")),
    ("headset", _("Headset")),
    ("folder-x", _("Lost folder")),
    ("file-earmark-text", _("Paper")),
    ("envelope", _("Letter")),
    ("list-check", _("Checklist")),
    ("key", _("Key")),
    ("lock", _("Lock")),
    ("door-open", _("Open door")),
    ("door-closed", _("Closed door")),
    ("house", _("House")),
    ("building", _("Building")),
    ("shop", _("Shop")),
    ("basket", _("Basket")),
    ("cup-hot", _("Hot cup")),
    ("droplet", _("Drop of water")),
    ("moon-stars", _("Night")),
    ("sun", _("Sun")),
    ("car-front", _("Car")),
    ("gift", _("Gift")),
    ("briefcase", _("Briefcase")),
    ("camera", _("Camera")),
    ("image", _("Picture")),
    ("hourglass-split", _("Hourglass")),
    ("clock", _("Clock")),
    ("person-x", _("Person turned away")),
    ("people", _("People")),
    ("emoji-neutral", _("Plain face")),
    ("emoji-frown", _("Unhappy face")),
    ("megaphone", _("Megaphone")),
    ("shield-exclamation", _("Shield")),
    ("exclamation-triangle", _("Warning sign")),
    ("chat-left-dots", _("Talk")),
    ("wrench", _("Wrench")),
    ("three-dots", _("Three dots")),
)

# key, name, icon, severity, fields (key, name, kind); flags after it where there are any.
CATEGORIES: tuple[dict[str, object], ...] = (
    {
        "key": "late",
        "name": _("Late or missed delivery"),
        "icon": "truck",
        "severity": 2,
        "fields": (
            ("order_ref", _("Order number"), "text"),
            ("promised_at", _("Promised for"), "moment"),
            ("actual_at", _("Arrived"), "moment"),
            ("delay", _("Late by"), "difference", "actual_at", "promised_at"),
        ),
    },
    {
        "key": "wrong_item",
        "name": _("Wrong or missing item"),
        "icon": "box-seam",
        "severity": 3,
        "fields": (
            ("ordered", _("Ordered"), "text"),
            ("received", _("Received"), "text"),
            ("quantity", _("How many"), "number"),
        ),
    },
    {
        "key": "defective",
        "name": _("Broken or defective"),
        "icon": "tools",
        "severity": 3,
        "fields": (
            ("item", _("Item"), "text"),
            ("bought_on", _("Bought on"), "date"),
            ("uses", _("Uses before it failed"), "number"),
        ),
    },
    {
        "key": "price",
        "name": _("Price or billing"),
        "icon": "receipt",
        "severity": 3,
        "fields": (
            ("quoted", _("Quoted"), "money"),
            ("charged", _("Charged"), "money"),
            ("difference", _("Charged too much"), "difference", "charged", "quoted"),
        ),
    },
    {
        "key": "reservation",
        "name": _("Reservation not honoured"),
        "icon": "calendar-x",
        "severity": 2,
        "fields": (
            ("confirmation", _("Confirmation number"), "text"),
            ("loyalty", _("Loyalty number"), "text"),
            ("arrival", _("Arrival"), "date"),
            ("why", _("Not found, or sold out"), "text"),
            ("alternative", _("Where they stayed instead"), "text"),
            ("transport", _("How they got there"), "text"),
        ),
    },
    {
        "key": "no_call",
        "name": _("Call not returned"),
        "icon": "telephone-x",
        "severity": 3,
        "fields": (
            ("received_on", _("They asked on"), "moment"),
            ("promised_by", _("We promised to call by"), "moment"),
        ),
    },
    {
        "key": "misfiled",
        "name": _("Paperwork misfiled or lost"),
        "icon": "folder-x",
        "severity": 2,
        "fields": (
            ("document", _("Document"), "text"),
            ("should_be_in", _("Should have been in"), "text"),
            ("found_in", _("Found in"), "text"),
            ("found_at", _("Found at"), "moment"),
        ),
    },
    {
        "key": "routine",
        "name": _("Routine step missed"),
        "icon": "list-check",
        "severity": 4,
        "fields": (
            ("routine", _("Routine"), "text"),
            ("steps", _("Which steps"), "lines"),
        ),
    },
    {
        "key": "agreement",
        "name": _("Agreement misunderstood, or unused extra"),
        "icon": "file-earmark-text",
        "severity": 3,
        "fields": (
            ("clause", _("Clause or item"), "text"),
            ("their_reading", _("How they read it"), "text"),
            ("our_intent", _("What we meant"), "text"),
            ("extra_cost", _("Extra cost to them"), "money"),
        ),
    },
    {
        "key": "in_the_wrong",
        "name": _("Treated as in the wrong"),
        "icon": "person-x",
        "severity": 2,
        "is_second_failure": True,
        "fields": (("words_used", _("Words used"), "text"),),
        "private": ("words_used",),
    },
    {"key": "basics", "name": _("Greeting or phone manner"), "icon": "emoji-neutral", "severity": 4},
    {
        "key": "room",
        "name": _("Room or facility"),
        "icon": "door-open",
        "severity": 3,
        "fields": (
            ("place", _("Place"), "text"),
            ("fault", _("Fault"), "text"),
            ("fixed_at", _("Fixed at"), "moment"),
        ),
    },
    {
        "key": "waiting",
        "name": _("Waiting"),
        "icon": "hourglass-split",
        "severity": 4,
        "fields": (
            ("arrived", _("Arrived"), "moment"),
            ("served", _("Served"), "moment"),
            ("waited", _("Waited"), "difference", "served", "arrived"),
        ),
    },
    {
        "key": "safety",
        "name": _("Safety, injury or privacy"),
        "icon": "shield-exclamation",
        "severity": 1,
        "is_restricted": True,
        "fields": (("harm", _("What harm"), "text"), ("help", _("Help called"), "text")),
    },
    {
        "key": "complaint",
        "name": _("How we handled a complaint"),
        "icon": "chat-left-dots",
        "severity": 2,
        "is_second_failure": True,
        "fields": (("original", _("Original incident"), "text"),),
    },
    {"key": "other", "name": _("Something else"), "icon": "three-dots", "severity": 3},
)

# key, name, nature, kind of cost, needs a receipt
REMEDIES: tuple[tuple[str, str, str, str, bool], ...] = (
    ("redo", _("Redo or replace"), "correction", "goods", False),
    ("personal_delivery", _("Personal delivery"), "correction", "time", False),
    ("refund", _("Full or part refund"), "compensation", "cash", False),
    ("reimburse", _("Reimburse an expense"), "compensation", "cash", True),
    ("bill_credit", _("Bill credit or discount"), "compensation", "forgone", False),
    ("gift_card", _("Gift card or credit"), "goodwill", "liability", False),
    ("upgrade", _("Upgrade"), "goodwill", "forgone", False),
    ("free_item", _("Free item"), "goodwill", "goods", False),
    ("alternative", _("Alternative provider and transport"), "compensation", "invoice", False),
    ("fee_waived", _("Fee waived"), "compensation", "forgone", False),
    ("points", _("Points"), "goodwill", "liability", False),
    ("correct_record", _("Correct the record"), "correction", "time", False),
    ("put_right", _("Put right, no compensation"), "correction", "time", False),
    ("gesture", _("Goodwill gesture"), "goodwill", "goods", False),
    ("owner_calls", _("The owner calls or visits"), "goodwill", "time", False),
)

# key, name: why it happened. What is left of "human error" is what let it happen.
CAUSES: tuple[tuple[str, str], ...] = (
    ("no_procedure", _("No procedure")),
    ("step_missed", _("Step missed")),
    ("hand_over", _("Unclear hand-over")),
    ("wrong_information", _("Misfiled or wrong information")),
    ("training", _("Training gap")),
    ("overload", _("Overload or overbooking")),
    ("wording", _("Unclear policy or wording")),
    ("oversold", _("Promise oversold")),
    ("tool", _("Tool or IT")),
    ("supplier", _("Supplier")),
    ("product", _("Product defect")),
    ("outside", _("Outside event")),
    ("misunderstanding", _("Customer misunderstanding (how did we allow it?)")),
    ("unknown", _("Not yet known")),
)
# Categories too many of which call for going back to basics; questions whose answer is what it was about.
BASICS = ("basics", "routine")
ITEMS = ("ordered", "item", "document", "clause", "routine", "place")

# key, name, filter as it stands in the address.
SAVED_VIEWS: tuple[tuple[str, str, str], ...] = (
    ("overdue", _("Overdue"), "overdue=1"),
    ("mine", _("Mine"), "assignee=me"),
    ("unhappy", _("Still unhappy"), "unhappy=1"),
    ("receipt", _("Awaiting the receipt"), "lacks=receipt"),
    ("approval", _("Waiting for a yes"), "lacks=approval"),
    ("calls_today", _("Calls today"), "call=today"),
    ("quiet", _("Quiet for 48 hours"), "quiet=48"),
)
