"""Why it happened: the root cause of an incident, as managers see it now."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, locked
from incidents.actions.prevention.following import follow_cause
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Incident, RootCause, Staff


def set_cause(*, incident_id: int, root_cause: RootCause | None, by: Staff, now: dt.datetime) -> Incident:
    """Or nothing, when nobody should have said yet. Works on closed incidents too; the last word counts."""
    with locked(incident_id, must_be_open=False) as incident:
        if not by.is_manager:
            raise NotYours(_("A manager says why it happened."))
        if root_cause is not None and not root_cause.is_active and root_cause.pk != incident.root_cause_id:
            raise Refused(_("This cause is no longer in use. Choose another one."))
        before, after = incident.root_cause_id, root_cause.pk if root_cause else None
        if before == after:
            return incident
        incident.root_cause = root_cause
        incident.version += 1
        incident.save(update_fields=["root_cause", "version"])
        follow_cause(incident, before)
        add_event(incident, "cause_set", now=now, by=by, subject_id=after, before=before)
        return incident
