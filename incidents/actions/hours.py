"""When a place is open: its week, its special days, whose public holidays. The deadlines follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.catalogue.rows import CHANGED, catalogue
from incidents.actions.reckon import ask_to_reckon
from incidents.actions.refusals import Refused, Stale
from incidents.models import Job, Location, OpenHours, SpecialDay, Staff
from incidents.models.base import EARLIEST, LATEST
from incidents.public_holidays import is_region

Hours = tuple[int, dt.time, dt.time]  # weekday (Monday is 0), opens, closes
MOST = 8  # intervals a day
MOST_DAYS = 366
_DAY = 24 * 60


def set_hours(
    *, location_id: int, week: Iterable[Hours], expected_version: int, by: Staff, now: dt.datetime
) -> Job | None:
    """The whole week; empty is always open. None when it is so already.

    Refused in words for intervals that overlap or days with too many. Stale for another version of the location.
    """
    with place_of(location_id, by) as place:
        hours = sorted(week)
        stored = place.open_hours.order_by("weekday", "opens", "closes")
        if hours == list(stored.values_list("weekday", "opens", "closes")):
            return None
        _must_be_apart(hours)
        place.open_hours.all().delete()
        OpenHours.objects.bulk_create(OpenHours(location=place, weekday=w, opens=o, closes=c) for w, o, c in hours)
        return _changed(place, "hours", expected_version, by=by, now=now)


def set_special_day(
    *,
    location_id: int,
    date: dt.date,
    is_open: bool,
    by: Staff,
    now: dt.datetime,
    name: str = "",
    until: dt.date | None = None,
) -> Job | None:
    """Closed that day though the week says open, or open as usual though it is a holiday. None when it is so already.

    The same for every day up to and with `until`. Refused for more than a year, and for opening on a day on which
    the week has no hours.
    """
    with place_of(location_id, by) as place:
        days = _days(date, until)
        if is_open:
            _must_have_hours(place, days)
        stored = set(place.special_days.filter(date__in=days).values_list("date", "name", "is_open"))
        rows = [SpecialDay(location=place, date=day, name=name, is_open=is_open) for day in days]
        changed = [row for row in rows if (row.date, name, is_open) not in stored]
        if not changed:
            return None
        SpecialDay.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["location", "date"],
            update_fields=["name", "is_open"],
        )
        return _changed(place, "special_day", None, by=by, now=now)


def drop_special_day(
    *, location_id: int, date: dt.date, by: Staff, now: dt.datetime, until: dt.date | None = None
) -> Job | None:
    """A day like any other again, or all of them up to and with `until`. None when they are already."""
    with place_of(location_id, by) as place:
        if not place.special_days.filter(date__range=(date, until or date)).delete()[0]:
            return None
        return _changed(place, "special_day", None, by=by, now=now)


def _days(first: dt.date, last: dt.date | None) -> list[dt.date]:
    count = ((last or first) - first).days + 1
    if not EARLIEST.date() <= first <= (last or first) < LATEST.date():
        raise Refused(_("Choose days of this century, the last one not before the first."))
    if count > MOST_DAYS:
        raise Refused(_("A year at once is the most."))
    return [first + dt.timedelta(days=number) for number in range(count)]


def set_holiday_region(
    *, location_id: int, region: str, expected_version: int, by: Staff, now: dt.datetime
) -> Job | None:
    """Whose public holidays close it ("US", "DE-BY"); empty for none. None when it is so already."""
    with place_of(location_id, by) as place:
        if region == place.holiday_region:
            return None
        if region and not is_region(region):
            raise Refused(_("We do not know the public holidays of this region. Choose one from the list."))
        place.holiday_region = region
        return _changed(place, "holiday_region", expected_version, by=by, now=now)


@contextmanager
def place_of(location_id: int, by: Staff) -> Iterator[Location]:
    """The place, locked. NotYours for whoever may not set it up."""
    with catalogue(by, Location.objects.get(pk=location_id)):
        yield Location.objects.select_for_update(no_key=True).get(pk=location_id)


def _changed(place: Location, what: str, expected_version: int | None, *, by: Staff, now: dt.datetime) -> Job:
    if expected_version is not None and place.version != expected_version:
        raise Stale(CHANGED, place)
    place.version += 1
    place.save(update_fields=["holiday_region", "version"])
    add_event(None, "hours_changed", now=now, by=by, subject_id=place.pk, what=what)
    return ask_to_reckon(location_id=place.pk, by=by, now=now)


def _must_have_hours(place: Location, days: Iterable[dt.date]) -> None:
    weekdays = set(place.open_hours.values_list("weekday", flat=True))
    closed = next((day for day in days if weekdays and day.weekday() not in weekdays), None)
    if closed is not None:
        words = _("The week has no hours for %(day)s, so the place stays closed. Add hours for that day of the week.")
        raise Refused(words % {"day": WEEKDAYS[closed.weekday()]})


def _must_be_apart(hours: Sequence[Hours]) -> None:
    for weekday in range(7):
        if sum(row[0] == weekday for row in hours) > MOST:
            words = _("%(day)s has more than %(most)d intervals. Put some together.")
            raise Refused(words % {"day": WEEKDAYS[weekday], "most": MOST})
    for (begins, ends, first), (next_begins, _ends, second) in _neighbours(hours):
        if next_begins < ends and begins <= next_begins:
            words = _("%(first)s and %(second)s overlap. Change one of them.")
            raise Refused(words % {"first": hours_words(first), "second": hours_words(second)})


Stretch = tuple[int, int, Hours]  # minutes since Monday began


def _neighbours(hours: Sequence[Hours]) -> Iterator[tuple[Stretch, Stretch]]:
    """Each interval and the one after it, the last one's being the first of the next week."""
    stretches = [_stretch(row) for row in hours]
    if len(stretches) < 2:
        return
    begins, ends, first = stretches[0]
    yield from zip(stretches, [*stretches[1:], (begins + 7 * _DAY, ends + 7 * _DAY, first)], strict=True)


def _stretch(row: Hours) -> Stretch:
    weekday, opens, closes = row
    begins = weekday * _DAY + opens.hour * 60 + opens.minute
    length = (closes.hour * 60 + closes.minute - opens.hour * 60 - opens.minute) % _DAY or _DAY
    return begins, begins + length, row


def hours_words(row: Hours) -> str:
    """ "Monday 09:00 to 12:30"."""
    weekday, opens, closes = row
    words = {
        "day": WEEKDAYS[weekday],
        "opens": time_format(opens, "H:i"),
        "closes": time_format(closes, "H:i"),
    }
    return str(_("%(day)s %(opens)s to %(closes)s") % words)
