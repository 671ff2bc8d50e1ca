"""The smaller incidents of the demo: plain rows, each with the steps taken on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from incidents.demo.scene import At, Scene, Story


@dataclass(frozen=True)
class Step:
    at: At
    act: str
    by: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Everyday:
    place: str
    at: At
    by: str
    category: str
    what: str
    customer: str = ""
    fields: dict[str, Any] | None = None
    steps: tuple[Step, ...] = ()


def sorry(at: At, by: str, channel: str = "in_person", **fields: Any) -> Step:
    return Step(at, "apologize", by, {"channel": channel, **fields})


def gave(at: At, by: str, kind: str, what: str, **fields: Any) -> Step:
    return Step(at, "give", by, {"kind": kind, "what": what, "is_delivered": True, **fields})


def offered(at: At, by: str, kind: str, what: str, **fields: Any) -> Step:
    """Above what they may give without asking, it is asked for."""
    return Step(at, "give", by, {"kind": kind, "what": what, **fields})


def declined(at: At, by: str, note: str) -> Step:
    return Step(at, "turn_down", by, {"declined_as": "not_enough", "note": note})


def instead(at: At, by: str, kind: str, what: str, **fields: Any) -> Step:
    return Step(at, "give_instead", by, {"kind": kind, "what": what, **fields})


def answered(at: At, by: str, *, is_approved: bool = True, reason: str = "") -> Step:
    return Step(at, "decide", by, {"is_approved": is_approved, "reason": reason})


def handed_out(at: At, by: str, **fields: Any) -> Step:
    return Step(at, "deliver_last", by, fields)


def called(at: At, by: str, outcome: str, **fields: Any) -> Step:
    return Step(at, "call", by, {"outcome": outcome, **fields})


def passed_on(at: At, by: str, to: str, note: str) -> Step:
    return Step(at, "hand_over", by, {"to": to, "note": note})


def took_over(at: At, by: str) -> Step:
    return Step(at, "take_over", by, {})


def back_to_them(at: At, by: str, reason: str) -> Step:
    return Step(at, "go_back", by, {"reason": reason})


def noted(at: At, by: str, words: str) -> Step:
    return Step(at, "note", by, {"words": words})


def ended(at: At, by: str, reason: str, note: str) -> Step:
    return Step(at, "close", by, {"reason": reason, "note": note})


def _live(row: Everyday, scene: Scene) -> Story:
    yield scene.at(row.at, row.place)
    incident = scene.log(
        by=row.by,
        where=row.place,
        category=row.category,
        customer=row.customer,
        what_happened=row.what,
        **row.fields or {},
    )
    for step in row.steps:
        yield scene.at(step.at, row.place)
        getattr(scene, step.act)(incident, by=step.by, **step.fields)


def as_stories(rows: Iterable[Everyday]) -> tuple[Callable[[Scene], Story], ...]:
    return tuple(partial(_live, row) for row in rows)
