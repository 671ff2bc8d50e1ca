"""Two people hand the same incident over while a third corrects it: on real processes, fifty times."""

from __future__ import annotations

import sys
from uuid import uuid4

from incidents.actions import promises
from incidents.models import Event, Handover, Incident
from tests import make
from tests.faults.arena import Arena

RIGGED = "tests.faults.rigged_handover"
ROUNDS, UNGUARDED = 50, 20
NAMES = ("Cole League", "Mona Manager", "edit")


def race(arena: Arena, rounds: int = ROUNDS, rig: str = "") -> dict[str, list[str]]:
    """What each of the three was told, round by round."""
    cast = make.make_cast()
    customer = make.make_customer()
    for _round in range(rounds):
        incident = make.make_incident(cast.desk, customer=customer)
        due = make.NOW + make.DAY
        promises.make_promise(
            incident_id=incident.pk, by=cast.desk, now=make.NOW, what="Write", due_at=due, submit_key=uuid4()
        )
    program = arena.programs.start("race", [sys.executable, "-m", RIGGED, *NAMES], RIG=rig)
    assert program.process.wait(60) == 0, arena.said("race")
    told = {name: (arena.directory / f"{name}.told").read_text().split("\n") for name in NAMES}
    assert {len(words) for words in told.values()} == {rounds}
    return told


def kinds_of(incident: Incident) -> list[str]:
    moves = Event.objects.filter(incident=incident, kind__in=["handed_over", "facts_changed"])
    return list(moves.order_by("id").values_list("kind", flat=True))


def test_one_handover_wins_and_nobody_saves_over_what_they_did_not_see(arena: Arena) -> None:
    told = race(arena)
    incidents = list(Incident.objects.order_by("pk").select_related("assignee"))
    for number, incident in enumerate(incidents):
        answers = {name: told[name][number] for name in NAMES}
        winners = [name for name in NAMES[:2] if answers[name] == "done"]
        assert winners == [incident.assignee.name], answers
        assert incident.promises.get().assignee == incident.assignee
        handover = Handover.objects.get(incident=incident)
        assert (handover.from_staff_id, handover.to_staff_id) == (incident.logged_by_id, incident.assignee_id)
        edited = ["facts_changed"] if answers["edit"] == "done" else []
        assert kinds_of(incident) == [*edited, "handed_over"], "a correction is refused once it is handed over"
    assert "stale" in told["Cole League"] + told["Mona Manager"]


def test_control_without_the_guard_both_win_and_corrections_come_late(arena: Arena) -> None:
    told = race(arena, UNGUARDED, "no-guard")
    both = sum(told[NAMES[0]][n] == told[NAMES[1]][n] == "done" for n in range(UNGUARDED))
    late = sum(kinds_of(incident)[:1] == ["handed_over"] for incident in Incident.objects.all())
    assert both
    assert late
    assert Handover.objects.count() > UNGUARDED
