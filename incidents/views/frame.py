"""What the frame of every page shows about the person who looks at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.utils import timezone

from incidents.board.approvals import REVIEW, WAITING, asked_of
from incidents.board.delivery_words import alarm_words
from incidents.counting import MOST
from incidents.models import Business, FollowUp, Notice, Staff
from incidents.models.money import ApprovalQuerySet
from incidents.models.prepared import ask
from incidents.models.pulse import pulse_columns, pulse_of


@dataclass(frozen=True)
class Frame:
    """`alarm` (title, text) is for managers, and only while the clock process gives cause for it."""

    business: str
    calls_due: int
    unread: int
    to_decide: int = 0
    to_review: int = 0
    alarm: tuple[str, str] | None = None


def frame_of(staff: Staff) -> Frame:
    """One statement, and one more for the places of whoever does not see all."""
    row = ask(_columns, staff=staff, now=timezone.now())
    pulse = pulse_of(row) if staff.is_manager else None
    return Frame(
        business=row["business"] or "",
        calls_due=len(row["due"] or ()),
        unread=len(row["unread"] or ()),
        to_decide=len(row["to_decide"] or ()),
        to_review=len(row.get("to_review") or ()),
        alarm=alarm_words(pulse) if pulse and pulse.is_in_trouble else None,
    )


def _columns(staff: Staff, now: dt.datetime) -> Any:
    calls = FollowUp.objects.visible_to(staff).due_before(now).filter(assignee=staff)
    notices = Notice.objects.for_inbox_of(staff).unread()
    return Staff.objects.filter(
        pk=staff.pk
    ).values(
        business=Subquery(Business.objects.values("name")[:1]),
        due=ArraySubquery(calls.order_by("due_at").values("pk")[: MOST + 1]),  # an order that the index has
        unread=ArraySubquery(notices.order_by().values("pk")[: MOST + 1]),
        to_decide=_numbers(asked_of(staff, WAITING, now)),
        **(pulse_columns() | {"to_review": _numbers(asked_of(staff, REVIEW, now))} if staff.is_manager else {}),
    )


def _numbers(questions: ApprovalQuerySet) -> ArraySubquery:
    return ArraySubquery(questions.order_by().values("pk")[: MOST + 1])


def unread_count(staff: Staff) -> int:
    """Unread notices, counted up to MOST + 1."""
    return Notice.objects.for_inbox_of(staff).unread()[: MOST + 1].count()
