"""The incident passed from one person to the next; exactly one has it at every instant."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import accept_handovers, add_event, locked, pass_on_steps
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused
from incidents.actions.remind import schedule
from incidents.ladder import ACCEPT_WITHIN, ACCEPT_WITHIN_CRITICAL
from incidents.models import Handover, Incident, Location, NoticeKind, ReminderKind, Staff
from incidents.vocabulary import (
    Severity,
)


def hand_over(*, incident_id: int, to: Staff, by: Staff, now: dt.datetime, note: str = "") -> Incident:
    """Give the incident to someone who can see it; its open calls and promises go along."""
    with locked(incident_id) as incident:
        if to.pk == incident.assignee_id:
            return incident
        if not can_take(to, incident):
            raise Refused(_("They do not work at this location, or may not see this incident."))
        before = incident.assignee
        pass_on_steps(incident, from_staff=before, to_staff=to)
        incident.assignee = to
        incident.version += 1
        incident.save(update_fields=["assignee", "version"])
        handover = Handover.objects.create(
            incident=incident,
            from_staff=before,
            to_staff=to,
            note=note,
            at=now,
            by=by,
            accepted_at=now if to == by else None,
        )
        add_event(incident, "handed_over", now=now, by=by, subject_id=handover.pk)
        if to != by:
            _tell_of(handover, incident, now=now)
        return incident


def _tell_of(handover: Handover, incident: Incident, *, now: dt.datetime) -> None:
    """Now, and again when they have not taken it over after a while."""
    notify(
        kind=NoticeKind.ASSIGNED,
        incident=incident,
        recipients=[handover.to_staff],
        subject_id=incident.pk,
        occurrence=f"{handover.pk}",
        now=now,
    )
    within = ACCEPT_WITHIN_CRITICAL if incident.severity == Severity.CRITICAL else ACCEPT_WITHIN
    kind = ReminderKind.HANDOVER_OPEN
    schedule(incident=incident, kind=kind, subject_id=handover.pk, target_at=now + within, now=now)


def accept_handover(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """ "I have it": whoever gave it need not wonder. Refused when nothing was handed to them."""
    with locked(incident_id, must_be_open=False) as incident:
        if not accept_handovers(incident, by=by, now=now):
            raise Refused(_("Nothing here waits for you to take it over."))
        return incident


def can_take(staff: Staff, incident: Incident) -> bool:
    """Whether `staff` may become the assignee: active, of the place, not concerned."""
    if not staff.is_active or incident.concerns.filter(staff=staff).exists():
        return False
    return staff.sees_all or incident.location_id in staff.location_ids


def people_of(location: Location) -> list[Staff]:
    """Who can be given work there, by name."""
    people = Staff.objects.filter(is_active=True)
    return list(people.filter(memberships__location=location).order_by("sort_name"))
