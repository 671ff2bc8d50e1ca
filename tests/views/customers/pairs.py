"""Customers who look alike, one pair put together, an account: for the tests of all addresses."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from incidents.models import Account, Customer, Merge, Resemblance, Staff


def numbers(customer: Customer) -> dict[str, int]:
    """Of what the addresses of customers and accounts name, made where it is not there yet."""
    now, manager = timezone.now(), Staff.objects.get(email="mona@example.com")
    account, _new = Account.objects.get_or_create(
        sort_name="rowing club", defaults={"name": "Rowing Club", "created_at": now}
    )
    twins = [Customer.objects.create(name="Tove Tveit", account=account, created_at=now) for _ in range(2)]
    pair = Resemblance.objects.create(first=twins[0], second=twins[1], score=90, found_at=now)
    dropped = Customer.objects.create(name="T. Tveit", merged_into=twins[0], created_at=now)
    moved: dict[str, list[int]] = {"incidents": [], "contacts": [], "filled": []}
    merge = Merge.objects.create(kept=twins[0], dropped=dropped, by=manager, at=now, moved=moved, submit_key=uuid4())
    return {"account": account.pk, "resemblance": pair.pk, "merge": merge.pk, "customer-merge": customer.pk}
