"""The addresses of meetings and thanks, for the tests of all addresses: who may, which filters, which forms."""

from __future__ import annotations

from typing import Any

from incidents.models import Incident
from tests import make

#                        GET by desk, manager,      POST by desk, manager,
#                        administrator, outsider    administrator, outsider
TABLE = """
learn                    200 200 200 200            405 405 405 405
meeting-list             200 200 200 200            405 405 405 405
"""
FILTERS: dict[str, list[str]] = {"meeting-list": ["place", "after", "before"]}
FORMS: dict[str, dict[str, Any]] = {}
NO_FIELDS: set[str] = set()


def numbers(incident: Incident, cast: make.Cast) -> dict[str, int]:
    """A meeting, what is on it, and thanks, by the names of the addresses."""
    return {}
