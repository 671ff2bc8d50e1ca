"""How many screens an item of a meeting has on the wall."""

from __future__ import annotations

from incidents.models.meeting import AgendaItem, ItemKind, Meeting
from incidents.models.minutes_body import earlier_actions

STORY_SCREEN, RECOVERY_SCREEN, CAUSE_SCREEN, OUTCOME_SCREEN = range(4)
SCENARIO_SCREEN, ANSWERS_SCREEN, ENDING_SCREEN = range(3)
ACTIONS_A_SCREEN = 5
_SCREENS = {ItemKind.INCIDENT: 4, ItemKind.PRACTICE: 3}


def screens_of(item: AgendaItem, meeting: Meeting) -> int:
    """At least one. One statement for what the last meeting decided, none for the rest."""
    if item.kind == ItemKind.ACTIONS:
        return max(-(-len(earlier_actions(meeting)) // ACTIONS_A_SCREEN), 1)
    return _SCREENS.get(ItemKind(item.kind), 1)
