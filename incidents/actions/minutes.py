"""Minutes: written when the meeting ends, corrected in a next version, read by whoever was asked to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.actions.advance import add_event
from incidents.actions.learning_news import tell_of
from incidents.actions.log import drop_draft, save_draft
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Incident, Meeting, MeetingPerson, Minutes, NoticeKind, Staff
from incidents.models.hidden import Hidden, hidden_for_all, hidden_together
from incidents.models.minutes_body import blacked_out_at, body_of, with_hidden
from incidents.models.staff import learn_places

DRAFT = "minutes"  # what somebody types to correct them


def write_minutes(meeting: Meeting, *, by: Staff, now: dt.datetime) -> Minutes:
    """The first version, of a meeting that has just ended; those who were asked to come hear of it.

    Part of the caller's transaction, which holds the meeting. Writing them again changes nothing.
    """
    if known := meeting.versions.order_by("-number").first():
        return known
    return _publish(meeting, body_of(meeting), number=1, by=by, now=now)


def _publish(meeting: Meeting, body: dict[str, Any], *, number: int, by: Staff, now: dt.datetime) -> Minutes:
    minutes = Minutes.objects.create(meeting=meeting, number=number, body=body, at=now, by=by)
    add_event(None, "minutes_written", now=now, by=by, subject_id=meeting.pk, number=number)
    MeetingPerson.objects.filter(meeting=meeting, staff=by).update(read_version=number, read_at=now)
    _tell(meeting, number=number, by=by, now=now)
    return minutes


def _tell(meeting: Meeting, *, number: int, by: Staff, now: dt.datetime) -> None:
    """Those who were there and those who were not, as far as they may read it; not whoever wrote it."""
    people = list(Staff.objects.filter(meetings__meeting=meeting, is_active=True).order_by("pk"))
    learn_places(people)
    tell_of(
        kind=NoticeKind.MINUTES,
        subject_id=meeting.pk,
        people=[person for person in people if person.sees_all or meeting.location_id in person.location_ids],
        now=now,
        by=by,
        occurrence=f"v{number}",
    )


def correct_minutes(
    *,
    meeting_id: int,
    expected_number: int,
    notes: Mapping[int, str],
    remark: str,
    by: Staff,
    now: dt.datetime,
) -> Minutes:
    """The next version: other words by the item's id, a remark on all of it; what changed stands in it.

    Names in them are hidden like all others. Nothing changed, no version. Stale when somebody corrected them meanwhile.
    """
    with transaction.atomic():
        rows = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("location")
        meeting = rows.get(pk=meeting_id)
        if not access.can_run_meeting(by, meeting):
            raise NotYours(_("A manager of the place, or whoever led or wrote, corrects the minutes."))
        last = meeting.versions.order_by("-number").first()
        if last is None:
            raise Refused(_("There are no minutes yet."))
        if last.number != expected_number:
            raise Stale(_("Someone else corrected this meanwhile."), last)
        drop_draft(by=by, form=DRAFT, key=UUID(int=meeting.pk))
        body = _corrected(with_hidden(last.body, blacked_out_at(meeting)), meeting, notes, remark)
        if not body["changed"]:
            return last
        return _publish(meeting, body, number=last.number + 1, by=by, now=now)


def _corrected(body: dict[str, Any], meeting: Meeting, notes: Mapping[int, str], remark: str) -> dict[str, Any]:
    incidents = {
        item.pk: item.incident for item in meeting.items.select_related("incident") if item.incident is not None
    }
    own = hidden_for_all(list(incidents.values()))
    everybody = hidden_together(list(incidents.values()), meeting.location)
    items, changed = [], []
    for item in body["items"]:
        after = notes.get(item["id"], item["notes"])
        after = _hidden(after, incidents.get(item["id"]), own, everybody) if after != item["notes"] else after
        if after != item["notes"]:
            changed.append({"title": item["title"], "before": item["notes"], "after": after})
        items.append(item | {"notes": after})
    said = everybody.words(remark) if remark != body["remark"] else remark
    if said != body["remark"]:
        changed.append({"title": say("Remark"), "before": body["remark"], "after": said})
    return body | {"items": items, "remark": said, "changed": changed}


def _hidden(words: str, incident: Incident | None, own: Mapping[int, Hidden], everybody: Hidden) -> str:
    return everybody.words(own[incident.pk].words(words) if incident else words)


def read_minutes(*, meeting_id: int, number: int, by: Staff, now: dt.datetime) -> MeetingPerson:
    """ "I have read it": of the newest version only, by those who were asked to come."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
        person = meeting.people.filter(staff=by).first()
        last = meeting.versions.order_by("-number").first()
        if person is None or last is None:
            raise Refused(_("Only those who were asked to come say that they have read it."))
        if last.number != number:
            raise Stale(_("The minutes have been corrected meanwhile. Read what changed."), last)
        if person.read_version < number:
            person.read_version, person.read_at = number, now
            person.save(update_fields=["read_version", "read_at"])
            add_event(None, "minutes_read", now=now, by=by, subject_id=meeting.pk, number=number)
        return person


def keep_correction(*, meeting_id: int, values: dict[str, Any], by: Staff, now: dt.datetime) -> None:
    """What is being typed, theirs alone; not what arrives after they have sent it."""
    last = Minutes.objects.filter(meeting=meeting_id).order_by("-number").first()
    if last is not None and last.by_id == by.pk and values.get("number") != str(last.number):
        return
    save_draft(by=by, form=DRAFT, key=UUID(int=meeting_id), values=values, now=now)
