"""Holds a way that was walked against its limits and against docs/desk-speed.md."""

from __future__ import annotations

import os

from tests.browser import desk_speed
from tests.browser.desk_speed import Count


def check(name: str, count: Count, base: Count | None = None) -> None:
    """Within its limits, and as docs/desk-speed.md has it."""
    assert desk_speed.holds(name, count, base), f"{name}: {count.interactions} interactions, {count.total:.1f} s"
    desk_speed.keep(name, count)
    if desk_speed.MEASURED not in os.environ:
        row = desk_speed.row_of(name, count, base)
        assert row in desk_speed.DOC.read_text(), f"python -m tests.browser.desk_speed writes: {row}"
