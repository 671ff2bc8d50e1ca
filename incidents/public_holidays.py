"""Public holidays of a country, or of a part of one ("US", "DE-BY"), from the `holidays` library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType


@lru_cache(maxsize=512)
def holidays_of(region: str, year: int, language: str | None = None) -> Mapping[dt.date, str]:
    """The days and their names, in order; none for a region that the library does not know."""
    import holidays  # a fifth of a second that only those pay who have a region

    country, _dash, part = region.partition("-")
    try:
        found = holidays.country_holidays(country, part or None, years=year, expand=False, language=language)
    except NotImplementedError:
        return MappingProxyType({})
    return MappingProxyType({day: str(found[day]) for day in sorted(found)})


@lru_cache(maxsize=1)
def regions() -> Mapping[str, tuple[str, ...]]:
    """Every country that is known, and its parts."""
    from holidays.utils import list_supported_countries

    return MappingProxyType({name: tuple(parts) for name, parts in list_supported_countries(False).items()})


def is_region(region: str) -> bool:
    country, dash, part = region.partition("-")
    return country in regions() and (part in regions()[country] if dash else True)
