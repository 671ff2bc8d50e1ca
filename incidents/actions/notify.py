"""Who is told, and how: a line in the inbox at once, a mail when they want one, and when they want it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from incidents.actions.mail_queue import not_queued, queue_mail
from incidents.ladder import Urgency
from incidents.models import Incident, Job, Notice, NoticeKind, NoticeReason, Staff
from incidents.models.hearers import administrators_of, for_whom, managers_of, who_see

__all__ = ["administrators_of", "for_whom", "managers_of", "notify", "who_see"]


def notify(
    *,
    kind: NoticeKind,
    incident: Incident | None,
    recipients: Iterable[Staff],
    subject_id: int,
    occurrence: str,
    now: dt.datetime,
    reason: NoticeReason = NoticeReason.YOURS,
    urgency: Urgency = Urgency.DUE,
    target_at: dt.datetime | None = None,
    job: Job | None = None,
) -> None:
    """Put a line into each inbox, once per subject, kind, recipient and occurrence, and queue its mail.

    `incident` is None of what we learn; `job`: the long work that it is a part of. All in the caller's transaction;
    nothing is sent here.
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
                reason=_reason(person, reason) if incident else reason,
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
        queue_mail(notice, people[notice.recipient_id], incident, now=now, job=job)


def _reason(person: Staff, reason: NoticeReason) -> NoticeReason:
    """Where a place has no manager an administrator hears it, who does not manage it."""
    return NoticeReason.ADMINISTRATOR if reason == NoticeReason.MANAGER and person.sees_all else reason
