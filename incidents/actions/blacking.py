"""Words that are blacked out in an incident before others see it, beyond the names we know."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours, Refused
from incidents.models import BlackedOut, Incident, Meeting, Staff

MOST = 50  # of one incident


def _incident_of(meeting: Meeting, incident_id: int, by: Staff) -> Incident:
    if not access.can_run_meeting(by, meeting):
        raise NotYours(_("A manager of the place, or whoever leads the meeting, does that."))
    found = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id, agenda_items__meeting=meeting)
    incident = found.filter(is_restricted=False).first()
    if incident is None:
        raise Refused(_("It is not on the agenda."))
    return incident


def black_out(
    *, meeting_id: int, incident_id: int, words: str, instead: str = "", by: Staff, now: dt.datetime
) -> BlackedOut:
    """On the wall, in the minutes, in practice, from now on; the same words once. What is on the wall follows."""
    with transaction.atomic():
        meeting = Meeting.objects.get(pk=meeting_id)
        incident = _incident_of(meeting, incident_id, by)
        words = " ".join(words.split())
        if not any(c.isalnum() for c in words):
            raise Refused(_("Say which words."))
        known = incident.blacked_out.filter(words__iexact=words).first()
        if known is None:
            if incident.blacked_out.count() >= MOST:
                raise Refused(_("That is a lot to black out: leave this one out of the meeting."))
            known = BlackedOut.objects.create(incident=incident, words=words, instead=instead, by=by, at=now)
        elif known.instead != instead:
            known.instead = instead
            known.save(update_fields=["instead"])
        else:
            return known
        add_event(incident, "words_blacked_out", now=now, by=by, subject_id=known.pk)
        _show_anew(meeting)
        return known


def show_again(*, meeting_id: int, incident_id: int, blacked_id: int, by: Staff, now: dt.datetime) -> None:
    """Taken back; again changes nothing."""
    with transaction.atomic():
        meeting = Meeting.objects.get(pk=meeting_id)
        incident = _incident_of(meeting, incident_id, by)
        number, _each = incident.blacked_out.filter(pk=blacked_id).delete()
        if number:
            add_event(incident, "words_shown_again", now=now, by=by, subject_id=blacked_id)
            _show_anew(meeting)


def _show_anew(meeting: Meeting) -> None:
    """The projector and the phone look again."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
