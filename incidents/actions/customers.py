"""Customers: who they are and how to reach them."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import advance
from incidents.actions.reach import cancel_calls, plan_again, replan_calls
from incidents.actions.refusals import Refused, Stale
from incidents.actions.resemblances import look_again
from incidents.models import (
    Account,
    ContactKind,
    ContactPoint,
    Customer,
    Incident,
    Staff,
    normalize_contact,
    standing_customer,
)
from incidents.models.base import sort_key


class Facts(TypedDict, total=False):
    """What may be said of a customer; what is not given stays as it is."""

    name: str
    job_title: str
    note: str
    account: str
    preferred_channel: str
    language: str
    loyalty_number: str
    address: str
    reach_from: dt.time | None
    reach_until: dt.time | None
    wants_no_contact: bool


PLAIN = ("name", "job_title", "note", "preferred_channel", "language", "loyalty_number", "address")


def add_customer(
    *,
    now: dt.datetime,
    name: str,
    phone: str = "",
    email: str = "",
    account: str = "",
    country: str = "US",
    submit_key: UUID | None = None,
    **more: str,
) -> Customer:
    """A new customer with at most one phone and one e-mail. ValidationError for bad ones.

    `more`: job_title, note, preferred_channel, language, loyalty_number, address. With the `submit_key` of an earlier
    call it is the customer that was added then. Who looks alike is proposed to the managers.
    """
    if strangers := more.keys() - set(PLAIN):
        raise TypeError(f"add_customer() does not take {', '.join(sorted(strangers))}")
    with transaction.atomic():
        of = _account(account, now=now)
        known = {"name": name, "account": of, "created_at": now} | more
        if submit_key is None:
            customer, is_new = Customer.objects.create(**known), True
        else:
            customer, is_new = Customer.objects.get_or_create(submit_key=submit_key, defaults=known)
        for kind, value in ((ContactKind.PHONE, phone), (ContactKind.EMAIL, email)):
            if value and is_new:
                _point(customer, kind, value, country, now=now)
        if is_new:
            look_again([customer.pk], now=now)
        return customer


def _account(name: str, *, now: dt.datetime) -> Account | None:
    if not name:
        return None
    found, _created = Account.objects.get_or_create(
        sort_name=sort_key(name), defaults={"name": name, "created_at": now}
    )
    return found


def hold(customer: Customer | None) -> Customer | None:
    """The record that stands for this person, which nobody puts together with another until the transaction ends.

    Whoever hangs something on a customer asks here first: a merge waits for them, or they wait for the merge.
    """
    held = customer
    while held is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT merged_into_id FROM incidents_customer WHERE id = %s FOR KEY SHARE", [held.pk])
            row = cursor.fetchone()
        if row is None or row[0] is None:
            break
        held = Customer.objects.select_related("account").get(pk=row[0])
    return held


def add_contact(*, customer: Customer, kind: str, value: str, country: str, now: dt.datetime) -> ContactPoint:
    """A phone or an e-mail, once; the same one again is harmless."""
    with transaction.atomic():
        held = hold(customer) or customer
        point = _point(held, kind, value, country, now=now)
    look_again([held.pk], now=now)
    return point


def _point(customer: Customer, kind: str, value: str, country: str, *, now: dt.datetime) -> ContactPoint:
    point, _created = ContactPoint.objects.get_or_create(
        customer=customer,
        kind=kind,
        normalized=normalize_contact(kind, value, country),
        defaults={"value": value, "created_at": now},
    )
    return point


def _current(contact_id: int) -> ContactPoint | None:
    """The row locked, as it stands now: of two equal ones the one that hangs on the record that counts."""
    point = ContactPoint.objects.select_for_update().filter(pk=contact_id).first()
    owner = standing_customer(point.customer_id) if point else None
    if point is None or owner is None or owner.pk == point.customer_id:
        return point
    same = ContactPoint.objects.filter(customer=owner, kind=point.kind, normalized=point.normalized)
    return same.select_for_update().first()


def change_contact(*, contact_id: int, value: str, country: str, now: dt.datetime) -> ContactPoint:
    """Another number, or the same written right: nobody has found it wrong yet. Refused when they have it already."""
    with transaction.atomic():
        point = _current(contact_id)
        if point is None:
            raise Refused(_("Somebody has removed it meanwhile."))
        normalized = normalize_contact(point.kind, value, country)
        others = ContactPoint.objects.filter(customer=point.customer_id, kind=point.kind).exclude(pk=point.pk)
        if others.filter(normalized=normalized).exists():
            raise Refused(_("That is written down for them already."))
        if normalized != point.normalized:
            point.wrong_since = None
        point.value, point.normalized = value, normalized
        point.save(update_fields=["value", "normalized", "wrong_since"])
    look_again([point.customer_id], now=now)
    return point


def remove_contact(*, contact_id: int, now: dt.datetime) -> None:
    """No way to reach them any more. Removing what is gone is harmless."""
    with transaction.atomic():
        point = _current(contact_id)
        if point is not None:
            point.delete()
    if point is not None:
        look_again([point.customer_id], now=now)


def change_customer(
    *,
    customer_id: int,
    now: dt.datetime,
    by: Staff | None = None,
    expected_version: int | None = None,
    **facts: Unpack[Facts],
) -> Customer:
    """Change a customer; their calls follow their hours and their wish.

    Stale (409) when somebody saved in between, or put the record together with another.
    """
    with transaction.atomic():
        before = Customer.objects.get(pk=customer_id)
        incidents = _open_incidents(customer_id) if _moves(before, facts) else []  # before the customer: always
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        _must_be_fresh(customer, expected_version)
        was_left_alone = customer.no_contact_since is not None
        _take(customer, facts, now=now)
        customer.version += 1
        customer.save()
        for incident in incidents:
            incident.customer = customer
            move_calls(incident, was_left_alone=was_left_alone, by=by or incident.assignee, now=now)
    look_again([customer_id], now=now)
    return customer


def _moves(customer: Customer, facts: Facts) -> bool:
    """Whether their calls follow."""
    hours = (customer.reach_from, customer.reach_until)
    is_left_alone = customer.no_contact_since is not None
    asked = (facts.get("reach_from", hours[0]), facts.get("reach_until", hours[1]))
    return hours != asked or is_left_alone != facts.get("wants_no_contact", is_left_alone)


def _must_be_fresh(customer: Customer, expected_version: int | None) -> None:
    if customer.merged_into_id is not None:
        raise Stale(_("Both records were put together meanwhile."), standing_customer(customer.pk))
    if expected_version is not None and customer.version != expected_version:
        raise Stale(_("Someone else changed this meanwhile."), customer)


def _take(customer: Customer, facts: Facts, *, now: dt.datetime) -> None:
    said: dict[str, Any] = {**facts}
    for name in (*PLAIN, "reach_from", "reach_until"):
        if name in said:
            setattr(customer, name, said[name])
    if "account" in said:
        customer.account = _account(said["account"], now=now)
    if "wants_no_contact" in said:
        customer.no_contact_since = (customer.no_contact_since or now) if said["wants_no_contact"] else None


def _open_incidents(customer_id: int) -> list[Incident]:
    """Locked, all of this customer that are open, wherever they are."""
    rows = Incident.objects.open().filter(customer=customer_id).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).select_related("location", "category", "assignee"))


def move_calls(incident: Incident, *, was_left_alone: bool, by: Staff, now: dt.datetime) -> None:
    """After whom it is about, or their hours or their wish, changed. The caller holds the lock."""
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
    standing = standing_customer(customer_id)
    pk = standing.pk if standing else customer_id
    return change_customer(customer_id=pk, now=now, by=by, wants_no_contact=not is_wanted)


def mark_contact(*, contact_id: int, is_wrong: bool, now: dt.datetime) -> ContactPoint:
    """A number or an address that is not theirs, or is after all. Saying it twice is harmless."""
    with transaction.atomic():
        point = _current(contact_id)
        if point is None:
            raise Refused(_("Somebody has removed it meanwhile."))
        if is_wrong != (point.wrong_since is not None):
            point.wrong_since = now if is_wrong else None
            point.save(update_fields=["wrong_since"])
    look_again([point.customer_id], now=now)
    return point
