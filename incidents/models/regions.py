"""Public holidays for people: countries and their parts by name, and what comes up. Reads no row."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.translation import get_language

from incidents.public_holidays import holidays_of, is_region, regions

MOST_CODE = 12
_SMALL = re.compile(r"\b(And|Of|The)\b")


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Code and name, by name."""
    from holidays.registry import COUNTRIES

    names = {row[1]: _spaced(row[0]) for row in COUNTRIES.values()}
    return dict(sorted(((code, names.get(code, code)) for code in regions()), key=lambda row: row[1]))


def _spaced(name: str) -> str:
    """ "UnitedStates" as people write it."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return _SMALL.sub(lambda found: found[0].lower(), words)


@lru_cache(maxsize=300)
def parts_of(country: str) -> dict[str, str]:
    """The parts of a country that have holidays of their own, code and name, by name."""
    from holidays import country_holidays

    if country not in regions():
        return {}
    names: dict[str, str] = {}
    for name, code in country_holidays(country).subdivisions_aliases.items():
        names.setdefault(code, name)
    fitting = (code for code in regions()[country] if len(f"{country}-{code}") <= MOST_CODE)
    return dict(sorted(((code, names.get(code, code)) for code in fitting), key=lambda row: row[1]))


def split(region: str) -> tuple[str, str]:
    """ "DE-BY" as its country and part; nothing of either where there is none."""
    country, _hyphen, part = region.partition("-")
    return country, part


def region_words(region: str) -> str:
    country, part = split(region)
    name = countries().get(country, country)
    return f"{name}, {parts_of(country).get(part, part)}" if part else name


def upcoming(region: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Day and name, in the reader's language where the country's holidays are known in it."""
    if not is_region(region):
        return {}
    language = _language(split(region)[0], get_language() or "en")
    years = range(first.year, last.year + 1)
    return {
        day: name for year in years for day, name in holidays_of(region, year, language).items() if first <= day <= last
    }


@lru_cache(maxsize=300)
def _language(country: str, wanted: str) -> str | None:
    """As the library calls it; None for the country's own."""
    from holidays import country_holidays

    spoken = "en_US" if wanted.startswith("en") else wanted.replace("-", "_")
    return spoken if spoken in country_holidays(country).supported_languages else None
