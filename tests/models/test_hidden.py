"""Whose names an incident may bring up is found along indexes."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bench.plans import plan_of
from incidents.models import Account, Customer, hidden
from tests import make
from tests.make import NOW

MANY = 3000


def read_whole(plan: dict[str, Any]) -> set[str]:
    """The tables of the plan that are read from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return found.union(*(read_whole(inner) for inner in plan.get("Plans", ())))


def test_customers_are_not_read_whole(cast: make.Cast) -> None:
    fields = {"created_at": NOW}
    accounts = Account.objects.bulk_create(
        Account(name=f"Account {n}", sort_name=f"account {n}", **fields) for n in range(MANY)
    )
    Customer.objects.bulk_create(
        Customer(name=f"Guest {n}", sort_name=f"guest {n}", account=accounts[n], **fields) for n in range(MANY)
    )
    incident = make.make_incident(cast.desk, customer=Customer.objects.get(name="Guest 1"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incidents_customer, incidents_account")
    customers, _people, _rows = hidden._of([incident], None)
    sql, params = customers.query.sql_with_params()  # type: ignore[attr-defined]
    assert not read_whole(plan_of(sql, params)["Plan"]) & {"incidents_customer", "incidents_account"}
