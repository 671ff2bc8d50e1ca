"""As much in everybody's inbox at every size: a page with three lines cannot be compared with a full one."""

from __future__ import annotations

import datetime as dt

LINES, UNREAD = 60, 50


def fill_inboxes(now: dt.datetime) -> None:
    """What is missing to so many lines of open incidents that they see, and so many of all not yet read."""
    from incidents.models import Incident, Notice, NoticeKind, Staff

    for person in Staff.objects.filter(is_active=True):
        theirs = Notice.objects.for_inbox_of(person)
        missing = max(LINES - theirs.count(), UNREAD - theirs.unread().count(), 0)
        seen = Incident.objects.visible_to(person).open().order_by("-reported_at", "pk")[:missing]
        Notice.objects.bulk_create(
            Notice(
                recipient=person,
                incident=incident,
                kind=NoticeKind.NUDGED,
                subject_id=incident.pk,
                occurrence="bench",
                at=now - number * dt.timedelta(minutes=7),
            )
            for number, incident in enumerate(seen)
        )
