"""Who said sorry to whom, when and how; or, when it was not our fault, who explained."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance, locked, must_have_happened, saved_before
from incidents.actions.promises import promise_too
from incidents.actions.refusals import Refused
from incidents.actions.rows import save_in_round, who_did_it
from incidents.models import (
    Apology,
    Incident,
    Remedy,
    Staff,
)
from incidents.vocabulary import PENDING_REMEDY, ApologyKind, RemedyState


def record_apology(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    channel: str,
    submit_key: UUID,
    author: Staff | None = None,
    author_name: str = "",
    to_whom: str = "",
    words: str = "",
    kind: str = ApologyKind.APOLOGY,
    made_at: dt.datetime | None = None,
    travels_with: Remedy | None = None,
    promise_what: str = "",
    promise_due_at: dt.datetime | None = None,
) -> Apology:
    """Record that someone apologized, or that the apology travels with a remedy.

    One that travels counts when that delivery does. Refused for a remedy of another
    incident, or one that is over. An *explanation* counts while the finding is *not our fault*.
    """
    with locked(incident_id) as incident:
        if existing := saved_before(Apology.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        must_have_happened(made_at, now)
        apology = Apology(to_whom=to_whom, kind=kind, channel=channel, words=words, travels_with=travels_with)
        apology.author, apology.author_name = who_did_it(author, author_name, by)
        apology.made_at = _arrival(incident, travels_with) if travels_with else made_at or now
        save_in_round(apology, incident, by=by, now=now, submit_key=submit_key)
        add_event(incident, "apology_recorded", now=now, by=by, subject_id=apology.pk)
        promise_too(incident, what=promise_what, due_at=promise_due_at, by=by, now=now)
        advance(incident, now=now, by=by)
        return apology


def _arrival(incident: Incident, remedy: Remedy) -> dt.datetime | None:
    fresh = Remedy.objects.get(pk=remedy.pk)
    if fresh.incident_id != incident.pk:
        raise Refused(_("That delivery belongs to another incident."))
    if fresh.state not in PENDING_REMEDY and fresh.state != RemedyState.DELIVERED:
        raise Refused(_("That delivery did not happen. Choose another way to apologize."))
    return fresh.delivered_at
