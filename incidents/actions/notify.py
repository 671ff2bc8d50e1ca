"""Who is told, and how: a line in the inbox at once, a mail when they want one and may be disturbed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from incidents.access import Role
from incidents.actions.outbox import not_queued, queue_mail
from incidents.ladder import Urgency
from incidents.models import Incident, Notice, NoticeKind, NoticeReason, Staff


def notify(
    *,
    kind: NoticeKind,
    incident: Incident,
    recipients: Iterable[Staff],
    subject_id: int,
    occurrence: str,
    now: dt.datetime,
    reason: NoticeReason = NoticeReason.YOURS,
    urgency: Urgency = Urgency.DUE,
    target_at: dt.datetime | None = None,
) -> None:
    """Put a line into each inbox, once per subject, kind, recipient and occurrence, and queue its mail.

    All in the caller's transaction; nothing is sent here.
    """
    people = {person.pk: person for person in recipients}
    if not people:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                incident=incident,
                kind=kind,
                subject_id=subject_id,
                occurrence=occurrence,
                reason=reason,
                urgency=urgency,
                target_at=target_at,
                at=now,
            )
            for person in people.values()
        ],
        ignore_conflicts=True,
    )
    same = Notice.objects.filter(kind=kind, subject_id=subject_id, occurrence=occurrence, recipient__in=people)
    for notice in not_queued(same):
        queue_mail(notice, people[notice.recipient_id], incident, now=now)


def managers_of(incident: Incident) -> list[Staff]:
    """The managers of its place who may see it; administrators when there are none."""
    active = Staff.objects.filter(is_active=True).order_by("id")
    here = active.filter(role=Role.MANAGER, memberships__location=incident.location_id)
    return who_see(incident, here) or administrators_of(incident)


def administrators_of(incident: Incident) -> list[Staff]:
    """The administrators who may see it."""
    active = Staff.objects.filter(is_active=True).order_by("id")
    return who_see(incident, active.filter(role=Role.ADMINISTRATOR))


def who_see(incident: Incident, people: Iterable[Staff]) -> list[Staff]:
    """Those who may know of it. One query each for a restricted incident, else none."""
    if not incident.is_restricted:
        return list(people)
    return [person for person in people if Incident.objects.visible_to(person).filter(pk=incident.pk).exists()]


def for_whom(incident: Incident, person: Staff) -> tuple[list[Staff], NoticeReason]:
    """`person`, or who stands in for somebody who left, works elsewhere now or must not know."""
    if person.is_active and Incident.objects.visible_to(person).filter(pk=incident.pk).exists():
        return [person], NoticeReason.YOURS
    fallback = incident.location.fallback_assignee
    stand_in = [fallback] if fallback and fallback.is_active else []
    return who_see(incident, stand_in) or managers_of(incident), NoticeReason.STAND_IN
