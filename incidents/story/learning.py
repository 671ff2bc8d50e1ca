"""What a story says of what we learn from it: how far that is, and what we change."""

from __future__ import annotations

from functools import cached_property

from incidents.models import Incident, PreventionAction, ReviewState
from incidents.story.gather import Rows
from incidents.vocabulary import NOT_AN_INCIDENT


class Learning:
    """A part of `Story`."""

    incident: Incident
    rows: Rows

    @cached_property
    def changes(self) -> list[PreventionAction]:
        """Committed, then ideas; without what was dropped."""
        standing = [action for action in self.rows.preventions if action.dropped_at is None]
        for action in standing:
            action.location = self.incident.location
        return sorted(standing, key=lambda action: (action.committed_at is None, action.pk))

    @cached_property
    def learning_words(self) -> str:
        """How far it is, once there is something to say."""
        state = ReviewState(self.incident.review_state)
        return "" if state in (ReviewState.NOT_REQUIRED, ReviewState.TO_REVIEW) else str(state.label)

    @property
    def is_one_to_learn_from(self) -> bool:
        return self.incident.close_reason not in NOT_AN_INCIDENT
