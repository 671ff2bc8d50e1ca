"""Thanking somebody for minutes they gave or a sacrifice they made; before all only as they agree."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions import learning_news
from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Consent, Incident, Location, Meeting, NoticeKind, Staff, Thanks
from incidents.models.agenda import thanks_to_say


def give_thanks(
    *,
    location: Location,
    words: str,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    staff: Staff | None = None,
    name: str = "",
    may_name: bool = False,
    minutes: int | None = None,
    incident: Incident | None = None,
) -> Thanks:
    """Somebody who signs in is asked whether they may be named. `may_name`: somebody else has said so. Once per key."""
    if staff is not None and staff.pk == by.pk:
        raise Refused(_("Thank somebody else: they will thank you."))
    if (staff is None) == (name == ""):
        raise Refused(_("Say whom you thank: one person."))
    with transaction.atomic():
        asked = Consent.ASKED if staff else Consent.NAMED if may_name else Consent.UNNAMED
        fields = {
            "location": location,
            "incident": incident,
            "staff": staff,
            "name": name,
            "words": words,
            "minutes": minutes,
            "consent": asked,
            "by": by,
            "at": now,
        }
        thanks, is_new = Thanks.objects.get_or_create(submit_key=submit_key, defaults=fields)
        if not is_new and thanks.by_id != by.pk:
            raise Refused(_("Somebody else sent this form already. Open a new one."))
        if is_new:
            add_event(None, "thanked", now=now, by=by, subject_id=thanks.pk)
            _ask(thanks, by=by, now=now)
        return thanks


def _ask(thanks: Thanks, *, by: Staff, now: dt.datetime) -> None:
    """Whether we may say their name."""
    if thanks.staff is not None:
        learning_news.tell_of(kind=NoticeKind.THANKS_ASKED, subject_id=thanks.pk, people=[thanks.staff], now=now, by=by)


def answer_thanks(*, thanks_id: int, consent: Consent, by: Staff, now: dt.datetime) -> Thanks:
    """With the name, without it, or rather not; by whoever is thanked, who may think again until it was said."""
    with transaction.atomic():
        thanks = Thanks.objects.select_for_update(no_key=True).get(pk=thanks_id)
        if thanks.staff_id != by.pk:
            raise NotYours(_("Only whoever is thanked says whether they are named."))
        if thanks.meeting_id is not None and thanks.consent != consent:
            raise Refused(_("It was said in a meeting already."))
        if thanks.consent != consent:
            thanks.consent = consent
            thanks.save(update_fields=["consent"])
            add_event(None, "thanks_answered", now=now, by=by, subject_id=thanks.pk, consent=consent.value)
        return thanks


def mark_said(meeting: Meeting) -> int:
    """What this meeting has said need not be said again. How many thanks there were. The caller holds the lock."""
    said = [thanks.pk for thanks in thanks_to_say(meeting.location_id)]
    return Thanks.objects.filter(pk__in=said).update(meeting=meeting)
