"""Waiting for the customer: offering and delivering stand still until they are heard.

What is promised, the apology and the first answer need nothing of them and go on. The pauses are in the events
(`models.hours.pauses_of`); the two columns say only that and until when we wait now.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, heard, locked
from incidents.actions.due import schedule
from incidents.actions.refusals import Refused
from incidents.models import Incident, Note, ReminderKind, Staff
from incidents.models.hours import BEGAN, calendar_of
from incidents.targets import WAIT_AT_MOST, WAIT_USUALLY

ANSWERED = "answered"


def wait_for_customer(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    until: dt.datetime | None = None,
    note: str = "",
    submit_key: UUID | None = None,
) -> Incident:
    """They owe us an answer: nobody is late for it until `until`, three open days unless somebody says.

    While we wait already it is another `until`. A second submit of the same form changes nothing.
    """
    with locked(incident_id) as incident:
        mine = incident.events.filter(kind=BEGAN, codes__key=str(submit_key))
        if submit_key is not None and mine.exists():
            return incident
        wanted = until or usual_until(incident, now)
        if not now < wanted <= now + WAIT_AT_MOST:
            raise Refused(_("Wait until a moment still to come, within the next 60 days."))
        said = note.strip()
        if wanted == incident.waiting_until and not said:
            return incident
        of: dict[str, Any] = {"key": str(submit_key)} if submit_key else {}
        if incident.waiting_until is not None:
            of["was"] = incident.waiting_until.isoformat()
        kept = Note.objects.create(incident=incident, words=said, at=now, by=by, submit_key=uuid4()) if said else None
        _begin(incident, since=incident.waiting_since or now, until=wanted, by=by, now=now, note=kept, **of)
        advance(incident, now=now, by=by)
        return incident


def go_on(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """They answered. A second tap changes nothing."""
    with locked(incident_id) as incident:
        if heard(incident, now=now, by=by, why=ANSWERED):
            advance(incident, now=now, by=by)
        return incident


def usual_until(incident: Incident, now: dt.datetime) -> dt.datetime:
    """Three open days of its place from now, or as long as can be where it stays closed for longer. One query."""
    due = calendar_of(incident.location).due(now, WAIT_USUALLY)
    return min(due, now + WAIT_AT_MOST).replace(second=0, microsecond=0)


def wait_again(
    incident: Incident, *, since: dt.datetime, until: dt.datetime, by: Staff | None, now: dt.datetime
) -> None:
    """What ended it was undone, or what moved it. The caller holds the lock, and advances."""
    _begin(incident, since=since, until=until, by=by, now=now, why="undone")


def _begin(
    incident: Incident,
    *,
    since: dt.datetime,
    until: dt.datetime,
    by: Staff | None,
    now: dt.datetime,
    note: Note | None = None,
    **codes: Any,
) -> None:
    incident.waiting_since, incident.waiting_until = since, until
    incident.save(update_fields=["waiting_since", "waiting_until"])
    told = codes | {"since": since.isoformat(), "until": until.isoformat()}
    add_event(incident, BEGAN, now=now, by=by, subject_id=note.pk if note else None, **told)
    kind = ReminderKind.WAITED_LONG_ENOUGH
    schedule(incident=incident, kind=kind, subject_id=incident.pk, target_at=until, now=now)
