"""Calling meetings: one, or one every so many weeks; moving them, cancelling them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions import agenda, learning_news
from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Location, Meeting, MeetingPerson, ReminderKind, Staff

LATEST = dt.timedelta(hours=1)  # so long ago it may still be written down that a meeting begins


def must_call(by: Staff, location_id: int) -> None:
    if not access.can_set_up(by, location_id):
        raise NotYours(_("A manager of the place calls its meetings."))


def make_meeting(
    *,
    location: Location,
    starts_at: dt.datetime,
    minutes: int,
    facilitator: Staff,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> Meeting:
    """One meeting, with an agenda proposed for it and everybody of the place invited. A key counts once."""
    must_call(by, location.pk)
    with transaction.atomic():
        if sent := Meeting.objects.filter(submit_key=submit_key).first():
            return _own(sent, by)
        _must_be_ahead(starts_at, now)
        meeting = Meeting.objects.create(
            location=location,
            starts_at=starts_at,
            minutes=minutes,
            facilitator=facilitator,
            created_at=now,
            created_by=by,
            submit_key=submit_key,
        )
        add_event(None, "meeting_called", now=now, by=by, subject_id=meeting.pk)
        invite(meeting)
        agenda.propose(meeting, now=now)
        remind(meeting, now=now)
        return meeting


def _own(meeting: Meeting, by: Staff) -> Meeting:
    if meeting.created_by_id != by.pk:
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return meeting


def _must_be_ahead(starts_at: dt.datetime, now: dt.datetime) -> None:
    if starts_at < now - LATEST:
        raise Refused(_("That moment has passed. Choose one that is still to come."))


def _must_be_apart(meeting: Meeting, starts_at: dt.datetime) -> None:
    """Of one series no two stand at one moment, not even a cancelled one."""
    if meeting.series_id is not None and Meeting.objects.filter(series=meeting.series_id, starts_at=starts_at).exists():
        raise Refused(_("Another of these meetings is at the same time. Choose another time."))


def invite(meeting: Meeting) -> None:
    """Whoever works at the place now, and who leads the meeting."""
    here = Staff.objects.filter(is_active=True, memberships__location=meeting.location_id).values_list("pk", flat=True)
    people = dict.fromkeys([*here, meeting.facilitator_id])
    MeetingPerson.objects.bulk_create(
        [MeetingPerson(meeting=meeting, staff_id=pk) for pk in people], ignore_conflicts=True
    )


def remind(meeting: Meeting, *, now: dt.datetime) -> None:
    """Of those invited, shortly before it begins; at no earlier time any more."""
    learning_news.remind_of(kind=ReminderKind.MEETING_SOON, subject_id=meeting.pk, target_at=meeting.starts_at, now=now)


def forget(meeting: Meeting, *, now: dt.datetime) -> None:
    """Nobody is reminded of it."""
    learning_news.withdraw(ReminderKind.MEETING_SOON, meeting.pk, now=now)


def change_meeting(
    *,
    meeting_id: int,
    expected_version: int,
    starts_at: dt.datetime,
    minutes: int,
    facilitator: Staff,
    writer: Staff | None,
    people: Collection[Staff],
    by: Staff,
    now: dt.datetime,
) -> Meeting:
    """Another time, other people. Stale when somebody changed it meanwhile; Refused once it has begun."""
    with agenda.held(meeting_id, may_run=False) as meeting:
        must_call(by, meeting.location_id)
        if meeting.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), meeting)
        is_moved = starts_at != meeting.starts_at
        if is_moved:
            _must_be_ahead(starts_at, now)
            _must_be_apart(meeting, starts_at)
        meeting.starts_at, meeting.minutes = starts_at, minutes
        meeting.facilitator, meeting.writer = facilitator, writer
        meeting.version += 1
        meeting.save(update_fields=["starts_at", "minutes", "facilitator", "writer", "version"])
        _invite_just(meeting, people)
        add_event(None, "meeting_changed", now=now, by=by, subject_id=meeting.pk)
        if is_moved:
            remind(meeting, now=now)
        return meeting


def _invite_just(meeting: Meeting, people: Collection[Staff]) -> None:
    wanted = {person.pk for person in people} | {meeting.facilitator_id}
    if meeting.writer_id is not None:
        wanted.add(meeting.writer_id)
    meeting.people.exclude(staff__in=wanted).delete()
    MeetingPerson.objects.bulk_create(
        [MeetingPerson(meeting=meeting, staff_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )


def cancel_meeting(*, meeting_id: int, by: Staff, now: dt.datetime) -> Meeting:
    """It does not take place; what was on its agenda waits for the next one."""
    with agenda.held(meeting_id, may_run=False) as meeting:
        must_call(by, meeting.location_id)
        meeting.cancelled_at = now
        meeting.version += 1
        meeting.save(update_fields=["cancelled_at", "version"])
        forget(meeting, now=now)
        agenda.carry_all(meeting, now=now)
        add_event(None, "meeting_cancelled", now=now, by=by, subject_id=meeting.pk)
        return meeting
