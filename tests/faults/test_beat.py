"""Beat is killed for good: the list is right, whoever is in charge is told, and the other clock goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from incidents.actions import remind
from incidents.models import FollowUp, Heartbeat
from tests import make
from tests.faults import invariants
from tests.faults.arena import Arena, call_due_in, call_due_now, notices_of, run_sql
from tests.faults.visitor import Visitor
from tests.programs import wait_for

STILL = "Reminders stand still"
TWO_MINUTES = "UPDATE incidents_heartbeat SET at = clock_timestamp() - interval '2 minutes'"


@dataclass
class Silence:
    """What people and machines see of a Recovery in which nobody rings any more."""

    call: FollowUp
    desk: Visitor
    manager: Visitor
    machine: Visitor

    @property
    def readiness(self) -> str:
        """What a machine reads; nothing when all is well."""
        answer = self.machine.get("/health/ready")
        return "" if answer.status == 200 else answer.text

    @property
    def is_told(self) -> bool:
        return STILL in self.manager.get("/").text


def beat_killed(arena: Arena, rig: str) -> Silence:
    """Beat rang, and rings no more; what it had rung for is done. Then a call falls due."""
    cast, site = make.make_cast(), arena.web()
    beat = arena.beat()
    arena.worker(RIG=f"tell-ring,{rig}", SEND_TIMEOUT="1")
    wait_for(lambda: arena.mark("rang"), 40)
    seen = Silence(call_due_now(cast), site.visitor(cast.desk), site.visitor(cast.manager), Visitor(site.port))
    wait_for(lambda: notices_of(seen.call) == 1, 20)
    assert seen.readiness == ""
    assert not seen.is_told

    beat.kill()
    arena.empty_valkey()
    wait_for(lambda: time.time() - (arena.directory / "rang").stat().st_mtime > 2, 20)
    seen.call = call_due_in(cast, 0.5)
    wait_for(lambda: "due_but_not_said" in invariants.broken())
    run_sql(TWO_MINUTES)
    return seen


def test_the_list_is_right_the_banner_is_there_and_the_loop_goes_on(arena: Arena) -> None:
    seen = beat_killed(arena, "")
    assert seen.is_told
    assert '"clock": "late"' in seen.readiness
    assert seen.call.incident.who in seen.desk.get("/calls/").text
    assert notices_of(seen.call) == 0, "the control: with no clock at all nothing is said"
    assert set(invariants.broken()) == {"due_but_not_said"}

    arena.loop(SEND_TIMEOUT="1")
    wait_for(lambda: notices_of(seen.call) == 1, 20)
    arena.all_is_well()
    assert seen.readiness == ""
    assert not seen.is_told


@pytest.mark.slow
def test_control_a_heart_that_beats_by_itself_says_that_all_is_well(arena: Arena) -> None:
    seen = beat_killed(arena, "beats-by-itself")
    wait_for(lambda: (remind.database_now() - Heartbeat.objects.get().at).total_seconds() < 5, 10)
    assert set(invariants.broken()) == {"due_but_not_said"}
    assert seen.readiness == ""
    assert not seen.is_told
