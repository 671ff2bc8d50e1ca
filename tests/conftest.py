"""What pytest loads first. Fixtures live by kind: the cast of people, programs of our own, the browser."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.cast", "tests.programs", "tests.browser.plumbing", "tests.world"]
HERE = Path(__file__).parent
LONG = ("faults", "browser", "project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with programs of their own first: at the end one process would wait for the other."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG if HERE in item.path.parents else True)
