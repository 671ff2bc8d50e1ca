"""The addresses of what we change, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from incidents.models import Incident, Staff
from tests.make import DAY
from tests.preventing import commit

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
prevention-list          200 200 200 200            405 405 405 405
prevention-show          200 200 200 404            405 405 405 405
prevention-commit        403 405 405 403            403 422 422 403
prevention-move          405 405 405 405            403 422 422 404
prevention-finish        405 405 405 405            403 422 422 404
prevention-drop          405 405 405 405            403 422 422 404
prevention-check         405 405 405 405            403 409 409 404
prevention-tell          403 405 405 403            403 422 422 403
prevention-customers     403 405 405 403            403 422 422 403
recover-prevent          405 405 405 405            422 422 422 404
"""
RESTRICTED_FOR_ITS_LOGGER = """
recover-prevent          405    403
"""
FILTERS: dict[str, list[str]] = {"prevention-list": ["view", "place", "who", "after", "before"]}
_WHEN = {"due_on": "2026-12-01", "assignee": None}
FORMS: dict[str, dict[str, Any]] = {
    "prevention-commit": {"what": "Read it back", "kind": "checklist", "expected_version": None} | _WHEN,
    "prevention-move": {"expected_version": None} | _WHEN,
    "prevention-finish": {"evidence": "It hangs there.", "effective_on": None},
    "prevention-drop": {"reason": "Too dear"},
    "prevention-tell": {"location": None, "decide": "skip", "reason": "No rooms there"},
    "prevention-customers": {"submit_key": "", "incidents": None, "words": "We read it back."} | _WHEN,
    "recover-prevent": {
        "submit_key": "",
        "what": "Read it back",
        "kind": "checklist",
        **dict.fromkeys(("old_text", "new_text", "effective_on", "decide")),
    }
    | _WHEN,
}
NO_FIELDS = {"prevention-check"}


def numbers(incident: Incident, by: Staff) -> dict[str, int]:
    """A change because of it that an administrator does, by the names of the addresses."""
    action = incident.preventions.first()
    if action is None:
        now = timezone.now()
        action = commit(incident, by, now=now, due_on=(now + 14 * DAY).date())
    return {"prevention": action.pk}
