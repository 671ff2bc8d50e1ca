"""The agenda of a meeting: what is proposed, what people add, in which order, and what is left for the next time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event, locked
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.review import add_to_next_meeting, take_off_meeting
from incidents.models import AgendaItem, Incident, ItemKind, Meeting, ReviewOutcome, Staff
from incidents.models.agenda import (
    MINUTES_OF,
    coming,
    has_actions,
    last_meeting,
    left_topics,
    open_scenario,
    thanks_to_say,
    waiting_at,
)
from incidents.vocabulary import NOT_AN_INCIDENT

MOST_ITEMS = 30
_MOST_INCIDENTS = 6
_SHORT = 25  # minutes: a shorter one has room for one incident
_ORDER = list(MINUTES_OF)
_OVER = _("This meeting is over.")


@contextmanager
def held(meeting_id: int, *, may_run: bool = True) -> Iterator[Meeting]:
    """The meeting with its row locked until the block ends. Refused when it is over, or runs and may not."""
    with transaction.atomic():
        Meeting.objects.select_for_update(no_key=True).values_list("pk").get(pk=meeting_id)
        meeting = Meeting.objects.select_related("location", "series", "facilitator").get(pk=meeting_id)
        if meeting.is_over:
            raise Refused(_OVER)
        if meeting.is_running and not may_run:
            raise Refused(_("This meeting has begun."))
        yield meeting


def must_run(meeting: Meeting, by: Staff) -> None:
    if not access.can_run_meeting(by, meeting):
        raise NotYours(_("A manager of the place, or whoever leads the meeting, does that."))


def touch(meeting: Meeting) -> None:
    """Somebody changed it: what shows it looks again, and its series leaves it as it is."""
    meeting.version += 1
    meeting.save(update_fields=["version"])


def propose(meeting: Meeting, *, now: dt.datetime) -> int:
    """Add what fits and is not on it: what was to change, the gravest mistakes, practice, thanks, numbers.

    Its order stays; how many were added. The caller holds the lock.
    """
    items = list(meeting.items.all())
    new = [*_proposed(meeting, {item.kind for item in items}), *_carried(meeting, items, now=now)]
    taken = sum(item.minutes for item in (*items, *new) if item.kind != ItemKind.INCIDENT)
    room = (meeting.minutes - taken) // MINUTES_OF[ItemKind.INCIDENT]
    wanted = min(max(room, 1 if meeting.minutes < _SHORT else 2), _MOST_INCIDENTS)
    missing = max(wanted - sum(item.kind == ItemKind.INCIDENT for item in items), 0)
    known = {item.incident_id for item in items}
    waiting = waiting_at(meeting.location_id, now=now).exclude(pk__in=known - {None})
    new += [_item(meeting, ItemKind.INCIDENT, incident=incident) for incident in waiting[:missing]]
    for item in sorted(new, key=lambda item: _ORDER.index(ItemKind(item.kind))):
        items.insert(_place_for(item, items), item)
    _save(items)
    return len(new)


def _proposed(meeting: Meeting, present: set[str]) -> list[AgendaItem]:
    """What every meeting has, when there is something of it."""
    place, last = meeting.location_id, last_meeting(meeting.location_id, before=meeting)
    new = []
    if ItemKind.ACTIONS not in present and has_actions(place, last):
        new.append(_item(meeting, ItemKind.ACTIONS))
    if ItemKind.PRACTICE not in present and (scenario := open_scenario(place)):
        new.append(_item(meeting, ItemKind.PRACTICE, scenario=scenario))
    if ItemKind.THANKS not in present and thanks_to_say(place):
        new.append(_item(meeting, ItemKind.THANKS))
    if ItemKind.NUMBERS not in present:
        new.append(_item(meeting, ItemKind.NUMBERS))
    return new


def _carried(meeting: Meeting, items: list[AgendaItem], *, now: dt.datetime) -> list[AgendaItem]:
    """Topics that the last meeting, or one since that did not take place, left for this one."""
    known = {item.topic for item in items}
    topics = [topic for topic in left_topics(meeting, now=now) if topic not in known]
    return [_item(meeting, ItemKind.TOPIC, topic=topic) for topic in dict.fromkeys(topics)]


def _item(meeting: Meeting, kind: ItemKind, **fields: object) -> AgendaItem:
    return AgendaItem(meeting=meeting, kind=kind, position=0, minutes=MINUTES_OF[kind], **fields)


def _place_for(item: AgendaItem, items: list[AgendaItem]) -> int:
    """Behind the last of those that come before it as things are proposed."""
    rank = _ORDER.index(ItemKind(item.kind))
    before = [at for at, each in enumerate(items) if _ORDER.index(ItemKind(each.kind)) <= rank]
    return before[-1] + 1 if before else 0


def _save(items: list[AgendaItem]) -> None:
    """In this order: the new ones made, the others moved where they are not yet."""
    for position, item in enumerate(items, 1):
        is_moved, item.position = item.position != position, position
        if not item.pk:
            item.save()
        elif is_moved:
            item.save(update_fields=["position"])


def fill_up(*, meeting_id: int, by: Staff, now: dt.datetime) -> int:
    """Propose what fits again. How many were added."""
    with held(meeting_id) as meeting:
        must_run(meeting, by)
        added = propose(meeting, now=now)
        if added:
            touch(meeting)
        return added


def add_incident(*, meeting_id: int, incident_id: int, by: Staff, now: dt.datetime) -> AgendaItem:
    """Anybody who sees both may; it is put on the list with that. Once is enough."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if incident.is_restricted:
            raise Refused(_("This is for few to know: managers talk about it by themselves, not in a meeting."))
        add_to_next_meeting(incident_id=incident_id, by=by, now=now)
        with held(meeting_id) as meeting:
            if incident.location_id != meeting.location_id:
                raise Refused(_("It happened at another place: talk about it there."))
            if known := meeting.items.filter(incident=incident).first():
                return _again(known, meeting)
            return _added(meeting, _item(meeting, ItemKind.INCIDENT, incident=incident, added_by=by), by=by, now=now)


def add_topic(*, meeting_id: int, topic: str, by: Staff, now: dt.datetime) -> AgendaItem:
    """Something else, in a few words. The same words stand there once."""
    with held(meeting_id) as meeting:
        if known := meeting.items.filter(kind=ItemKind.TOPIC, topic__iexact=topic).first():
            return _again(known, meeting)
        return _added(meeting, _item(meeting, ItemKind.TOPIC, topic=topic, added_by=by), by=by, now=now)


def add_kind(*, meeting_id: int, kind: ItemKind, by: Staff, now: dt.datetime) -> AgendaItem:
    """What was to change, practice, thanks or numbers: once each. Refused when there is nothing to practise on."""
    with held(meeting_id) as meeting:
        if known := meeting.items.filter(kind=kind).first():
            return _again(known, meeting)
        scenario = open_scenario(meeting.location_id) if kind == ItemKind.PRACTICE else None
        if kind == ItemKind.PRACTICE and scenario is None:
            raise Refused(_("There is no story to practise on. Make one from a closed recovery."))
        return _added(meeting, _item(meeting, kind, scenario=scenario, added_by=by), by=by, now=now)


def _again(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    """It stands on it; when it was put off it is talked about after all."""
    if item.outcome == ReviewOutcome.NEXT_TIME and not meeting.is_running:
        item.outcome = ""
        item.version += 1
        item.save(update_fields=["outcome", "version"])
        touch(meeting)
    return item


def _added(meeting: Meeting, item: AgendaItem, *, by: Staff, now: dt.datetime) -> AgendaItem:
    items = list(meeting.items.all())
    if len(items) >= MOST_ITEMS:
        raise Refused(_("That is more than a meeting can talk about. Leave it for the next one."))
    items.insert(len(items) if meeting.is_running else _place_for(item, items), item)
    _save(items)
    touch(meeting)
    add_event(None, "agenda_added", now=now, by=by, subject_id=meeting.pk, item=item.pk)
    return item


@contextmanager
def _held_item(item_id: int) -> Iterator[tuple[Meeting, AgendaItem]]:
    meeting_id = AgendaItem.objects.values_list("meeting_id", flat=True).filter(pk=item_id).first()
    if meeting_id is None:
        raise Refused(_("It is no longer on the agenda."))
    with held(meeting_id) as meeting:
        item = meeting.items.filter(pk=item_id).first()
        if item is None:
            raise Refused(_("It is no longer on the agenda."))
        yield meeting, item


def move_item(*, item_id: int, step: int, by: Staff, now: dt.datetime) -> AgendaItem:
    """One up (-1) or down (1); at the end it stays."""
    with _held_item(item_id) as (meeting, item):
        must_run(meeting, by)
        items = list(meeting.items.all())
        at = next(number for number, each in enumerate(items) if each.pk == item.pk)
        to = min(max(at + step, 0), len(items) - 1)
        items.insert(to, items.pop(at))
        _save(items)
        if to != at:
            touch(meeting)
            add_event(None, "agenda_moved", now=now, by=by, subject_id=meeting.pk, item=item.pk)
        return item


def remove_item(*, item_id: int, by: Staff, now: dt.datetime) -> Meeting:
    """Off the agenda; a mistake waits on. For who runs the meeting, and for whoever added it."""
    with _held_item(item_id) as (meeting, item):
        if item.added_by_id != by.pk:
            must_run(meeting, by)
        if item.began_at or item.seconds or (item.outcome and item.outcome != ReviewOutcome.NEXT_TIME):
            raise Refused(_("It has been talked about already."))
        if meeting.current_id == item.pk:
            raise Refused(_("It is on the wall right now."))
        item.delete()
        touch(meeting)
        add_event(None, "agenda_removed", now=now, by=by, subject_id=meeting.pk, item=item_id)
        return meeting


def put_off(*, item_id: int, by: Staff, now: dt.datetime) -> AgendaItem:
    """Next time: it stands on the agenda of the next meeting, when there is one, and waits for it otherwise."""
    with _held_item(item_id) as (meeting, item):
        must_run(meeting, by)
        if meeting.is_running:
            raise Refused(_("This meeting has begun."))
        item.outcome = ReviewOutcome.NEXT_TIME
        item.version += 1
        item.save(update_fields=["outcome", "version"])
        touch(meeting)
        add_event(None, "agenda_put_off", now=now, by=by, subject_id=meeting.pk, item=item.pk)
        carry(meeting, item, now=now)
        return item


def take_off_others(incident: Incident, meeting: Meeting | None, *, by: Staff, now: dt.datetime) -> None:
    """It was talked about, in `meeting` or by a manager alone: those that have not begun need not do it again.

    The caller holds the lock of the incident, with which things come on an agenda.
    """
    rows = incident.agenda_items.filter(outcome="", meeting__started_at=None, meeting__cancelled_at=None)
    rows = rows.exclude(meeting=meeting) if meeting else rows
    for pk, meeting_id in list(rows.order_by("meeting").values_list("pk", "meeting")):
        other = Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
        if other.started_at is None and other.items.filter(pk=pk, outcome="").delete()[0]:
            touch(other)
            add_event(None, "agenda_done", now=now, by=by, subject_id=other.pk, item=pk)


def take_off(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Off the list, and with that off each agenda on which it waits to be talked about."""
    with locked(incident_id, must_be_open=False) as incident:
        take_off_meeting(incident_id=incident_id, by=by, now=now)
        take_off_others(incident, None, by=by, now=now)
        return incident


def carry_all(meeting: Meeting, *, now: dt.datetime) -> None:
    """Of a meeting that does not take place: topics at once; mistakes wait on the list for whoever makes the agenda."""
    for item in meeting.items.filter(kind=ItemKind.TOPIC):
        carry(meeting, item, now=now)


def carry(meeting: Meeting, item: AgendaItem, *, now: dt.datetime) -> None:
    """To the meeting after this one."""
    later = coming(Meeting.objects.filter(location=meeting.location_id, started_at=None), now)
    after = later.filter(starts_at__gt=meeting.starts_at).order_by("starts_at", "pk").first()
    if after is None or (item.kind != ItemKind.TOPIC and item.incident_id is None):
        return
    if item.incident and (item.incident.is_restricted or item.incident.close_reason in NOT_AN_INCIDENT):
        return  # no meeting talks about it any more
    same = {"incident": item.incident} if item.incident_id else {"kind": ItemKind.TOPIC, "topic": item.topic}
    after = Meeting.objects.select_for_update(no_key=True).get(pk=after.pk)
    if not after.items.filter(**same).exists():
        items = list(after.items.all())
        new = _item(after, ItemKind(item.kind), incident=item.incident, topic=item.topic, added_by=item.added_by)
        items.insert(_place_for(new, items), new)
        _save(items)
        touch(after)
