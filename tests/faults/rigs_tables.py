"""Guards of an upgrade."""

from __future__ import annotations

from tests.faults.rigs import part, rig


@rig("thinks-in-between")
def think_in_between() -> None:
    """Guard off: a migration works out what the models look like while it holds its tables, as Django does."""
    from contextlib import nullcontext

    part("management.commands.prepare_database").thinking_first = nullcontext
