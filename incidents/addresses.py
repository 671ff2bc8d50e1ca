"""Addresses that a page names dozens of times: Django takes 20 microseconds for each, this one."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse

# Where these stand in an address, the real ones go.
REFERENCE, ROW = "R-0000-00000", 8_999_999_999_999_999_999


def address_of(view: str, reference: str = "", row: int | None = None, *, name: str = "") -> str:
    """Of a view of one incident, of one row that hangs on it, or of a row alone. `name`: one of a few words between."""
    known = (REFERENCE if reference else "", name, "" if row is None else str(ROW))
    found = _pattern(view, tuple(filter(None, known)), get_script_prefix())
    if reference:
        found = found.replace(REFERENCE, reference)
    return found if row is None else found.replace(str(ROW), str(row))


@lru_cache(maxsize=256)
def _pattern(view: str, known: tuple[str, ...], prefix: str) -> str:
    """`prefix` is where the whole is served: what `reverse` gives begins with it."""
    return reverse(view, args=known)
