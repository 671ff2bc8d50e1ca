"""Where an incident stands, and when we waited for its customer, told from its events alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from incidents.models import Event


@dataclass
class Told:
    """What the events add up to."""

    stage: str = "apologize"
    round_number: int = 1
    assignee: int = 0
    close_reason: str = ""
    reopened: int = 0
    severity: int = 0
    raised_by: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    began: dt.datetime | None = None
    stood: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)  # one after the other

    def hear(self, event: Event) -> None:
        self.hear_of_level(event)
        if event.kind in ("waiting_began", "waiting_ended"):
            self.wait(event)
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

    def hear_of_level(self, event: Event) -> None:
        codes = event.codes
        if event.kind in ("severity_raised", "severity_lowered"):
            is_higher = event.kind == "severity_raised"
            self.severity, self.raised_by = codes["to"], codes["rule"] if is_higher else ""
        elif event.kind == "facts_changed" and "severity" in codes["fields"]:
            self.severity, self.raised_by = 0, ""  # what somebody chose is not in the events

    def wait(self, event: Event) -> None:
        if self.began is not None and self.until is not None:
            ended = min(event.at, self.until)
            if ended > self.began:
                self.stood.append((self.began, ended))
        is_new = event.kind == "waiting_began"
        self.began = event.at if is_new else None
        self.since = dt.datetime.fromisoformat(event.codes["since"]) if is_new else None
        self.until = dt.datetime.fromisoformat(event.codes["until"]) if is_new else None


def replay(events: Iterable[Event]) -> Told:
    """Oldest first."""
    told = Told()
    for event in events:
        told.hear(event)
    return told
