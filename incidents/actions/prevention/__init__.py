"""What we change so that it does not happen again: proposed, committed, done, checked, told."""

from incidents.actions.prevention.checking import came_back, check_due, check_now, keep_checking
from incidents.actions.prevention.doing import drop, finish, move_due
from incidents.actions.prevention.making import commit_change, commit_idea, note_idea
from incidents.actions.prevention.telling import skip_place, tell_customers, tell_place
from incidents.actions.review_state import settle_review_state

__all__ = [
    "came_back",
    "check_due",
    "check_now",
    "commit_change",
    "commit_idea",
    "drop",
    "finish",
    "keep_checking",
    "move_due",
    "note_idea",
    "settle_review_state",
    "skip_place",
    "tell_customers",
    "tell_place",
]
