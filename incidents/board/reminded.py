"""What a reminder is about: an incident, or a meeting or procedure that hangs on none."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from incidents.models import Incident, Reminder, Staff
from incidents.models.notice_subjects import page_of


@dataclass(frozen=True)
class About:
    """What a reminder is about."""

    name: str
    note: str
    zone: str
    elsewhere: str
    url: str


def what_it_is_about(row: Reminder, staff: Staff) -> About:
    """Once `name_subjects()` has read what hangs on no incident. No query."""
    return _of_incident(row.incident, staff) if row.incident else _of_learning(row)


def _of_incident(incident: Incident, staff: Staff) -> About:
    place = incident.location
    note = f"{incident.reference} · {place}"
    return About(incident.who, note, place.time_zone, place.zone_words(staff), incident.get_absolute_url())


def _of_learning(row: Reminder) -> About:
    subject = row.subject
    if subject is None:
        return About("", "", "UTC", "", "")
    url = reverse(page_of(row.kind), args=[row.subject_id])
    return About(subject.name, subject.place, str(subject.zone), subject.elsewhere, url)
