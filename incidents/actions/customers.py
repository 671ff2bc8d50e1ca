"""Customers: who they are and how to reach them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.refusals import Stale
from incidents.models import Account, ContactKind, ContactPoint, Customer, normalize_contact
from incidents.models.base import sort_key


def add_customer(
    *,
    now: dt.datetime,
    name: str,
    phone: str = "",
    email: str = "",
    account: str = "",
    country: str = "US",
) -> Customer:
    """A new customer with at most one phone and one e-mail. ValidationError for bad ones."""
    with transaction.atomic():
        customer = Customer.objects.create(name=name, account=_account(account, now=now), created_at=now)
        for kind, value in ((ContactKind.PHONE, phone), (ContactKind.EMAIL, email)):
            if value:
                add_contact(customer=customer, kind=kind, value=value, country=country, now=now)
        return customer


def _account(name: str, *, now: dt.datetime) -> Account | None:
    if not name:
        return None
    found, _created = Account.objects.get_or_create(
        sort_name=sort_key(name), defaults={"name": name, "created_at": now}
    )
    return found


def add_contact(*, customer: Customer, kind: str, value: str, country: str, now: dt.datetime) -> ContactPoint:
    """A phone or an e-mail, once; the same one again is harmless."""
    point, _created = ContactPoint.objects.get_or_create(
        customer=customer,
        kind=kind,
        normalized=normalize_contact(kind, value, country),
        defaults={"value": value, "created_at": now},
    )
    return point


def change_customer(
    *,
    customer_id: int,
    now: dt.datetime,
    name: str,
    job_title: str,
    note: str,
    account: str,
    expected_version: int | None = None,
) -> Customer:
    """Change a customer. Stale (409) when somebody saved in between."""
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if expected_version is not None and customer.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), customer)
        customer.name, customer.job_title, customer.note = name, job_title, note
        customer.account = _account(account, now=now)
        customer.version += 1
        customer.save()
        return customer
