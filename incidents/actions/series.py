"""Meetings every so many weeks: the next three are always there, at the place's own clock.

Each of them knows its day by its key, so that one that was moved or cancelled by hand is not made again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid5

import structlog
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.actions import agenda, meetings
from incidents.actions.advance import add_event
from incidents.actions.refusals import Refused, Stale
from incidents.calendars import BusinessCalendar, resolve_local
from incidents.models import Event, Location, Meeting, MeetingSeries, Staff
from incidents.models.hours import calendar_of

log = structlog.get_logger(__name__)
AHEAD = 3
IN_ORDER = ("agenda_moved", "agenda_removed", "agenda_put_off")  # after that nothing is proposed by itself
FARTHEST = 60  # turns: a place that is closed on all of them has none


def make_series(
    *,
    location: Location,
    starts_on: dt.date,
    at: dt.time,
    every_weeks: int,
    minutes: int,
    facilitator: Staff,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> MeetingSeries:
    """With its first meetings. A key counts once."""
    meetings.must_call(by, location.pk)
    with transaction.atomic():
        fields = {
            "location": location,
            "starts_on": starts_on,
            "at": at,
            "every_weeks": every_weeks,
            "minutes": minutes,
            "facilitator": facilitator,
        }
        series, is_new = MeetingSeries.objects.get_or_create(submit_key=submit_key, defaults=fields)
        if not is_new:
            return _own(series, by)
        add_event(None, "series_made", now=now, by=by, subject_id=series.pk)
        keep_ahead(series, now=now)
        fill_next(location, now=now)
        return series


def _own(series: MeetingSeries, by: Staff) -> MeetingSeries:
    if not Event.objects.filter(incident=None, kind="series_made", subject_id=series.pk, by=by).exists():
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return series


@contextmanager
def _held(series_id: int, by: Staff) -> Iterator[MeetingSeries]:
    with transaction.atomic():
        MeetingSeries.objects.select_for_update(no_key=True).values_list("pk").get(pk=series_id)
        series = MeetingSeries.objects.select_related("location", "facilitator").get(pk=series_id)
        meetings.must_call(by, series.location_id)
        if series.ended_on is not None:
            raise Refused(_("These meetings have ended. Call new ones."))
        yield series


def change_series(
    *,
    series_id: int,
    expected_version: int,
    starts_on: dt.date,
    at: dt.time,
    every_weeks: int,
    minutes: int,
    facilitator: Staff,
    by: Staff,
    now: dt.datetime,
) -> MeetingSeries:
    """From now on. Meetings that began, or that somebody changed or added to, stay as they are."""
    with _held(series_id, by) as series:
        if series.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), series)
        series.starts_on, series.at, series.every_weeks = starts_on, at, every_weeks
        series.minutes, series.facilitator = minutes, facilitator
        series.version += 1
        series.save(update_fields=["starts_on", "at", "every_weeks", "minutes", "facilitator", "version"])
        add_event(None, "series_changed", now=now, by=by, subject_id=series.pk)
        _drop(_untouched(series, now), now=now)
        keep_ahead(series, now=now)
        fill_next(series.location, now=now)
        return series


def end_series(*, series_id: int, by: Staff, now: dt.datetime) -> MeetingSeries:
    """No more of them; what somebody changed or added to still takes place."""
    with _held(series_id, by) as series:
        series.ended_on = now.astimezone(series.location.zone).date()
        series.version += 1
        series.save(update_fields=["ended_on", "version"])
        add_event(None, "series_ended", now=now, by=by, subject_id=series.pk)
        _drop(_untouched(series, now), now=now)
        return series


def _untouched(series: MeetingSeries, now: dt.datetime) -> QuerySet[Meeting]:
    """Still to come, and as they were made."""
    ahead = series.meetings.filter(started_at=None, cancelled_at=None, ended_at=None, starts_at__gt=now, version=0)
    return ahead.exclude(items__added_by__isnull=False)


def _drop(rows: QuerySet[Meeting], *, now: dt.datetime) -> None:
    """Nobody had a hand in them: they leave no trace."""
    for meeting in rows.select_for_update(no_key=True, of=("self",)):
        meetings.forget(meeting, now=now)
        meeting.delete()


def keep_ahead(series: MeetingSeries, *, now: dt.datetime) -> int:
    """Make those of the next three that are not there. How many were made. The caller holds the lock."""
    made = 0
    for day in upcoming_days(series, now=now):
        key = uuid5(series.submit_key, day.isoformat())
        starts_at = resolve_local(dt.datetime.combine(day, series.at), series.location.zone)
        if not Meeting.objects.filter(Q(submit_key=key) | Q(series=series, starts_at=starts_at)).exists():
            _make(series, starts_at, key, now=now)
            made += 1
    return made


def upcoming_days(series: MeetingSeries, *, now: dt.datetime) -> list[dt.date]:
    """The next three days of it on which the place is not closed by a holiday or as a special day."""
    calendar, zone = calendar_of(series.location), series.location.zone
    step = dt.timedelta(weeks=series.every_weeks)
    turns = max((now.astimezone(zone).date() - series.starts_on) // step, 0)
    day, found = series.starts_on + turns * step, []
    for _turn in range(FARTHEST):
        is_closed = isinstance(calendar, BusinessCalendar) and calendar.is_closed_on(day)
        if not is_closed and resolve_local(dt.datetime.combine(day, series.at), zone) > now:
            found.append(day)
        if len(found) == AHEAD:
            break
        day += step
    return found


def _make(series: MeetingSeries, starts_at: dt.datetime, key: UUID, *, now: dt.datetime) -> None:
    meeting = Meeting.objects.create(
        location=series.location,
        series=series,
        starts_at=starts_at,
        minutes=series.minutes,
        facilitator=series.facilitator,
        created_at=now,
        created_by=series.facilitator,
        submit_key=key,
    )
    meetings.invite(meeting)
    meetings.remind(meeting, now=now)


def keep_all_ahead(*, now: dt.datetime) -> int:
    """Of every series that goes on; then the next meeting of each place gets its agenda. How many were made."""
    made = 0
    going_on = MeetingSeries.objects.filter(ended_on=None, location__is_active=True).order_by("pk")
    for pk in list(going_on.values_list("pk", flat=True)):
        try:
            made += _keep_one_ahead(pk, now=now)
        except OperationalError:
            raise  # the database is away: the next ring tries again
        except Exception:
            log.exception("series_not_kept", series=pk)
    return made


def _keep_one_ahead(pk: int, *, now: dt.datetime) -> int:
    with transaction.atomic():
        locked = MeetingSeries.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        series = locked.select_related("location", "facilitator").filter(pk=pk, ended_on=None).first()
        return keep_ahead(series, now=now) if series is not None else 0


def fill_next(location: Location, *, now: dt.datetime) -> int:
    """The agenda of the place's next meeting, until somebody puts it in order. How many were added."""
    with transaction.atomic():
        following = Meeting.objects.ahead().filter(location=location, started_at=None, starts_at__gt=now)
        first = following.order_by("starts_at", "pk").values_list("pk", flat=True)[:1]
        free = Meeting.objects.select_for_update(no_key=True, skip_locked=True)
        meeting = free.filter(pk__in=list(first), started_at=None, cancelled_at=None).first()
        if meeting is None or Event.objects.filter(incident=None, kind__in=IN_ORDER, subject_id=meeting.pk).exists():
            return 0
        meetings.invite(meeting)
        return agenda.propose(meeting, now=now)
