"""Limits and questions about money, in few words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from incidents.access import Role
from incidents.actions import money
from incidents.models import ApprovalRequest, Incident, Limit, Location, Remedy, Staff
from tests import make
from tests.make import HOUR, NOW


def limit(
    amount: int | str | None, role: str = Role.FRONT_DESK, kind: str = "", location: Location | None = None
) -> Limit:
    """What a role may give without asking; None says no limit."""
    return Limit.objects.create(
        role=role,
        type=make.remedy_type(kind) if kind else None,
        location=location,
        amount=None if amount is None else Decimal(amount),
    )


def propose(incident: Incident, by: Staff, amount: int | str | None, kind: str = "gift_card", **over: Any) -> Remedy:
    """Offered, if it may be."""
    guess = None if amount is None else Decimal(amount)
    return make.give(incident, by, kind, **{"is_delivered": False, "estimated_amount": guess} | over)


def question(remedy: Remedy) -> ApprovalRequest:
    """The newest one about it."""
    return ApprovalRequest.objects.filter(remedy=remedy).latest("id")


def answer(remedy: Remedy, by: Staff, yes: bool = True, **over: Any) -> ApprovalRequest:
    fields = {"now": NOW + HOUR, "reason": "" if yes else "Too much."} | over
    return money.decide(request_id=question(remedy).pk, is_approved=yes, by=by, **fields)
