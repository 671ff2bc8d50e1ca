"""The meeting itself: begun, moved from screen to screen, ended. Wall and phone follow its version.

Every action holds the meeting's lock; who runs it may do this, and nobody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions import agenda, meetings, thanks
from incidents.actions.advance import add_event
from incidents.actions.minutes import write_minutes
from incidents.actions.refusals import Refused, Stale
from incidents.models import AgendaItem, ItemKind, Meeting, Review, ReviewOutcome, Staff
from incidents.models.agenda import shown_items
from incidents.models.meeting import Attendance
from incidents.models.screens import screens_of

_NOT_YET = _("This meeting has not begun.")


class Unfinished(Refused):
    """It cannot end: `items` have no outcome."""

    def __init__(self, items: list[AgendaItem]) -> None:
        super().__init__(_("Something on the agenda has no outcome yet."))
        self.items = items


@contextmanager
def running(meeting_id: int, by: Staff) -> Iterator[Meeting]:
    """The meeting with its row locked, while it is running."""
    with agenda.held(meeting_id) as meeting:
        agenda.must_run(meeting, by)
        if not meeting.is_running:
            raise Refused(_NOT_YET)
        yield meeting


def begin(
    *, meeting_id: int, present: Collection[Staff], by: Staff, now: dt.datetime, writer: Staff | None = None
) -> Meeting:
    """Who is there, who writes; the first item comes on the wall. Begun twice is begun once."""
    with agenda.held(meeting_id) as meeting:
        agenda.must_run(meeting, by)
        if meeting.is_running:
            return meeting
        here = {person.pk for person in present}
        meeting.people.filter(staff__in=here).update(attendance=Attendance.PRESENT)
        meeting.people.exclude(staff__in=here).update(attendance=Attendance.ABSENT)
        meeting.started_at, meeting.writer = now, writer or meeting.writer
        _show(meeting, next(iter(_left(shown_items(meeting))), None), 0, now=now)
        _save(meeting, "started_at", "writer")
        meetings.forget(meeting, now=now)
        add_event(None, "meeting_begun", now=now, by=by, subject_id=meeting.pk)
        return meeting


def _left(items: list[AgendaItem]) -> list[AgendaItem]:
    """What was put off before it began is not shown."""
    return [item for item in items if item.outcome != ReviewOutcome.NEXT_TIME]


def _save(meeting: Meeting, *names: str) -> None:
    meeting.version += 1
    meeting.save(update_fields=[*names, "current", "screen", "shows_names", "version"])


def _show(meeting: Meeting, item: AgendaItem | None, screen: int, *, now: dt.datetime) -> None:
    """Put it on the wall; the time of what was there before is counted. Names go back behind their roles."""
    before = meeting.current_id
    if before != (item.pk if item else None):
        if before and (was := meeting.items.filter(pk=before).first()):
            _stop_the_clock(was, now)
        if item is not None:
            item.began_at = now
            item.save(update_fields=["began_at"])
        meeting.shows_names = False
    meeting.current, meeting.screen = item, screen


def _stop_the_clock(item: AgendaItem, now: dt.datetime) -> None:
    if item.began_at is not None:
        item.seconds += max(int((now - item.began_at).total_seconds()), 0)
        item.began_at = None
        item.save(update_fields=["began_at", "seconds"])


def step(*, meeting_id: int, forward: bool, at: str, by: Staff, now: dt.datetime) -> Meeting:
    """One screen on, or back. `at` is where whoever pressed the key was: two who press at once go one screen."""
    with running(meeting_id, by) as meeting:
        if at != place_of(meeting):
            return meeting
        items = shown_items(meeting)
        number = _number_of(meeting, items)
        on_the_wall = next((item for item in items[number : number + 1] if item.pk == meeting.current_id), None)
        screen = meeting.screen + (1 if forward else -1)
        if on_the_wall and 0 <= screen < screens_of(on_the_wall, meeting):
            _show(meeting, on_the_wall, screen, now=now)
        elif forward and meeting.current_id:
            if on_the_wall:
                _leave(on_the_wall, meeting)
            _show(meeting, next(iter(items[number + 1 if on_the_wall else number :]), None), 0, now=now)
        elif not forward and number > 0:
            before = items[number - 1]
            _show(meeting, before, screens_of(before, meeting) - 1, now=now)
        else:
            return meeting
        _save(meeting)
        return meeting


def _number_of(meeting: Meeting, items: list[AgendaItem]) -> int:
    """Where in `items` the meeting is: at their end without one; where it stood, when it is no longer for the wall."""
    was = meeting.items.filter(pk=meeting.current_id or 0).values_list("position", "pk").first()
    return len(items) if was is None else sum((item.position, item.pk) < was for item in items)


def place_of(meeting: Meeting) -> str:
    """ "17-2": the item on the wall and its screen."""
    return f"{meeting.current_id or 0}-{meeting.screen}"


def go_to(*, meeting_id: int, item_id: int | None, by: Staff, now: dt.datetime) -> Meeting:
    """To the beginning of an item; to what was agreed, without one."""
    with running(meeting_id, by) as meeting:
        items = {item.pk: item for item in shown_items(meeting)}
        if item_id is not None and item_id not in items:
            raise Refused(_("It is no longer on the agenda."))
        if (on_the_wall := items.get(meeting.current_id or 0)) and meeting.current_id != item_id:
            _leave(on_the_wall, meeting)
        _show(meeting, items[item_id] if item_id else None, 0, now=now)
        _save(meeting)
        return meeting


def _leave(item: AgendaItem, meeting: Meeting) -> None:
    """What is not about a mistake has been talked about once it leaves the wall."""
    if item.kind == ItemKind.INCIDENT or item.outcome:
        return
    item.outcome = ReviewOutcome.TALKED
    item.version += 1
    item.save(update_fields=["outcome", "version"])
    if item.kind == ItemKind.THANKS:
        thanks.mark_said(meeting)


def show_names(*, meeting_id: int, shown: bool, by: Staff, now: dt.datetime) -> Meeting:
    """On the wall of whoever runs the meeting, until another item comes on it."""
    with running(meeting_id, by) as meeting:
        if meeting.shows_names != shown:
            meeting.shows_names = shown
            _save(meeting)
            if shown:
                add_event(None, "names_shown", now=now, by=by, subject_id=meeting.pk, item=meeting.current_id)
        return meeting


@contextmanager
def _item(item_id: int, by: Staff) -> Iterator[tuple[Meeting, AgendaItem]]:
    meeting_id = AgendaItem.objects.values_list("meeting_id", flat=True).filter(pk=item_id).first()
    with running(meeting_id or 0, by) as meeting:
        item = next((each for each in shown_items(meeting) if each.pk == item_id), None)
        if item is None:
            raise Refused(_("It is no longer on the agenda."))
        yield meeting, item


def note_item(*, item_id: int, notes: str, expected_version: int, by: Staff, now: dt.datetime) -> AgendaItem:
    """What was said. Stale when somebody else wrote meanwhile."""
    with _item(item_id, by) as (meeting, item):
        if item.notes == notes:
            return item
        if item.version != expected_version:
            raise Stale(_("Somebody else wrote here meanwhile."), item)
        item.notes = notes
        item.version += 1
        item.save(update_fields=["notes", "version"])
        agenda.touch(meeting)
        return item


def settle_item(*, item_id: int, outcome: ReviewOutcome, by: Staff, now: dt.datetime) -> AgendaItem:
    """Talked about, or next time: of what is not about a mistake. That ends by its review."""
    with _item(item_id, by) as (meeting, item):
        if item.kind == ItemKind.INCIDENT or outcome not in (ReviewOutcome.TALKED, ReviewOutcome.NEXT_TIME):
            raise Refused(_("A mistake leaves the agenda with what its review came to."))
        _settle(meeting, item, outcome, by=by, now=now)
        agenda.touch(meeting)
        return item


def _settle(meeting: Meeting, item: AgendaItem, outcome: ReviewOutcome, *, by: Staff, now: dt.datetime) -> None:
    if item.outcome == outcome:
        return
    item.outcome = outcome
    item.version += 1
    item.save(update_fields=["outcome", "version"])
    if outcome == ReviewOutcome.NEXT_TIME:
        add_event(None, "agenda_put_off", now=now, by=by, subject_id=meeting.pk, item=item.pk)
        agenda.carry(meeting, item, now=now)


def end(*, meeting_id: int, by: Staff, now: dt.datetime, put_off: bool = False) -> Meeting:
    """Over, and written down. Unfinished while something has no outcome; `put_off`: all of that is for next time.

    Two who end it at once end it once.
    """
    with transaction.atomic():
        Meeting.objects.select_for_update(no_key=True).values_list("pk").get(pk=meeting_id)
        meeting = Meeting.objects.select_related("location", "facilitator", "writer").get(pk=meeting_id)
        agenda.must_run(meeting, by)
        if meeting.ended_at is not None:
            return meeting
        if not meeting.is_running:
            raise Refused(_NOT_YET)
        items = shown_items(meeting)
        if on_the_wall := next((item for item in items if item.pk == meeting.current_id), None):
            _leave(on_the_wall, meeting)
        open_ones = [item for item in items if not item.outcome]
        if open_ones and not put_off:
            raise Unfinished(open_ones)
        for item in open_ones:
            _settle(meeting, item, ReviewOutcome.NEXT_TIME, by=by, now=now)
        _close_reviews(meeting, by=by, now=now)
        _show(meeting, None, 0, now=now)
        meeting.ended_at = now
        _save(meeting, "ended_at")
        add_event(None, "meeting_ended", now=now, by=by, subject_id=meeting.pk)
        write_minutes(meeting, by=by, now=now)
        return meeting


def _close_reviews(meeting: Meeting, *, by: Staff, now: dt.datetime) -> None:
    """Those that were begun and put off: what was written stays, and the next meeting begins its own."""
    Review.objects.filter(meeting=meeting, ended_at__isnull=True).update(
        outcome=ReviewOutcome.NEXT_TIME, ended_at=now, ended_by=by
    )
