"""What the frame of every page shows about the person who looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.utils import timezone

from incidents.models import Business, FollowUp, Notice, Staff

MOST = 99  # counting stops here: a badge costs the same for everybody


@dataclass(frozen=True)
class Frame:
    business: str
    calls_due: int
    unread: int


def frame_of(staff: Staff) -> Frame:
    """One statement, and one more for the places of whoever does not see all."""
    calls = FollowUp.objects.visible_to(staff).due_before(timezone.now()).filter(assignee=staff)
    notices = Notice.objects.for_inbox_of(staff).unread()
    found = Staff.objects.filter(pk=staff.pk).values_list(
        Subquery(Business.objects.values("name")[:1]),
        ArraySubquery(calls.order_by().values("pk")[:MOST]),
        ArraySubquery(notices.order_by().values("pk")[:MOST]),
    )
    business, due, unread = found.get()
    return Frame(business or "", len(due or ()), len(unread or ()))


def unread_count(staff: Staff) -> int:
    """Unread notices, counted up to 99."""
    return Notice.objects.for_inbox_of(staff).unread()[:MOST].count()
