"""Telling managers what happens more often at their place, and when it is time to go back to basics.

Restricted incidents are left out altogether: whoever is told sees everything that was counted.
"""

from __future__ import annotations

import datetime as dt

import structlog
from django.core.cache import cache
from django.db import OperationalError, connection, transaction

from incidents.actions.notify import managers_of, notify
from incidents.actions.remind import database_now
from incidents.models import (
    Category,
    Incident,
    Location,
    Notice,
    NoticeKind,
    NoticeReason,
    Pattern,
    PatternKind,
    Staff,
)
from incidents.models.tally import BASICS_DAYS, DAY, basics_of, countable, tally, windows_known

log = structlog.get_logger(__name__)
DAYS = 28  # the window, and each of those before it
TOLD_FOR = {NoticeKind.RISING: 7 * DAY, NoticeKind.BASICS: BASICS_DAYS * DAY}  # not again before
WATCHED = "patterns-watched"  # the key in the cache while it need not be done again
HOUR = 3600
TURN = 7_220_004  # the advisory lock, with the place's number, under which its managers are told


def keep_watch() -> int:
    """All places, at most once an hour however often it is rung. How many things were told."""
    if not cache.add(WATCHED, True, HOUR):
        return 0
    try:
        return watch_all(now=database_now())
    except Exception:
        cache.delete(WATCHED)
        raise


def watch_all(*, now: dt.datetime) -> int:
    """Each place in a transaction of its own, and none keeps the others waiting; one that is in hand is left alone."""
    told = 0
    for location in Location.objects.active().order_by("pk"):
        try:
            told += watch(location, now=now)
        except OperationalError:
            raise  # the database is away: the next ring tries again
        except Exception:
            log.exception("place_not_watched", location=location.pk)
    return told


def watch(location: Location, *, now: dt.datetime) -> int:
    with transaction.atomic():
        return _tell_rising(location, now) + _tell_basics(location, now) if _has_turn(location) else 0


def _has_turn(location: Location) -> bool:
    """Two at once would both find that nobody was told yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [TURN, location.pk % 2**31])
        return bool(cursor.fetchone()[0])


def _tell_rising(location: Location, now: dt.datetime) -> int:
    """What nobody looks into yet."""
    rows = Incident.objects.filter(location=location, is_restricted=False)
    windows = windows_known(rows, now=now, days=DAYS)
    found = tally(rows, now=now, days=DAYS, windows=windows, kinds=[PatternKind.CATEGORY])
    kinds = Category.objects.filter(is_active=True, is_restricted=False).count()
    rising = [each for each in found if each.trend.is_rising_among(kinds)]
    if not rising:
        return 0
    open_here = Pattern.objects.open().filter(kind=PatternKind.CATEGORY)
    watched = set(open_here.filter(location=location).values_list("category_id", flat=True))
    watched |= set(open_here.filter(location=None).values_list("category_id", flat=True))
    told = [
        _tell(NoticeKind.RISING, int(each.value), each.newest, location, now)
        for each in rising
        if each.value not in watched
    ]
    return sum(told)


def _tell_basics(location: Location, now: dt.datetime) -> int:
    rows = Incident.objects.filter(location=location, is_restricted=False)
    if basics_of(rows, now=now) is None:
        return 0
    newest = countable(rows.filter(category__is_basics=True, reported_at__lte=now)).latest("reported_at", "pk")
    return _tell(NoticeKind.BASICS, location.pk, newest.pk, location, now)


def _tell(kind: NoticeKind, subject_id: int, newest: int, location: Location, now: dt.datetime) -> bool:
    """Those managers of the place who were not told lately; the notice hangs on the newest incident of it."""
    incident = Incident.objects.select_related("location", "category", "customer").get(pk=newest)
    people = managers_of(incident)
    here = Notice.objects.filter(
        recipient__in=people, kind=kind, subject_id=subject_id, occurrence__startswith=f"{location.pk}/"
    )
    known = set(here.filter(at__gt=now - TOLD_FOR[kind]).values_list("recipient", flat=True))
    untold: list[Staff] = [person for person in people if person.pk not in known]
    notify(
        kind=kind,
        incident=incident,
        recipients=untold,
        subject_id=subject_id,
        occurrence=f"{location.pk}/{now.isoformat()}",
        now=now,
        reason=NoticeReason.MANAGER,
    )
    return bool(untold)
