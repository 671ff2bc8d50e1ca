"""What pytest loads first. Fixtures live by kind: the cast, databases, programs, the browser."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.databases",
    "tests.kept",
    "tests.rendering",
    "tests.cast",
    "tests.programs",
    "tests.browser.plumbing",
    "tests.world",
]
FAULTS = Path(__file__).parent / "faults"
# A busy machine is no finding.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with programs and databases of their own first: at the end one process would wait for the other.

    The rest keeps pytest-django's order: what empties the tables comes last.
    """
    items.sort(key=lambda item: FAULTS not in item.path.parents)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: Python need not look through all of it again and again for what can go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
