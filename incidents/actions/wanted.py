"""What nobody needs to put on the list: all of a small place, and the newest of what keeps happening."""

from __future__ import annotations

import datetime as dt

import structlog
from django.core.cache import cache
from django.db import OperationalError
from django.db.models import Exists, OuterRef

from incidents.actions import series
from incidents.actions.advance import locked
from incidents.actions.remind import database_now
from incidents.actions.review import TAKEN_OFF, put_on_list
from incidents.models import Event, Incident, Location, Pattern, WhyReview
from incidents.models.incident import IncidentQuerySet, ReviewState
from incidents.vocabulary import NOT_AN_INCIDENT

log = structlog.get_logger(__name__)
DAYS = dt.timedelta(days=28)
FEW = 20  # incidents in that time: with fewer all are talked about
OF_A_PATTERN = 3  # the newest of it stand for the others
AT_ONCE = 200
KEPT, EVERY = "meetings-kept", 300  # the key in the cache while it need not be done again, and the seconds


def keep_meetings() -> int:
    """All places, every few minutes however often it is rung. How many things were put on lists."""
    if not cache.add(KEPT, True, EVERY):
        return 0
    try:
        return keep_all(now=database_now())
    except Exception:
        cache.delete(KEPT)
        raise


def keep_all(*, now: dt.datetime) -> int:
    """The lists of all places, the meetings of every series, the agenda of each place's next one."""
    added = 0
    series.keep_all_ahead(now=now)
    for location in Location.objects.active().order_by("pk"):
        try:
            added += ask_for_all(location, now=now) + ask_of_patterns(location, now=now)
            series.fill_next(location, now=now)
        except OperationalError:
            raise  # the database is away: the next ring tries again
        except Exception:
            log.exception("meetings_not_kept", location=location.pk)
    return added


def talks_about_all(location: Location, *, now: dt.datetime) -> bool:
    """As the place says it; when it says nothing, while there are few."""
    if location.reviews_all is not None:
        return location.reviews_all
    return len(_lately(location, now).values_list("pk")[:FEW]) < FEW


def _lately(location: Location, now: dt.datetime) -> IncidentQuerySet:
    rows = Incident.objects.filter(location=location, reported_at__gt=now - DAYS, reported_at__lte=now)
    return rows.exclude(close_reason__in=NOT_AN_INCIDENT)


def _unasked(rows: IncidentQuerySet) -> IncidentQuerySet:
    """Those no meeting has heard of, and that nobody took off the list."""
    taken_off = Event.objects.filter(incident=OuterRef("pk"), kind=TAKEN_OFF)
    return rows.filter(~Exists(taken_off), review_state=ReviewState.NOT_REQUIRED)


def ask_for_all(location: Location, *, now: dt.datetime) -> int:
    if not talks_about_all(location, now=now):
        return 0
    rows = _unasked(_lately(location, now)).order_by("pk")[:AT_ONCE]
    return _put(rows, WhyReview.SMALL_PLACE, now=now)


def ask_of_patterns(location: Location, *, now: dt.datetime) -> int:
    """Of each that somebody looks into, as long as fewer than three of it wait."""
    mine = Pattern.objects.open().filter(location=location).order_by("pk")
    return sum(ask_of_pattern(pattern, location, now=now) for pattern in mine)


def ask_of_pattern(pattern: Pattern, location: Location, *, now: dt.datetime) -> int:
    """The newest of it, by whoever links them at once; the sweep finds what was linked one by one."""
    lately = _lately(location, now).filter(pattern_links__pattern=pattern)
    waiting = lately.filter(review_state=ReviewState.TO_REVIEW).count()
    if waiting >= OF_A_PATTERN:
        return 0
    newest = _unasked(lately).order_by("-reported_at", "-pk")[: OF_A_PATTERN - waiting]
    return _put(newest, WhyReview.PATTERN, now=now)


def _put(rows: IncidentQuerySet, why: WhyReview, *, now: dt.datetime) -> int:
    """In the order in which everybody locks several."""
    added = 0
    for pk in sorted(rows.values_list("pk", flat=True)):
        with locked(pk, must_be_open=False) as incident:
            if put_on_list(incident, why, by=None, now=now):
                incident.save(update_fields=["review_state"])
                added += 1
    return added
