"""A change is proposed (an idea), and committed: what, who, by which day."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, locked, saved_before
from incidents.actions.prevention import news
from incidents.actions.prevention.held import end_of, held, must_be_version, must_manage, today_at
from incidents.actions.refusals import NotYours, Refused
from incidents.actions.review_state import settle_review_state
from incidents.actions.takers import can_take
from incidents.models import (
    Incident,
    PreventionAction,
    PreventionKind,
    Procedure,
    Review,
    RootCause,
    Staff,
)
from incidents.vocabulary import NOT_AN_INCIDENT


def commit_change(
    *,
    incident_id: int,
    kind: PreventionKind | str,
    what: str,
    assignee: Staff,
    due_on: dt.date,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    review_id: int | None = None,
    root_cause: RootCause | None = None,
    old_text: str = "",
    new_text: str = "",
    effective_on: dt.date | None = None,
    procedure: Procedure | None = None,
) -> PreventionAction:
    """Somebody does it by a day. `root_cause`: what it is to prevent, else the incident's own.

    Managers of the place, and whoever runs or writes down the meeting that decides it. Once per form.
    """
    with locked(incident_id, must_be_open=False) as incident:
        if sent := _sent(submit_key, incident, by):
            return sent
        review = _review(review_id, incident)
        _may_commit(by, incident, review)
        _must_be_doable(incident, assignee, due_on, now)
        action = _new(incident, review, kind=kind, what=what, root_cause=root_cause, by=by, now=now, key=submit_key)
        action.old_text, action.new_text, action.effective_on = old_text, new_text, effective_on
        action.procedure = procedure
        _commit(action, incident, assignee, due_on, now)
        action.save()
        _follow(action, incident, by=by, now=now)
        return action


def note_idea(
    *,
    incident_id: int,
    kind: PreventionKind | str,
    what: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    review_id: int | None = None,
    root_cause: RootCause | None = None,
    old_text: str = "",
    new_text: str = "",
    effective_on: dt.date | None = None,
    procedure: Procedure | None = None,
) -> PreventionAction:
    """What might be changed, by anybody who sees the incident. Nobody has to do it yet. Once per form."""
    with locked(incident_id, must_be_open=False) as incident:
        if sent := _sent(submit_key, incident, by):
            return sent
        review = _review(review_id, incident)
        action = _new(incident, review, kind=kind, what=what, root_cause=root_cause, by=by, now=now, key=submit_key)
        action.old_text, action.new_text, action.effective_on = old_text, new_text, effective_on
        action.procedure = procedure
        action.save()
        add_event(incident, "prevention_proposed", now=now, by=by, subject_id=action.pk)
        return action


def commit_idea(
    *,
    action_id: int,
    assignee: Staff,
    due_on: dt.date,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    kind: PreventionKind | str | None = None,
    what: str = "",
) -> PreventionAction:
    """An idea becomes something that somebody does by a day. Stale when somebody was faster."""
    with held(action_id) as mine:
        action, incident = mine.action, mine.incident
        _may_commit(by, incident, action.review)
        if action.is_open and (action.assignee, action.due_on, action.what) == (assignee, due_on, what or action.what):
            return action  # the same form, sent again
        must_be_version(action, expected_version)
        if action.committed_at is not None or action.dropped_at is not None:
            raise Refused(_("This is no idea any more."))
        _must_be_doable(incident, assignee, due_on, now)
        action.kind, action.what = kind or action.kind, what or action.what
        _commit(action, incident, assignee, due_on, now)
        mine.save("kind", "what", "assignee", "due_on", "due_at", "committed_at")
        _follow(action, incident, by=by, now=now)
        return action


def _sent(submit_key: UUID, incident: Incident, by: Staff) -> PreventionAction | None:
    """What this form made before."""
    return saved_before(PreventionAction.objects.filter(submit_key=submit_key), incident=incident, created_by=by)


def _review(review_id: int | None, incident: Incident) -> Review | None:
    if review_id is None:
        return None
    review = Review.objects.select_related("meeting").filter(pk=review_id, incident=incident).first()
    if review is None:
        raise Refused(_("This was not talked about there."))
    return review


def _may_commit(by: Staff, incident: Incident, review: Review | None) -> None:
    meeting = review.meeting if review else None
    if meeting is not None and meeting.is_running and by.pk in (meeting.facilitator_id, meeting.writer_id):
        return
    try:
        must_manage(by, incident.location_id)
    except NotYours:
        raise NotYours(_("A manager of this place decides what we change. Note it as an idea.")) from None


def _must_be_doable(incident: Incident, assignee: Staff, due_on: dt.date, now: dt.datetime) -> None:
    if not can_take(assignee, incident):
        raise Refused(_("They do not work at this location, or may not see this incident."))
    if due_on < today_at(incident.location, now):
        raise Refused(_("That day has passed. Choose one that is still to come."))


def _new(
    incident: Incident,
    review: Review | None,
    *,
    kind: PreventionKind | str,
    what: str,
    root_cause: RootCause | None,
    by: Staff,
    now: dt.datetime,
    key: UUID,
) -> PreventionAction:
    """Not saved yet."""
    if not what.strip():
        raise Refused(_("Say what we change."))
    if incident.close_reason in NOT_AN_INCIDENT:
        raise Refused(_("This was taken out of the list: there is nothing to change."))
    return PreventionAction(
        incident=incident,
        review=review,
        location=incident.location,
        category=incident.category,
        root_cause_id=root_cause.pk if root_cause else incident.root_cause_id,
        kind=kind,
        what=what.strip(),
        created_at=now,
        created_by=by,
        submit_key=key,
    )


def _commit(action: PreventionAction, incident: Incident, assignee: Staff, due_on: dt.date, now: dt.datetime) -> None:
    action.assignee, action.due_on, action.due_at = assignee, due_on, end_of(due_on, incident.location)
    action.committed_at = now


def _follow(action: PreventionAction, incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    add_event(incident, "prevention_committed", now=now, by=by, subject_id=action.pk)
    settle_review_state(incident, by=by, now=now)
    news.remind(action, now=now)
    news.tell_assignee(action, by=by, now=now)
