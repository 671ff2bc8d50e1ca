"""How an incident ends when a person says so."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import end, locked
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Incident, Staff
from incidents.vocabulary import (
    CHOSEN_ENDINGS,
    NOT_AN_INCIDENT,
    CloseReason,
)

# How long whoever logged an incident may take it back themselves.
UNDO_FOR = dt.timedelta(minutes=5)


def close_incident(
    *,
    incident_id: int,
    reason: str,
    by: Staff,
    now: dt.datetime,
    note: str = "",
    duplicate_of: Incident | None = None,
) -> Incident:
    """End the incident for a reason a person gives.

    *Recovered* raises StepRefused with everything still missing; the others ask for a note
    and raise NotYours or Refused, in words.
    """
    if reason not in CloseReason.values:
        raise Refused(_("Choose how it ended."))
    why = CloseReason(reason)
    with locked(incident_id) as incident:
        if why != CloseReason.RECOVERED:
            _may_end(incident, why, by=by, note=note, twin=duplicate_of)
        incident.duplicate_of = duplicate_of if why == CloseReason.DUPLICATE else None
        end(incident, incident.current_round(), reason=why, now=now, by=by, note=note)
        return incident


def _may_end(incident: Incident, why: CloseReason, *, by: Staff, note: str, twin: Incident | None) -> None:
    if why not in CHOSEN_ENDINGS:
        raise Refused(_("This ending cannot be chosen yet."))
    if why in NOT_AN_INCIDENT and not access.can_void(by, incident):
        raise NotYours(_("A manager takes an incident out of the list."))
    if why == CloseReason.WITHDRAWN and not access.can_withdraw(by, incident):
        raise NotYours(_("The person who has this incident, or a manager, closes it."))
    if not note.strip():
        raise Refused(_("Say why, in a few words."))
    if why == CloseReason.NO_CONTACT_KNOWN and has_contact(incident):
        raise Refused(_("We know how to reach this customer, so the call is still due."))
    if why == CloseReason.DUPLICATE and (twin is None or twin.pk == incident.pk):
        raise Refused(_("Name the incident that this one repeats."))


def has_contact(incident: Incident) -> bool:
    return incident.customer is not None and incident.customer.contact_points.exists()


def undo_log(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """Take back an incident just logged: void, with the note *undone*."""
    with locked(incident_id) as incident:
        if incident.logged_by_id != by.pk or now - incident.created_at > UNDO_FOR:
            raise NotYours(_("Undo works for five minutes, for whoever logged it."))
        end(
            incident,
            incident.current_round(),
            reason=CloseReason.VOID,
            now=now,
            by=by,
            note="undone",
        )
        return incident
