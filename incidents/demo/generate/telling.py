"""What was told: the kind of mistake, the story in words, and the answers to the questions of its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from incidents.demo.generate.grammar import Grammar, Told, in_a_hurry, tidy, weighted
from incidents.demo.generate.names import FAMILY, GIVEN
from incidents.demo.generate.rows import Who
from incidents.demo.generate.setting import Kind, Place, Setting
from incidents.vocabulary import Channel, Severity, Source

HOTEL_KINDS = {
    "room": 24, "waiting": 11, "basics": 12, "price": 12, "reservation": 9, "no_call": 6, "routine": 6, "agreement": 4,
    "misfiled": 4, "wrong_item": 5, "late": 4, "in_the_wrong": 2, "complaint": 2, "defective": 2, "safety": 1.2,
    "other": 2,
}  # fmt: skip
SHOP_KINDS = {
    "late": 22, "wrong_item": 18, "defective": 14, "price": 13, "no_call": 8, "misfiled": 6, "routine": 5,
    "agreement": 4, "waiting": 4, "basics": 4, "in_the_wrong": 2, "complaint": 2, "reservation": 2, "room": 1,
    "safety": 0.8, "other": 2,
}  # fmt: skip
KINDS: dict[str, dict[str, float]] = {"hotel": HOTEL_KINDS, "shop": SHOP_KINDS}
# Mistakes that have the same kind of consequences.
ABOUT = {
    "late": "goods", "wrong_item": "goods", "defective": "goods", "price": "paper", "agreement": "paper",
    "misfiled": "paper", "no_call": "people", "in_the_wrong": "people", "basics": "people", "complaint": "people",
    "waiting": "people",
}  # fmt: skip
SOURCES: dict[str, float] = {Source.CUSTOMER: 74, Source.NOTICED: 13, Source.ASKED: 9, Source.FORM: 4}
HEARD: dict[str, dict[str, float]] = {
    "hotel": {Channel.IN_PERSON: 66, Channel.PHONE: 20, Channel.EMAIL: 9, Channel.CHAT: 4, Channel.LETTER: 1},
    "shop": {Channel.PHONE: 54, Channel.IN_PERSON: 22, Channel.EMAIL: 22, Channel.LETTER: 1, Channel.CHAT: 1},
}
IN_A_HURRY = 0.07
HOUR = dt.timedelta(hours=1)


@cache
def grammar(voice: str) -> Grammar:
    return Grammar.read(voice)


@cache
def staff_words() -> Grammar:
    return Grammar.read("staff")


def choose_kind(setting: Setting, place: Place, chance: Random) -> Kind:
    """By what goes wrong at such a place; any kind that is there when ours were taken away."""
    known = {key: weight for key, weight in KINDS[place.voice].items() if key in setting.kinds}
    key = weighted(chance, known) if known else next(iter(setting.kinds))
    return setting.kinds[key]


def choose_severity(kind: Kind, chance: Random) -> Severity:
    """What the kind says, now and then one tap away; never up to critical."""
    tap = chance.random()
    if kind.severity > Severity.MAJOR and tap < 0.09:
        return Severity(kind.severity - 1)
    if kind.severity in (Severity.MAJOR, Severity.MODERATE) and tap > 0.93:
        return Severity(kind.severity + 1)
    return kind.severity


def choose_source(place: Place, who: Who, chance: Random) -> tuple[Source, str]:
    source = Source(weighted(chance, SOURCES))
    if source == Source.FORM and not who.is_reachable:
        source = Source.NOTICED
    return source, Channel.EMAIL.value if source == Source.FORM else weighted(chance, HEARD[place.voice])


def tell(place: Place, kind: Kind, who: Who, reported: dt.datetime, chance: Random) -> dict[str, Any]:
    """The story and all that belongs to it, as columns of the incident."""
    words = grammar(place.voice)
    told = _cast(who, chance)
    told["core"] = words.tell(kind.key if kind.key in words else "other", chance, told)
    about = ABOUT.get(kind.key, "place")
    for name in ("effect", "detail"):
        told[name] = words.tell(f"{about}.{name}", chance, told)
    if "help" in kind.asks and chance.random() < 0.8:
        told["help"] = words.tell("help", chance, told)
    story = tidy(_once(words.tell("story", chance, told), told))
    if chance.random() < IN_A_HURRY:
        story = in_a_hurry(story, chance)
    answers = _answers(kind, told, reported, chance)
    occurred_on, occurred_at = _occurred(place, reported, chance)
    return {
        "story": story[:3900],
        "sought": staff_words().tell("sought", chance, told) if chance.random() < 0.2 else "",
        "where": tidy(words.tell("place_house", chance, told))
        if place.voice == "hotel" and chance.random() < 0.1
        else "",
        "public": {key: value for key, value in answers.items() if kind.asks.get(key) is False},
        "private": {key: value for key, value in answers.items() if kind.asks.get(key)},
        "occurred_on": occurred_on,
        "occurred_at": occurred_at,
        "slots": told,
    }


def _cast(who: Who, chance: Random) -> Told:
    given = who.name.partition(" ")[0]
    quoted = 9 + int(chance.random() ** 2 * 380) + (0.5 if chance.random() < 0.4 else 0.0)
    shown = who.name if chance.random() < 0.7 else given
    if who.pk is None:
        shown = chance.choice(("a guest", "a customer", "a man", "a woman", "a family", "an older couple"))
    return {
        "who": shown,
        "first": given if who.pk else "they",
        "other_first": GIVEN[int(chance.random() * len(GIVEN))],
        "family": FAMILY[int(chance.random() * len(FAMILY))],
        "quoted": f"{quoted:.2f}",
        "charged": f"{quoted + 4 + int(chance.random() ** 2 * 120):.2f}",
        "extra_cost": f"{15 + int(chance.random() * 160)}.00",
    }


def _once(story: str, told: Told) -> str:
    """The whole name once, then the short one; "a man", then "the man"."""
    whole = told["who"]
    head, found, rest = story.partition(whole)
    short = f"the {whole.partition(' ')[2]}" if told["first"] == "they" else told["first"]
    return head + found + rest.replace(whole, short)


def _occurred(place: Place, reported: dt.datetime, chance: Random) -> tuple[dt.date | None, dt.datetime | None]:
    """When it happened, where that is not when we heard of it."""
    mark = chance.random()
    if mark < 0.14:
        return (reported - dt.timedelta(days=1 + int(mark * 40))).astimezone(place.zone).date(), None
    if mark < 0.38:
        moment = reported - dt.timedelta(minutes=15 + int(chance.random() * 600))
        return moment.astimezone(place.zone).date(), moment
    return None, None


Answers = dict[str, Any]


def _answers(kind: Kind, told: Told, reported: dt.datetime, chance: Random) -> Answers:
    """What the kind asks, as far as the desk filled it in; stored as `models.values` stores it."""
    answered = _ANSWERS.get(kind.key)
    if answered is None or chance.random() < 0.15:
        return {}
    return {key: value for key, value in answered(told, reported, chance).items() if value not in ("", None, [])}


def _late(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    hours = int(told.get("delay", "0")) or 1 + int(chance.random() * 20)
    arrived = (reported - HOUR * (1 + int(chance.random() * 6))).replace(minute=15 * int(chance.random() * 4), second=0)
    answers: Answers = {"order_ref": told.get("order_ref", ""), "promised_at": (arrived - HOUR * hours).isoformat()}
    if chance.random() < 0.7:
        answers["actual_at"] = arrived.isoformat()
    return answers


def _wrong_item(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    number = int(told.get("quantity", "0")) or None
    return {"ordered": told.get("ordered", ""), "received": told.get("received", ""), "quantity": number}


def _defective(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    bought = reported.date() - dt.timedelta(days=1 + int(chance.random() ** 2 * 90))
    item = told.get("item") or told.get("item_cap", "")
    return {"item": item.capitalize(), "uses": int(told.get("uses", "0")) or None, "bought_on": bought.isoformat()}


def _price(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    return {"quoted": told["quoted"], "charged": told["charged"]}


def _reservation(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    why = told.get("no_room", "")
    return {
        "confirmation": told.get("confirmation", ""),
        "loyalty": f"Finch Gold {10000 + int(chance.random() * 89999)}" if chance.random() < 0.2 else "",
        "arrival": reported.date().isoformat(),
        "why": "Sold out" if "sold out" in why else "Not found" if "find" in why else "",
    }


def _no_call(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    asked = (reported - dt.timedelta(days=1 + int(chance.random() * 5))).replace(minute=0, second=0)
    return {
        "received_on": asked.isoformat(),
        "promised_by": (asked + HOUR * 4).isoformat() if chance.random() < 0.4 else "",
    }


def _misfiled(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    document = told.get("document") or told.get("document_cap", "")
    return {
        "document": document.removeprefix("the ").removeprefix("The ").capitalize(),
        "should_be_in": told.get("should_be_in", "").capitalize(),
        "found_in": told.get("found_in", "").capitalize(),
    }


def _routine(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    step = told.get("step_do") or told.get("step_done") or told.get("step_verb", "")
    return {"routine": told.get("routine_cap", ""), "steps": [step.capitalize()] if step else []}


def _agreement(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    clause = told.get("clause_item") or told.get("clause_item_cap") or told.get("quote", "")
    return {
        "clause": clause.capitalize(),
        "their_reading": told.get("their_reading", "").capitalize(),
        "our_intent": told.get("our_intent", "").capitalize(),
        "extra_cost": told["extra_cost"],
    }


def _in_the_wrong(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    return {"words_used": told.get("blame", "").capitalize()}


def _room(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    fault = told.get("fault_room") or told.get("fault_room_cap", "")
    place = f"Room {told['r']}" if "r" in told else told.get("place_house", "")
    return {"place": place, "fault": fault[:1].upper() + fault[1:]}


def _waiting(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    served = reported.replace(second=0) - dt.timedelta(minutes=int(chance.random() * 10))
    arrived = served - dt.timedelta(minutes=int(told.get("wait", "20")))
    return {"arrived": arrived.isoformat(), "served": served.isoformat()}


def _safety(told: Told, reported: dt.datetime, chance: Random) -> Answers:
    harm = told.get("harm") or told.get("harm_cap") or told.get("harm_did", "")
    return {"harm": harm.capitalize(), "help": told.get("help", "")}


_ANSWERS: dict[str, Callable[[Told, dt.datetime, Random], Answers]] = {
    "late": _late,
    "wrong_item": _wrong_item,
    "defective": _defective,
    "price": _price,
    "reservation": _reservation,
    "no_call": _no_call,
    "misfiled": _misfiled,
    "routine": _routine,
    "agreement": _agreement,
    "in_the_wrong": _in_the_wrong,
    "room": _room,
    "waiting": _waiting,
    "safety": _safety,
}
