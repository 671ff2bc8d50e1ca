"""The addresses of patterns, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from incidents.actions.noticed import log_others
from incidents.models import Incident, Pattern, Staff
from tests import make

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
pattern-list             403 200 200 403            403 405 405 403
pattern-done             403 200 200 403            403 405 405 403
pattern-look             403 200 200 403            403 422 422 403
pattern-show             403 200 200 403            403 405 405 403
pattern-note             403 405 405 403            403 422 422 403
pattern-link             403 405 405 403            403 302 302 403
pattern-close            403 405 405 403            403 302 302 403
pattern-reopen           403 405 405 403            403 302 302 403
recover-cause            405 405 405 405            403 302 302 404
recover-others           405 405 405 405            422 422 422 404
"""
RESTRICTED_FOR_ITS_LOGGER = """
recover-cause            405    403
recover-others           405    403
"""
FILTERS: dict[str, list[str]] = {
    "pattern-list": ["place", "days"],
    "pattern-look": ["kind", "value", "place", "days"],
    "pattern-show": ["after", "before"],
}
FORMS: dict[str, dict[str, Any]] = {
    "pattern-look": {"submit_key": "", "kind": "item", "value": "room 1", "place": None, "days": None, "note": None},
    "pattern-note": {"note": "The valve", "version": None},
    "recover-cause": {"root_cause": None},
    "recover-others": {"submit_key": "", "guests": "A man with a hat", "what_happened": "It was cold"}
    | {f"{name}_{n}": None for name in ("name", "customer") for n in (1, 2, 3)},
}
NO_FIELDS = {"pattern-link", "pattern-close", "pattern-reopen"}


def numbers(incident: Incident, by: Staff) -> dict[str, int]:
    """A pattern that it belongs to, by the names of the addresses."""
    event = Pattern.objects.filter(links__incident=incident).first()
    if event is None:
        others: dict[str, Any] = {
            "hints": ["Somebody in the lift"],
            "what_happened": "It stood still.",
            "submit_key": uuid4(),
        }
        event = log_others(incident_id=incident.pk, by=by, now=make.NOW, **others).event
    return {"pattern": event.pk}
