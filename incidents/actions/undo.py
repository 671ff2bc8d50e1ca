"""Take back what was just done, for a minute, while nothing has followed it.

History stays: the act keeps its event and *undone* is added behind it. What a customer was told (the
outcome of a call) and what was decided about money is never taken back this way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, heard, locked, stop_waiting
from incidents.actions.change import forget_second_failure
from incidents.actions.due import look_again, withdraw_reminders
from incidents.actions.handovers import remind_to_take
from incidents.actions.refusals import Refused
from incidents.actions.review import ADDED as ASKED
from incidents.actions.severity import lower_again
from incidents.actions.standing import standing
from incidents.actions.takers import can_take
from incidents.actions.waiting import ANSWERED, wait_again
from incidents.models import (
    Event,
    FollowUp,
    Handover,
    Incident,
    Notice,
    NoticeKind,
    Reminder,
    ReminderKind,
    ReminderState,
    Staff,
    WhyReview,
)
from incidents.models.hours import BEGAN, ENDED
from incidents.models.incident import ReviewState
from incidents.models.timeline import RESTRICTED_READ
from incidents.vocabulary import PENDING_REMEDY, CloseReason, Raised, RemedyState, Stage

UNDO_FOR = dt.timedelta(seconds=60)
# What an act brings about by itself: undoing the act undoes it too.
_BY_ITSELF = frozenset(
    {"stage_moved", "settled", "follow_up_planned", "handover_accepted", "severity_raised", "severity_lowered"}
)
_NEWEST = 20  # events: more never follow from one act
_STEPS = {"calls": "follow_ups", "promises": "promises", "remedies": "remedies"}


@dataclass(frozen=True)
class Act:
    """The newest thing somebody did, and what followed from it by itself."""

    event: Event
    followed: tuple[Event, ...] = ()

    @property
    def until(self) -> dt.datetime:
        return self.event.at + UNDO_FOR


def last_act(newest_first: Iterable[Event], *, by: Staff, now: dt.datetime) -> Act | None:
    """What `by` may take back now: their own newest act, when it is one that can be. No query."""
    followed: list[Event] = []
    for event in newest_first:
        if event.kind == RESTRICTED_READ:
            continue
        if _is_by_itself(event):
            followed.append(event)
            continue
        is_own = event.by_id == by.pk and event.at <= now <= event.at + UNDO_FOR
        is_one = all((each.at, each.by_id) == (event.at, event.by_id) for each in followed)
        return Act(event, tuple(followed)) if is_own and is_one and _can_be_undone(event) else None
    return None


def _is_by_itself(event: Event) -> bool:
    if event.kind == ASKED:
        return bool(event.codes.get("why", WhyReview.ADDED) != WhyReview.ADDED)
    return event.kind in _BY_ITSELF or (event.kind == ENDED and event.codes.get("why") != ANSWERED)


def _can_be_undone(event: Event) -> bool:
    if event.kind not in _UNDO or event.codes.get("for_good"):
        return False
    if event.kind == "closed":
        return bool(event.codes.get("reason") != CloseReason.RECOVERED)
    if event.codes.get("before", RemedyState.OFFERED) not in PENDING_REMEDY:
        return False
    return all(name in event.codes for name in _NEEDS.get(event.kind, ()))


def newest_act(incident: Incident, *, by: Staff, now: dt.datetime) -> Act | None:
    """The same, read from the database. One query."""
    return last_act(incident.events.order_by("-id")[:_NEWEST], by=by, now=now)


def undo_last(*, incident_id: int, by: Staff, now: dt.datetime, event: int | None = None) -> Incident:
    """Take back the newest act. Refused when there is none to take back, or it is not `event`."""
    with locked(incident_id, must_be_open=False) as incident:
        act = newest_act(incident, by=by, now=now)
        if act is None or (event is not None and act.event.pk != event):
            raise Refused(_("This can no longer be undone: a minute has passed, or something followed it."))
        told = _UNDO[act.event.kind](incident, act.event, now)
        _cancel_calls(incident, act.followed, now)
        for event_ in act.followed:
            if event_.kind == ENDED:
                _waits_again(incident, event_, now)
            if event_.kind == ASKED and incident.review_state == ReviewState.TO_REVIEW:
                incident.review_state = ReviewState(event_.codes["was"])
                incident.save(update_fields=["review_state"])
        add_event(incident, "undone", now=now, by=by, subject_id=act.event.pk, act=act.event.kind, **told)
        if incident.is_open:
            advance(incident, now=now, by=by)
        _ring_again(incident)
        return incident


def _cancel_calls(incident: Incident, followed: Iterable[Event], now: dt.datetime) -> None:
    """The calls that the act had planned."""
    numbers = [event.subject_id for event in followed if event.kind == "follow_up_planned"]
    for call in FollowUp.objects.planned().filter(incident=incident, pk__in=numbers):
        call.cancelled_at = now
        call.version += 1
        call.save(update_fields=["cancelled_at", "version"])
        withdraw_reminders(incident, ReminderKind.FOLLOW_UP_DUE, call.pk, now=now)


def _ring_again(incident: Incident) -> None:
    """What a reminder speaks of may stand again, at the time it has now: then that goes on where it was."""
    told: dict[tuple[str, int], dict[dt.datetime | None, list[Reminder]]] = {}
    for row in Reminder.objects.filter(incident=incident).select_related("incident").order_by("-id"):
        told.setdefault((row.kind, row.subject_id), {}).setdefault(row.target_at, []).append(row)
    for times in told.values():
        if any(map(_dropped, times.values())):
            _go_on(next((rows for rows in times.values() if standing(rows[0]) is not None), []))


def _dropped(rows: list[Reminder]) -> list[Reminder]:
    """Those off the table, or about to be dropped by somebody who read them before us; none while one waits."""
    if any(row.state == ReminderState.PENDING for row in rows):
        return []
    return [row for row in rows if row.state in (ReminderState.MOOT, ReminderState.CLAIMED)]


def _go_on(rows: list[Reminder]) -> None:
    """With the last rung that was still to be said."""
    if dropped := _dropped(rows):
        look_again([max(dropped, key=lambda row: (row.due_at, row.pk)).pk])


def _reopened(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    """As it was before it was closed: the same round, and the calls and questions that ended with it."""
    incident.closures.filter(reopened_at__isnull=True).update(reopened_at=now)
    incident.follow_ups.filter(cancelled_at=incident.closed_at).update(cancelled_at=None)
    incident.approvals.filter(voided_at=incident.closed_at, verdict="").update(voided_at=None)
    incident.stage = Stage.APOLOGIZE
    incident.close_reason = ""
    incident.closed_at = None
    incident.next_due_at = now
    incident.duplicate_of = None
    incident.save(update_fields=["stage", "close_reason", "closed_at", "next_due_at", "duplicate_of"])
    if ended := incident.events.filter(kind=ENDED, at=event.at, codes__why="closed", pk__lt=event.pk).last():
        _waits_again(incident, ended, now)
    return {}


def take_handover_back(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    """The incident and the steps that went with it, with whoever had them. The caller holds the lock."""
    handover = Handover.objects.select_related("from_staff").get(pk=event.subject_id or 0, incident=incident)
    if not can_take(handover.from_staff, incident):
        raise Refused(_("%(who)s can no longer have it.") % {"who": handover.from_staff})
    handover.accepted_at, handover.returned_at = None, now
    handover.save(update_fields=["accepted_at", "returned_at"])
    for name, numbers in event.codes["steps"].items():
        getattr(incident, _STEPS[name]).filter(pk__in=numbers).update(assignee=handover.from_staff_id)
    incident.assignee_id = handover.from_staff_id
    incident.save(update_fields=["assignee"])
    stop_waiting(handover, incident, now=now)
    told = Notice.objects.filter(kind=NoticeKind.ASSIGNED, incident=incident, occurrence=f"{handover.pk}")
    told.filter(read_at__isnull=True).update(read_at=now)
    if handed_on := event.codes.get("handed_on"):
        _waits_to_be_taken(incident, handed_on, now)
    return {"to": handover.from_staff_id}


def _waits_to_be_taken(incident: Incident, handed_on: int, now: dt.datetime) -> None:
    """Whoever had it had not said "I have it" either: it waits for them again, in a row that is the newest."""
    before = Handover.objects.get(pk=handed_on, incident=incident)
    kept = {name: getattr(before, name) for name in ("from_staff_id", "to_staff_id", "by_id", "note", "at")}
    remind_to_take(Handover.objects.create(incident=incident, **kept), incident, now=now)


def _unsettled(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    incident.promises.filter(pk=event.subject_id or 0).update(kept_at=None, broken_at=None, note="")
    return {}


def _not_ended(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    """The remedy as it stood. One that somebody was asked about is asked for anew."""
    remedy = incident.remedies.get(pk=event.subject_id or 0)
    if remedy.approvals.exists():
        raise Refused(_("This is about money that was asked for. Offer it again instead."))
    remedy.state = RemedyState(event.codes["before"])
    remedy.ended_note = remedy.declined_as = ""
    remedy.version += 1
    remedy.save(update_fields=["state", "ended_note", "declined_as", "version"])
    if event.kind == "remedy_declined":
        _waived_no_more(incident, event, now)
    return {}


def _receipt_wanted(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    """The receipt is waited for as before; its reminder goes on."""
    remedy = incident.remedies.get(pk=event.subject_id or 0)
    remedy.state = RemedyState(event.codes["before"])
    remedy.receipt_waived_at, remedy.receipt_waived_by, remedy.receipt_waived_note = None, None, ""
    remedy.version += 1
    remedy.save(update_fields=["state", "receipt_waived_at", "receipt_waived_by", "receipt_waived_note", "version"])
    return {}


def _waived_no_more(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    incident.rounds.filter(number=incident.round_number, waived_at=event.at).update(
        waived_as="", waived_at=None, waived_by=None, waived_note=""
    )
    return {}


def _not_worse(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    forget_second_failure(incident)
    lower_again(incident, Raised.SECOND_FAILURE, by=event.by, now=now)
    return {}


def _not_waiting(incident: Incident, event: Event, now: dt.datetime) -> dict[str, Any]:
    """As before: until the moment it had then, or not at all."""
    if was := event.codes.get("was"):
        _waits_again(incident, event, now, until=was)
    else:
        heard(incident, now=now, by=event.by, why="undone")
    return {}


def _waits_again(incident: Incident, event: Event, now: dt.datetime, until: str = "") -> dict[str, Any]:
    since, until = event.codes["since"], until or event.codes["until"]
    moments = {"since": dt.datetime.fromisoformat(since), "until": dt.datetime.fromisoformat(until)}
    wait_again(incident, **moments, by=event.by, now=now)
    return {}


_UNDO: dict[str, Callable[[Incident, Event, dt.datetime], dict[str, Any]]] = {
    "closed": _reopened,
    "handed_over": take_handover_back,
    "promise_kept": _unsettled,
    "promise_broken": _unsettled,
    "remedy_failed": _not_ended,
    "remedy_withdrawn": _not_ended,
    "remedy_declined": _not_ended,
    "remedy_let_go": _not_ended,
    "remedy_waived": _waived_no_more,
    "receipt_waived": _receipt_wanted,
    "second_failure_noted": _not_worse,
    BEGAN: _not_waiting,
    ENDED: _waits_again,
}
# What an event must say for its act to be undone; older ones do not say it.
_NEEDS: dict[str, tuple[str, ...]] = {
    "handed_over": ("steps",),
    "remedy_failed": ("before",),
    "remedy_withdrawn": ("before",),
    "remedy_declined": ("before",),
    "remedy_let_go": ("before",),
    "receipt_waived": ("before",),
    "second_failure_noted": ("is_new",),
}
