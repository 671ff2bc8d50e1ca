"""Where an incident stands, told from its events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Event


@dataclass
class Told:
    """What the events add up to."""

    stage: str = "apologize"
    round_number: int = 1
    assignee: int = 0
    close_reason: str = ""
    reopened: int = 0

    def hear(self, event: Event) -> None:
        codes = event.codes
        if event.kind == "logged":
            self.assignee = codes["to"]
        elif event.kind == "stage_moved":
            assert codes["from_"] == self.stage, "a move begins where the last one ended"
            self.stage = codes["to"]
        elif event.kind == "round_opened":
            self.round_number += 1
        elif event.kind == "reopened":
            self.stage, self.close_reason, self.reopened = "apologize", "", self.reopened + 1
        elif event.kind == "closed":
            self.stage, self.close_reason = "closed", codes["reason"]
        elif event.kind in ("handed_over", "handover_returned", "handover_lapsed"):
            self.assignee = codes["to"]
        elif event.kind == "undone" and codes["act"] == "closed":
            self.stage, self.close_reason = "apologize", ""
        elif event.kind == "undone" and codes["act"] == "handed_over":
            self.assignee = codes["to"]


def replay(events: Iterable[Event]) -> Told:
    """Oldest first."""
    told = Told()
    for event in events:
        told.hear(event)
    return told
