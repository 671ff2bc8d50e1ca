"""A change that was committed: moved, done with evidence, or dropped with a reason."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.prevention import news
from incidents.actions.prevention.held import (
    end_of,
    held,
    must_be_theirs,
    must_be_version,
    must_manage,
    today_at,
)
from incidents.actions.refusals import Refused, Stale
from incidents.actions.takers import can_take
from incidents.models import Incident, PreventionAction, Staff
from incidents.models.recurrence import check_moment

_NOT_YET = _("Nobody has committed to this yet.")
_DONE = _("Somebody said meanwhile that this is done.")
_DROPPED = _("Somebody dropped this meanwhile.")


def move_due(
    *,
    action_id: int,
    due_on: dt.date,
    by: Staff,
    now: dt.datetime,
    expected_version: int | None = None,
    assignee: Staff | None = None,
) -> PreventionAction:
    """Another day, somebody else (`assignee`), or both. By whoever does it, and managers of the place."""
    with held(action_id) as mine:
        action = mine.action
        must_be_theirs(by, action)
        _must_be_open(action)
        if (action.due_on, action.assignee) == (due_on, assignee or action.assignee):
            return action
        must_be_version(action, expected_version)
        if due_on < today_at(action.location, now) and due_on != action.due_on:
            raise Refused(_("That day has passed. Choose one that is still to come."))
        if assignee is not None and assignee.pk != action.assignee_id and not can_take(assignee, mine.incident):
            raise Refused(_("They do not work at this location, or may not see this incident."))
        before, was_theirs = action.due_on, action.assignee_id
        action.assignee = assignee or action.assignee
        action.due_on, action.due_at = due_on, end_of(due_on, action.location)
        mine.save("assignee", "due_on", "due_at")
        codes = {"from_": before.isoformat() if before else "", "to": due_on.isoformat()}
        add_event(mine.incident, "prevention_moved", now=now, by=by, subject_id=action.pk, **codes)
        news.remind(action, now=now)
        if action.assignee_id != was_theirs:
            news.tell_assignee(action, by=by, now=now)
        return action


def pass_on_changes(incident: Incident, *, from_staff: Staff, to_staff: Staff, by: Staff, now: dt.datetime) -> None:
    """What they committed to because of it follows to somebody else, by the same day. In the caller's transaction."""
    mine = PreventionAction.objects.open().filter(incident=incident, assignee=from_staff)
    for pk in mine.order_by("pk").values_list("pk", flat=True):
        pass_on_change(pk, from_staff=from_staff, to_staff=to_staff, by=by, now=now)


def pass_on_change(pk: int, *, from_staff: Staff, to_staff: Staff, by: Staff, now: dt.datetime) -> bool:
    """One of them; False when it is theirs no more."""
    with held(pk) as change:
        action = change.action
        if not action.is_open or action.assignee_id != from_staff.pk:
            return False
        action.assignee = to_staff
        change.save("assignee")
        day = action.due_on.isoformat() if action.due_on else ""
        add_event(change.incident, "prevention_moved", now=now, by=by, subject_id=pk, from_=day, to=day)
        news.tell_assignee(action, by=by, now=now)
        return True


def finish(
    *, action_id: int, evidence: str, by: Staff, now: dt.datetime, effective_on: dt.date | None = None
) -> PreventionAction:
    """Done, and what shows it. Checked after 90 days, counted from when it took effect where that is later.

    The same said twice is harmless; Stale when somebody else was faster.
    """
    with held(action_id) as mine:
        action = mine.action
        must_be_theirs(by, action)
        if action.done_at is not None and (action.done_by_id, action.evidence) == (by.pk, evidence.strip()):
            return action
        _must_be_open(action)
        if not evidence.strip():
            raise Refused(_("Say what shows that it is done."))
        action.done_at, action.done_by, action.evidence = now, by, evidence.strip()
        action.effective_on = effective_on or action.effective_on
        action.check_at, action.verdict = check_moment(action), ""
        mine.save("done_at", "done_by", "evidence", "effective_on", "check_at", "verdict")
        add_event(mine.incident, "prevention_done", now=now, by=by, subject_id=action.pk)
        news.forget(action, now=now)
        mine.settle(by=by, now=now)
        return action


def drop(*, action_id: int, reason: str, by: Staff, now: dt.datetime) -> PreventionAction:
    """We do not do it after all, and why: an idea or a commitment. By managers of the place."""
    with held(action_id) as mine:
        action = mine.action
        is_own_idea = action.is_idea and action.created_by_id == by.pk
        if not is_own_idea:
            must_manage(by, action.location_id)
        if action.dropped_at is not None and (action.dropped_by_id, action.drop_reason) == (by.pk, reason.strip()):
            return action
        if not action.is_idea or action.dropped_at is not None:
            _must_be_open(action)
        if not reason.strip():
            raise Refused(_("Say why we do not do it."))
        action.dropped_at, action.dropped_by, action.drop_reason = now, by, reason.strip()
        mine.save("dropped_at", "dropped_by", "drop_reason")
        add_event(mine.incident, "prevention_dropped", now=now, by=by, subject_id=action.pk)
        news.forget(action, now=now)
        mine.settle(by=by, now=now)
        return action


def _must_be_open(action: PreventionAction) -> None:
    """Stale when somebody ended it; `current` says how."""
    if action.done_at is not None:
        raise Stale(_DONE, action)
    if action.dropped_at is not None:
        raise Stale(_DROPPED, action)
    if action.committed_at is None:
        raise Refused(_NOT_YET)
