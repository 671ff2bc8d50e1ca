"""What waits for a meeting of a place, in the order in which it is proposed. Restricted ones never do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from incidents.models.base import EARLIEST
from incidents.models.incident import Incident, IncidentQuerySet, ReviewState
from incidents.models.meeting import AgendaItem, ItemKind, Meeting, MeetingQuerySet, ReviewOutcome
from incidents.models.practice import Scenario
from incidents.models.prepared import find, find_about
from incidents.models.prevention import PreventionAction
from incidents.models.staff import Staff
from incidents.models.thanks import Thanks
from incidents.models.timeline import Event
from incidents.vocabulary import NOT_AN_INCIDENT

STALE_AFTER = dt.timedelta(hours=12)  # what was not begun by then did not take place
ADDABLE = (ItemKind.ACTIONS, ItemKind.PRACTICE, ItemKind.THANKS, ItemKind.NUMBERS)
# About how long each takes.
MINUTES_OF = {
    ItemKind.ACTIONS: 4,
    ItemKind.INCIDENT: 8,
    ItemKind.PRACTICE: 5,
    ItemKind.THANKS: 2,
    ItemKind.NUMBERS: 3,
    ItemKind.TOPIC: 5,
}


def meeting_of(staff: Staff, pk: int) -> Meeting | None:
    """One that they may see."""
    return next(iter(find(_called, staff=staff, now=EARLIEST, about=pk)), None)


def _called(staff: Staff, now: dt.datetime, pk: int) -> MeetingQuerySet:
    """No part of it depends on the clock."""
    rows = Meeting.objects.visible_to(staff).filter(pk=pk)
    return rows.select_related("location", "facilitator", "writer", "series")


def coming(meetings: MeetingQuerySet, now: dt.datetime) -> MeetingQuerySet:
    """Those that are running or can still begin."""
    return meetings.ahead().filter(Q(started_at__isnull=False) | Q(starts_at__gt=now - STALE_AFTER))


def waiting_at(location_id: Any, *, now: dt.datetime) -> IncidentQuerySet:
    """What is to be talked about at that place and is on no agenda: the gravest first, then the oldest."""
    here = AgendaItem.objects.filter(incident=OuterRef("pk"), meeting__location=OuterRef("location"), outcome="")
    taken = here.filter(
        Q(meeting__started_at__isnull=False) | Q(meeting__starts_at__gt=now - STALE_AFTER),
        meeting__ended_at__isnull=True,
        meeting__cancelled_at__isnull=True,
    )
    waiting = Incident.objects.filter(review_state=ReviewState.TO_REVIEW, location=location_id, is_restricted=False)
    return (
        waiting.exclude(close_reason__in=NOT_AN_INCIDENT)
        .filter(~Exists(taken))
        .order_by("severity", "reported_at", "id")
    )


def with_why(incidents: IncidentQuerySet) -> IncidentQuerySet:
    """Each with `why`: what put it on the list, as it was written down last; empty for what is older."""
    asked = Event.objects.filter(incident=OuterRef("pk"), kind="review_asked").order_by("-id")
    return incidents.annotate(why=Subquery(asked.annotate(said=KeyTextTransform("why", "codes")).values("said")[:1]))


def shown_items(meeting: Meeting) -> list[AgendaItem]:
    """The agenda in its order. Left out: what has become restricted since, and what turned out to be none before
    anybody talked about it. One statement.
    """
    return find_about(_shown_in, meeting.pk)


def _shown_in(meeting_id: int) -> QuerySet[AgendaItem]:
    none = Q(outcome__in=("", ReviewOutcome.NEXT_TIME), incident__close_reason__in=NOT_AN_INCIDENT)
    rows = AgendaItem.objects.filter(Q(incident=None) | Q(incident__is_restricted=False) & ~none, meeting=meeting_id)
    rows = rows.exclude(scenario__incident__is_restricted=True)
    return rows.select_related("incident__category", "scenario", "added_by")


def last_meeting(location_id: int, *, before: Meeting | None = None) -> Meeting | None:
    """The one before that took place."""
    ended = Meeting.objects.filter(location=location_id, ended_at__isnull=False)
    ended = ended.exclude(pk=before.pk) if before else ended
    return ended.order_by("-started_at", "-pk").first()


def has_actions(location_id: int, last: Meeting | None) -> bool:
    """Whether there is something that was to change: what the last meeting decided, and whatever is open."""
    rows = PreventionAction.objects.filter(
        location=location_id, committed_at__isnull=False, dropped_at__isnull=True, incident__is_restricted=False
    )
    of_last = Q(review__meeting=last) if last else Q(pk__in=[])
    return rows.filter(Q(done_at__isnull=True) | of_last).exists()


def open_scenario(location_id: int) -> Scenario | None:
    """A story to practise on that this place has not talked about: its own first, the oldest."""
    done = AgendaItem.objects.filter(
        scenario=OuterRef("pk"), meeting__location=location_id, outcome=ReviewOutcome.TALKED
    )
    rows = Scenario.objects.taking_answers().filter(~Exists(done))
    own = rows.filter(location=location_id).order_by("published_at").first()
    return own or rows.order_by("published_at").first()


def thanks_to_say(location_id: int) -> list[Thanks]:
    """What no meeting of the place has said yet, of those who agreed. Never for what few may know."""
    rows = Thanks.objects.agreed().filter(location=location_id, meeting=None).exclude(incident__is_restricted=True)
    return list(rows.select_related("staff").order_by("at", "pk"))


def left_topics(meeting: Meeting, *, now: dt.datetime) -> list[str]:
    """What the last meeting left for the next, and those since that did not take place. Two statements."""
    last = last_meeting(meeting.location_id, before=meeting)
    rows = AgendaItem.objects.filter(meeting__location=meeting.location_id, kind=ItemKind.TOPIC)
    missed = Q(meeting__started_at=None, meeting__starts_at__lte=now - STALE_AFTER)
    left = (Q(meeting__cancelled_at__isnull=False) | missed) & Q(outcome__in=("", ReviewOutcome.NEXT_TIME))
    if last is not None:
        since = Q(meeting__cancelled_at__gt=last.started_at) | Q(meeting__starts_at__gt=last.started_at)
        left = left & since | Q(meeting=last, outcome=ReviewOutcome.NEXT_TIME)
    found = rows.filter(left).exclude(meeting=meeting).order_by("meeting", "position", "id")
    return list(found.values_list("topic", flat=True))
