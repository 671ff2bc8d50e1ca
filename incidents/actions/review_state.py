"""What became of an incident's review, read from its changes: under way, held, or nothing to do.

The one function for it. Whoever calls it holds the incident's lock.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from incidents.actions.advance import add_event
from incidents.models import CheckVerdict, Incident, PreventionAction, Review, ReviewOutcome, Staff
from incidents.models.incident import ReviewState

CHANGED = "review_state_changed"
# A verdict after which there is nothing left to look at.
_CHECKED = (CheckVerdict.NOT_SEEN, CheckVerdict.TOO_FEW)


def settle_review_state(
    incident: Incident, *, by: Staff | None, now: dt.datetime, is_reviewed: bool = False
) -> ReviewState:
    """Write the state that follows from its changes. `is_reviewed`: its review has just ended.

    What waits to be talked about goes on waiting until somebody has talked about it. At most four statements.
    """
    if incident.review_state == ReviewState.TO_REVIEW and not is_reviewed:
        return ReviewState.TO_REVIEW
    state = _state_of(incident)
    if state != incident.review_state:
        was, incident.review_state = incident.review_state, state
        incident.save(update_fields=["review_state"])
        add_event(incident, CHANGED, now=now, by=by, was=was, to=state.value)
    return state


def _state_of(incident: Incident) -> ReviewState:
    """Under way while any of its changes is open or unchecked; held when all of them hold."""
    talked = Review.objects.filter(incident=incident, ended_at__isnull=False).exclude(outcome=ReviewOutcome.NEXT_TIME)
    last = talked.order_by("-ended_at", "-pk").first()
    covering = last.covered_by_id if last and last.outcome == ReviewOutcome.COVERED else None
    mine = PreventionAction.objects.filter(Q(incident=incident) | Q(pk=covering))
    changes = list(mine.filter(committed_at__isnull=False, dropped_at__isnull=True).only("done_at", "verdict"))
    if any(change.done_at is None or change.verdict not in _CHECKED for change in changes):
        return ReviewState.PREVENTING
    if changes and all(change.verdict == CheckVerdict.NOT_SEEN for change in changes):
        return ReviewState.VERIFIED
    if last and last.outcome == ReviewOutcome.NO_ACTION:
        return ReviewState.NO_ACTION
    return ReviewState.REVIEWED if last or changes else ReviewState.NOT_REQUIRED
