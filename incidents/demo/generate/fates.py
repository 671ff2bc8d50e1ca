"""What becomes of an incident: most end well, some go round again, a few end otherwise, and some still wait."""

from __future__ import annotations

from collections.abc import Callable

from incidents.demo.generate import recoveries
from incidents.demo.generate.desk import Desk, Later
from incidents.demo.generate.grammar import weighted
from incidents.demo.generate.unfinished import unfinished
from incidents.vocabulary import Severity

# Of those told `n` days ago, how many are left open on purpose: many of today's, few of last month's.
STILL_OPEN, FADES_IN = 0.85, 19.0
FATES: dict[str, Callable[[Desk], None]] = {
    "recovered": recoveries.recovered,
    "second_try": recoveries.second_try,
    "not_received": recoveries.not_received,
    "reopened": recoveries.reopened,
    "content_to_leave": recoveries.content_to_leave,
    "unresolved": recoveries.unresolved,
    "unreachable": recoveries.unreachable,
    "no_answer": recoveries.no_answer,
    "no_contact_wanted": recoveries.no_contact_wanted,
    "taken_back": recoveries.taken_back,
    "void": recoveries.void,
}
WEIGHTS: dict[str, float] = {
    "recovered": 76, "second_try": 7, "not_received": 2, "reopened": 4.5, "content_to_leave": 1.5, "unresolved": 1,
    "unreachable": 2.5, "no_answer": 2, "no_contact_wanted": 0.8, "taken_back": 1.2, "void": 1,
}  # fmt: skip


def live(desk: Desk) -> None:
    """Live one incident up to the demo's present."""
    age = (desk.as_of - desk.life.created) / recoveries.DAY
    is_kept = desk.life.who.pk is not None and desk.chance.random() < STILL_OPEN * 2.718 ** (-age / FADES_IN)
    try:
        if is_kept:
            unfinished(desk, age)
        else:
            _fate(desk)(desk)
            recoveries.afterwards(desk)
    except Later:
        return


def _fate(desk: Desk) -> Callable[[Desk], None]:
    life = desk.life
    if not life.who.is_reachable:
        return recoveries.no_contact_known if desk.chance.random() < 0.9 else recoveries.taken_back
    if life.twin is not None:
        return recoveries.duplicate
    found = FATES[weighted(desk.chance, WEIGHTS)]
    return recoveries.recovered if found is recoveries.no_answer and life.severity != Severity.MINOR else found
