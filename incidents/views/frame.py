"""Counts that the frame of every page shows."""

from __future__ import annotations

from django.utils import timezone

from incidents.models import FollowUp, Notice, Staff


def calls_due_count(staff: Staff) -> int:
    """Calls of mine that are due by now; one query."""
    return FollowUp.objects.due_before(timezone.now()).filter(assignee=staff).count()


def unread_count(staff: Staff) -> int:
    return Notice.objects.for_inbox_of(staff).unread().count()
