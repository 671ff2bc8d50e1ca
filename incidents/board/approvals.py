"""Questions "may I give it?": who waits for a yes, what was given without one, and who decides meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.shortcuts import get_object_or_404

from incidents.access import Role, visible_to
from incidents.board.keyset import page_by
from incidents.models import ApprovalRequest, Incident, Membership, Remedy, Staff
from incidents.models.deciding import to_decide
from incidents.models.money import ApprovalQuerySet

PAGE = 25
WAITING, REVIEW, MINE = VIEWS = ("waiting", "review", "mine")
# What each view is ordered by: the oldest question first, the newest of one's own first.
ORDER = {WAITING: ("proposed_at", False), REVIEW: ("decided_at", False), MINE: ("proposed_at", True)}
NAMES = (
    *("incident__customer", "incident__category", "incident__location", "incident__assignee"),
    *("remedy__type", "remedy__assignee", "proposed_by", "decided_by", "decided_for", "reviewed_by"),
)


@dataclass(frozen=True)
class Queue:
    """One page of questions; `newer` and `older` are cursors of the pages before and after it."""

    requests: list[ApprovalRequest]
    newer: str = ""
    older: str = ""


def asked_of(staff: Staff, view: str, now: dt.datetime) -> ApprovalQuerySet:
    """The questions of a view: what waits for an answer of `staff`, what nobody has looked at, what they asked."""
    if view == WAITING:
        return _whole(to_decide(staff, now), staff)
    seen = visible_to(ApprovalRequest.objects.all(), staff, through="incident")
    if view == MINE:
        return seen.filter(proposed_by=staff)
    return seen.to_review() if staff.is_manager else seen.none()


def _whole(rows: ApprovalQuerySet, staff: Staff) -> ApprovalQuerySet:
    """Of restricted incidents only what they read whole, or asked themselves: an amount is part of the story."""
    if staff.is_manager:
        return rows
    own = Q(incident__is_restricted=False) | Q(incident__assignee=staff) | Q(proposed_by=staff)
    return rows.filter(own)


def view_for(staff: Staff, asked: ApprovalRequest | None, wanted: str, now: dt.datetime) -> str:
    """The one asked for, else where the question stands, else what the reader is here for. At most one query."""
    if wanted in ORDER:
        return wanted
    if asked is not None and staff.is_manager:
        return WAITING if asked.is_waiting or asked.reviewed_at else REVIEW
    if staff.is_manager or (asked is not None and asked.proposed_by_id != staff.pk):
        return WAITING
    return WAITING if asked is None and to_decide(staff, now).exists() else MINE


def can_decide(staff: Staff, asked: ApprovalRequest, now: dt.datetime) -> bool:
    """One query."""
    return to_decide(staff, now).filter(pk=asked.pk).exists()


def can_review(staff: Staff, asked: ApprovalRequest) -> bool:
    """Any manager but whoever went ahead or had asked, unless there is nobody else. At most one query."""
    if not staff.is_manager or staff.pk not in (asked.decided_by_id, asked.proposed_by_id):
        return staff.is_manager
    here = Membership.objects.filter(location=asked.incident.location_id).values("staff")
    leading = Q(role=Role.MANAGER, pk__in=here) | Q(role=Role.ADMINISTRATOR)
    others = Staff.objects.filter(leading, is_active=True).exclude(pk__in=[staff.pk, asked.decided_by_id])
    return not others.exists()


def given_in(incident: Incident) -> list[Remedy]:
    """What was given or promised in it so far, all rounds. One query."""
    return list(Remedy.objects.filter(incident=incident).select_related("type").order_by("id"))


def queue_of(staff: Staff, view: str, *, now: dt.datetime, after: str = "", before: str = "") -> Queue:
    """One statement."""
    column, is_down = ORDER[view]
    rows = asked_of(staff, view, now).select_related(*NAMES)
    found, newer, older = page_by(rows, column, is_down=is_down, size=PAGE, after=after, before=before)
    return Queue(found, newer, older)


def find_request(staff: Staff, pk: int) -> ApprovalRequest:
    """One query; Http404 when they may not see it."""
    seen = visible_to(ApprovalRequest.objects.all(), staff, through="incident")
    return get_object_or_404(_whole(seen, staff).select_related(*NAMES), pk=pk)


def stand_ins_for(staff: Staff) -> list[Staff]:
    """Who may stand in: whoever works at a place of theirs, for administrators anybody. One query."""
    others = Staff.objects.filter(is_active=True).exclude(pk=staff.pk).order_by("sort_name")
    if staff.sees_all:
        return list(others)
    here = Membership.objects.filter(location__in=staff.location_ids)
    return list(others.filter(Q(pk__in=here.values("staff")) | Q(role=Role.ADMINISTRATOR)))


def away_at(staff: Staff, now: dt.datetime) -> list[Staff]:
    """Who decides at the places of `staff` and is away just now, with who stands in. One query."""
    away = Staff.objects.filter(is_active=True, role__in=(Role.MANAGER, Role.ADMINISTRATOR), away_until__gt=now)
    if not staff.sees_all:
        here = Membership.objects.filter(location__in=staff.location_ids)
        away = away.filter(Q(pk__in=here.values("staff")) | Q(role=Role.ADMINISTRATOR))
    return list(away.select_related("stand_in").order_by("sort_name"))
