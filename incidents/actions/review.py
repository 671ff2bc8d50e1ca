"""What staff meetings talk about: what is grave or came again by itself, and whatever anybody wants to talk about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, locked
from incidents.actions.refusals import Refused
from incidents.models import Incident, Staff, WhyReview
from incidents.models.incident import ReviewState
from incidents.vocabulary import NOT_AN_INCIDENT, Severity

ADDED, TAKEN_OFF = "review_asked", "review_dropped"
# Talked about already, and something follows from it.
_UNDER_WAY = (ReviewState.PREVENTING, ReviewState.VERIFIED)


def wanted_because(incident: Incident) -> WhyReview | None:
    """Why a meeting should talk about it, from what stands on it. None when nothing does. No query."""
    if incident.is_second_failure:
        return WhyReview.SECOND_FAILURE
    if incident.repeat_of_id is not None:
        return WhyReview.REPEAT
    return WhyReview.GRAVE if incident.severity <= Severity.MAJOR else None


def ask_when_wanted(incident: Incident, *, by: Staff | None, now: dt.datetime) -> bool:
    """Put it on the list when something on it says so and no meeting has talked about it. One statement at most.

    The caller holds the lock and saves `review_state`.
    """
    why = wanted_because(incident)
    return why is not None and put_on_list(incident, why, by=by, now=now)


def put_on_list(incident: Incident, why: WhyReview, *, by: Staff | None, now: dt.datetime) -> bool:
    """False when it stands there, was talked about, or is none. The caller holds the lock and saves `review_state`."""
    if incident.review_state != ReviewState.NOT_REQUIRED or incident.close_reason in NOT_AN_INCIDENT:
        return False
    incident.review_state = ReviewState.TO_REVIEW
    add_event(incident, ADDED, now=now, by=by, was=ReviewState.NOT_REQUIRED.value, why=why.value)
    return True


def add_to_next_meeting(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Open or closed. Once is enough: a second time changes nothing."""
    with locked(incident_id, must_be_open=False) as incident:
        if incident.review_state == ReviewState.TO_REVIEW:
            return incident
        if incident.close_reason in NOT_AN_INCIDENT:
            raise Refused(_("This was taken out of the list: there is nothing to talk about."))
        if incident.review_state in _UNDER_WAY:
            raise Refused(_("A meeting talked about this already, and what it decided is under way."))
        _set(incident, ReviewState.TO_REVIEW, ADDED, by=by, now=now, why=WhyReview.ADDED.value)
        return incident


def take_off_meeting(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """As it was before it was put on the list; nothing when it is not on it."""
    with locked(incident_id, must_be_open=False) as incident:
        if incident.review_state == ReviewState.TO_REVIEW:
            added = incident.events.filter(kind=ADDED).order_by("-id").first()
            before = ReviewState(added.codes["was"]) if added else ReviewState.NOT_REQUIRED
            _set(incident, before, TAKEN_OFF, by=by, now=now)
        return incident


def _set(incident: Incident, state: ReviewState, kind: str, *, by: Staff, now: dt.datetime, **codes: Any) -> None:
    was, incident.review_state = incident.review_state, state
    incident.save(update_fields=["review_state"])
    add_event(incident, kind, now=now, by=by, was=was, **codes)
