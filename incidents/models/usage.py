"""Which kinds of mistakes a place logs most: what its tiles begin with."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db import connection
from django.db.models import Count

from incidents.calendars import resolve_local
from incidents.models.catalogue import Category
from incidents.models.incident import Incident
from incidents.models.staff import Location

CATCH_ALL = "other"  # the key of the shipped kind for what fits no other
WINDOW = dt.timedelta(days=90)
KEPT = int(dt.timedelta(days=2).total_seconds())
MOST_KNOWN = 1000  # places and days, in this process
_known: dict[tuple[object, int, dt.date], dict[int, int]] = {}


def by_use(categories: list[Category], place: Location, now: dt.datetime) -> list[Category]:
    """The kinds logged most in the 90 days before today first, the others in their own order, *something else* last.

    The same from midnight to midnight of the place, so that the number keys stay where they were learnt. Each
    process looks once a day; the first of them counts, the others take it from the cache. Restricted ones are
    not counted: the order would tell of them.
    """
    used = _used(place, now)
    return sorted(categories, key=lambda category: (category.key == CATCH_ALL, -used.get(category.pk, 0)))


def forget() -> None:
    """As a process that has just begun."""
    _known.clear()


def _used(place: Location, now: dt.datetime) -> dict[int, int]:
    """How often each kind was logged there, by its key."""
    today = now.astimezone(place.zone).date()
    at = (connection.settings_dict["NAME"], place.pk, today)
    if at not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[at] = _shared(place, today)
    return _known[at]


def _shared(place: Location, today: dt.date) -> dict[int, int]:
    """What the first process that asked has counted."""
    key = f"category-use:{place.pk}:{today}"
    known: dict[int, int] | None = cache.get(key)
    if known is None:
        known = _count(place, today)
        cache.set(key, known, KEPT)
    return known


def _count(place: Location, today: dt.date) -> dict[int, int]:
    until = resolve_local(dt.datetime.combine(today, dt.time()), place.zone)
    logged = Incident.objects.filter(
        location=place, is_restricted=False, created_at__gte=until - WINDOW, created_at__lt=until
    )
    return dict(logged.order_by().values_list("category").annotate(Count("pk")))
