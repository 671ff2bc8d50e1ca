"""A question about money, and where it is answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from incidents.models import ApprovalRequest, Staff
from tests import make
from tests.make import Cast

ASKED = {"what": "last night", "asks_words": "She leaves at noon."}


def ask(cast: Cast, *, by: Staff | None = None, name: str = "Nora Novak", amount: object = 80, **over: Any) -> Any:
    """A clerk wants to give 80.00 where 50.00 go without asking."""
    who = by or cast.desk
    incident = make.make_incident(who, customer=make.make_customer(name), now=timezone.now(), **over)
    make.limit(who)
    given = {"estimated_amount": Decimal(str(amount)), "is_delivered": False, "now": timezone.now()}
    return make.give(incident, who, "refund", **given | ASKED).approvals.get()


def there(name: str, request: ApprovalRequest) -> str:
    return reverse(f"approval-{name}", args=[request.pk])


def fresh(request: ApprovalRequest) -> ApprovalRequest:
    """As it is stored now."""
    request.refresh_from_db()
    return request
