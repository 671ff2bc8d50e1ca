"""The addresses of practice, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from incidents.models import Scenario
from tests import make

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
practice                 200 200 200 200            405 405 405 405
practice-library         200 200 200 200            405 405 405 405
scenario-new             403 200 200 403            403 422 422 403
scenario-show            200 200 200 200            405 405 405 405
scenario-answer          405 405 405 405            422 422 422 422
scenario-change          403 409 409 403            403 409 409 403
scenario-publish         403 405 405 403            403 302 302 403
scenario-close           403 405 405 403            403 302 302 403
scenario-open            403 405 405 403            403 302 302 403
scenario-best            403 405 405 403            403 422 422 403
scenario-remove          403 405 405 403            403 422 422 403
"""
FILTERS: dict[str, list[str]] = {"practice-library": ["category"], "scenario-new": ["from"]}
FORMS: dict[str, dict[str, Any]] = {
    "scenario-new": {"submit_key": "", "title": "A key", "story": "It stuck.", "question": "And now?"}
    | {"ending": "It was oiled.", "category": None, "place": None, "version": None},
    "scenario-answer": {"words": "I would have gone up with them."},
    "scenario-change": {"version": "0", "title": None, "story": None, "question": None, "ending": None}
    | {"category": None},
    "scenario-best": {"words": "Go up with them.", "where": "here"},
    "scenario-remove": {"answer": str(uuid4())},
}
NO_FIELDS = {"scenario-publish", "scenario-close", "scenario-open"}


def scenario(cast: make.Cast, *answers: str, **over: Any) -> Scenario:
    """One of the first place, out since NOW, with these answers."""
    from incidents.actions import practice

    fields: dict[str, Any] = {
        "location": cast.here,
        "category": make.category(),
        "title": "The key that would not turn",
        "story": "It is eleven at night, and the key of the guest does not turn.",
        "question": "What do you do?",
        "ending": "The night porter oiled the lock and carried the bags.",
        "created_at": make.NOW,
        "created_by": cast.manager,
        "published_at": make.NOW,
        "submit_key": uuid4(),
    }
    made = Scenario.objects.create(**fields | over)
    for words in answers:
        practice.answer(scenario_id=made.pk, words=words)
    return made


def numbers(cast: make.Cast) -> dict[str, int]:
    """A story that is out, by the names of the addresses."""
    return {"scenario": (Scenario.objects.first() or scenario(cast)).pk}
