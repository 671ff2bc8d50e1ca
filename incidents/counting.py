"""Counting that stops: a number costs the same for everybody, and "99+" says that there is more."""

from __future__ import annotations

MOST = 99


def told(number: int) -> int | str:
    """12; "99+" at most. What is counted stops at MOST + 1."""
    return f"{MOST}+" if number > MOST else number
