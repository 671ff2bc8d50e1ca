"""The addresses of a meeting while it runs and of reviews, for the tests of all addresses."""

from __future__ import annotations

from typing import Any

from incidents.actions import reviewing
from incidents.models import Incident, Meeting, Staff
from tests import make

# The meeting has not begun; the review is open, without a meeting.
TABLE = """
meeting-room             200 200 200 404            405 405 405 405
meeting-begin            405 405 405 405            403 302 302 404
meeting-state            200 200 200 404            405 405 405 405
meeting-go               405 405 405 405            403 422 422 404
meeting-write            403 200 200 404            405 405 405 405
meeting-review           405 405 405 405            403 409 409 404
meeting-end              405 405 405 405            403 409 409 404
item-notes               405 405 405 405            403 422 422 404
item-outcome             405 405 405 405            403 422 422 404
review-now               403 200 200 404            403 302 302 404
review-save              405 405 405 405            403 422 422 404
review-missed            405 405 405 405            403 422 422 404
review-agree             405 405 405 405            403 422 422 404
review-refile            405 405 405 405            403 422 422 404
review-outcome           405 405 405 405            403 422 422 404
review-again             405 405 405 405            403 302 302 404
"""
RESTRICTED_FOR_ITS_LOGGER = """
review-now               403    403
"""
FILTERS: dict[str, list[str]] = {"meeting-state": ["as", "tag"]}
FORMS: dict[str, dict[str, Any]] = {
    "meeting-begin": {"present": None, "writer": None, "then": None},
    "meeting-go": {"step": "next", "item": None, "at": None, "as": None, "review": None},
    "item-notes": {"notes": "Fewer calls late", "version": None, "as": None},
    "item-outcome": {"outcome": "talked"},
    "review-save": {"known_first": "By counting", "root_cause": None, "factors": None, "version": None, "as": None}
    | {f"why_{n}": "Nobody had told them" for n in range(1, 6)},
    "review-missed": {"step": None, "missed": None, "words": "Read it back", "tick": None, "known_first": None},
    "review-agree": {"submit_key": "", "what": "A list at the door", "kind": "checklist", "assignee": None}
    | {"due_on": "2030-01-02", "old_text": None, "new_text": None, "effective_on": None},
    "review-refile": {"category": None},
    "review-outcome": {"outcome": "no_action", "why_not": "It was once", "covered_by": None, "version": None},
    "meeting-end": {"put_off": None},
}
NO_FIELDS = {"meeting-review", "review-now", "review-again"}


def numbers(incident: Incident, by: Staff, meeting: Meeting) -> dict[str, int]:
    """Its open review, and an item that is not about a mistake, by the names of the addresses."""
    review = reviewing.open_review(incident_id=incident.pk, by=by, now=make.NOW)
    item = meeting.items.filter(incident=None).latest("position")
    return {"review": review.pk, "item": item.pk}
