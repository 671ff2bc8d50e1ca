"""What the next staff meeting talks about: anybody who sees an incident puts it on the list, or takes it off."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, locked
from incidents.actions.refusals import Refused
from incidents.models import Incident, Staff
from incidents.models.incident import ReviewState
from incidents.vocabulary import NOT_AN_INCIDENT

ADDED, TAKEN_OFF = "review_asked", "review_dropped"
# Talked about already, and something follows from it.
_UNDER_WAY = (ReviewState.PREVENTING, ReviewState.VERIFIED)


def add_to_next_meeting(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Open or closed. Once is enough: a second time changes nothing."""
    with locked(incident_id, must_be_open=False) as incident:
        if incident.review_state == ReviewState.TO_REVIEW:
            return incident
        if incident.close_reason in NOT_AN_INCIDENT:
            raise Refused(_("This was taken out of the list: there is nothing to talk about."))
        if incident.review_state in _UNDER_WAY:
            raise Refused(_("A meeting talked about this already, and what it decided is under way."))
        _set(incident, ReviewState.TO_REVIEW, ADDED, by=by, now=now)
        return incident


def take_off_meeting(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """As it was before it was put on the list; nothing when it is not on it."""
    with locked(incident_id, must_be_open=False) as incident:
        if incident.review_state == ReviewState.TO_REVIEW:
            added = incident.events.filter(kind=ADDED).order_by("-id").first()
            before = ReviewState(added.codes["was"]) if added else ReviewState.NOT_REQUIRED
            _set(incident, before, TAKEN_OFF, by=by, now=now)
        return incident


def _set(incident: Incident, state: ReviewState, kind: str, *, by: Staff, now: dt.datetime) -> None:
    was, incident.review_state = incident.review_state, state
    incident.save(update_fields=["review_state"])
    add_event(incident, kind, now=now, by=by, was=was)
