"""A place that closes, and moments on its clock."""

from __future__ import annotations

import datetime as dt

from incidents.models import Location, OpenHours

OFFICE = ((dt.time(9), dt.time(12, 30)), (dt.time(13, 30), dt.time(17, 30)))
WEEK = [(day, opens, closes) for day in range(5) for opens, closes in OFFICE]


def keep_office_hours(place: Location) -> Location:
    """09:00-12:30 and 13:30-17:30, Monday to Friday. The place as it is stored then."""
    OpenHours.objects.bulk_create(OpenHours(location=place, weekday=w, opens=o, closes=c) for w, o, c in WEEK)
    return Location.objects.get(pk=place.pk)


def local(place: Location, moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=place.zone).astimezone(dt.UTC)
