"""The addresses of procedures, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from incidents.actions import procedures
from incidents.models import Procedure
from tests import make
from tests.make import NOW, Cast

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
procedure-list           200 200 200 200            405 405 405 405
procedure-new            403 200 200 403            403 422 422 403
procedure-show           200 200 200 404            405 405 405 405
procedure-version        200 200 200 404            405 405 405 405
procedure-write          403 200 200 404            403 422 422 404
procedure-about          403 200 200 403            403 422 422 403
procedure-read           405 405 405 405            404 404 404 404
procedure-true           405 405 405 405            403 302 302 404
procedure-retire         403 405 405 403            403 302 302 403
procedure-restore        403 405 405 403            403 302 302 403
"""
FILTERS: dict[str, list[str]] = {
    "procedure-list": ["view", "place", "category", "after", "change"],
    "procedure-version": ["against", "side"],
    "procedure-write": ["change"],
    "procedure-new": ["change"],
}
FORMS: dict[str, dict[str, Any]] = {
    "procedure-new": {"submit_key": "", "title": "Taking an order", "words": "Slowly.", "steps": None}
    | {"place": None, "responsible": None, "review_every_days": "365", "categories": None},
    "procedure-write": {"words": "Slowly, and read back.", "steps": None, "why": None, "version": "0"},
    "procedure-about": {"title": "Orders", "responsible": None, "review_every_days": "90", "version": "0"}
    | {"categories": None},
    "procedure-read": {"number": "1"},
}
NO_FIELDS = {"procedure-true", "procedure-retire", "procedure-restore"}


def written(cast: Cast, **over: Any) -> Procedure:
    """By the manager, for the first place."""
    fields: dict[str, Any] = {
        "title": "Taking an order",
        "location": cast.here,
        "responsible": cast.manager,
        "categories": [make.category()],
        "review_every_days": 365,
        "words": "Ask slowly.\nSay it back.",
        "steps": "Write the name\nRead the order back",
        "by": cast.manager,
        "now": NOW,
        "submit_key": uuid4(),
    }
    return procedures.make_procedure(**fields | over)


def numbers(cast: Cast) -> dict[str, int]:
    """A procedure, and a cause, by the names of the addresses."""
    from incidents.models import RootCause

    found = Procedure.objects.filter(location=cast.here).first() or written(cast)
    return {"procedure": found.pk, "cause": RootCause.objects.earliest("pk").pk}
