"""Customers: who they are and how to reach them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import advance
from incidents.actions.reach import cancel_calls, plan_again, replan_calls
from incidents.actions.refusals import Stale
from incidents.models import (
    Account,
    ContactKind,
    ContactPoint,
    Customer,
    Incident,
    Staff,
    normalize_contact,
)
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
    by: Staff | None = None,
    preferred_channel: str = "",
    reach_from: dt.time | None = None,
    reach_until: dt.time | None = None,
    wants_no_contact: bool = False,
    expected_version: int | None = None,
) -> Customer:
    """Change a customer; their calls follow their hours and their wish. Stale (409) when somebody saved in between."""
    with transaction.atomic():
        before = Customer.objects.get(pk=customer_id)
        hours = (before.reach_from, before.reach_until)
        was_left_alone = before.no_contact_since is not None
        is_moving = hours != (reach_from, reach_until) or was_left_alone != wants_no_contact
        incidents = _open_incidents(customer_id) if is_moving else []  # before the customer: one order everywhere
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if expected_version is not None and customer.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), customer)
        customer.name, customer.job_title, customer.note = name, job_title, note
        customer.account = _account(account, now=now)
        customer.preferred_channel = preferred_channel
        customer.reach_from, customer.reach_until = reach_from, reach_until
        if wants_no_contact:
            customer.no_contact_since = customer.no_contact_since or now
        else:
            customer.no_contact_since = None
        customer.version += 1
        customer.save()
        for incident in incidents:
            incident.customer = customer
            _move_calls(incident, was_left_alone=was_left_alone, by=by or incident.assignee, now=now)
        return customer


def _open_incidents(customer_id: int) -> list[Incident]:
    """Locked, all of this customer that are open, wherever they are."""
    rows = Incident.objects.open().filter(customer=customer_id).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).select_related("location", "category", "assignee"))


def _move_calls(incident: Incident, *, was_left_alone: bool, by: Staff, now: dt.datetime) -> None:
    is_left_alone = incident.customer is not None and incident.customer.no_contact_since is not None
    if is_left_alone and not was_left_alone:
        cancel_calls(incident, by=by, now=now)
    elif was_left_alone and not is_left_alone:
        plan_again(incident, by=by, now=now)
    else:
        replan_calls(incident, by=by, now=now)
    advance(incident, now=now, by=by)


def wish_for_contact(*, customer_id: int, is_wanted: bool, by: Staff, now: dt.datetime) -> Customer:
    """They want no contact any more, or they do again."""
    customer = Customer.objects.select_related("account").get(pk=customer_id)
    return change_customer(
        customer_id=customer_id,
        now=now,
        by=by,
        name=customer.name,
        job_title=customer.job_title,
        note=customer.note,
        account=customer.account.name if customer.account else "",
        preferred_channel=customer.preferred_channel,
        reach_from=customer.reach_from,
        reach_until=customer.reach_until,
        wants_no_contact=not is_wanted,
        expected_version=customer.version,
    )


def mark_contact(*, contact_id: int, is_wrong: bool, now: dt.datetime) -> ContactPoint:
    """A number or an address that is not theirs, or is after all. Saying it twice is harmless."""
    point = ContactPoint.objects.get(pk=contact_id)
    if is_wrong != (point.wrong_since is not None):
        point.wrong_since = now if is_wrong else None
        point.save(update_fields=["wrong_since"])
    return point
