"""Logging: the incident from its first second, customers, drafts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, advance
from incidents.actions.recover import add_remedy, record_apology
from incidents.actions.refusals import Refused, Stale
from incidents.actions.remind import managers_of, notify
from incidents.models import (
    Account,
    Category,
    ContactKind,
    ContactPoint,
    Customer,
    Draft,
    Incident,
    Location,
    NoticeKind,
    ReferenceCounter,
    RemedyType,
    Round,
    Staff,
    normalize_contact,
)
from incidents.models.base import sort_key
from incidents.models.values import checked_values
from incidents.workflow import SPOKEN, Channel, RoundReason, Severity, Source, Stage

LOG_FORM = "log"


def log_incident(
    *,
    by: Staff,
    now: dt.datetime,
    location: Location,
    category: Category,
    what_happened: str,
    submit_key: UUID,
    customer: Customer | None = None,
    new_customer: dict[str, str] | None = None,
    customer_hint: str = "",
    source: str = Source.CUSTOMER,
    told_by: str = Channel.IN_PERSON,
    severity: int | None = None,
    field_values: dict[str, Any] | None = None,
    private_values: dict[str, Any] | None = None,
    occurred_on: dt.date | None = None,
    occurred_at: dt.datetime | None = None,
    reported_at: dt.datetime | None = None,
    place: str = "",
    remedy_sought: str = "",
    told_with: Incident | None = None,
    repeat_of: Incident | None = None,
    draft_key: UUID | None = None,
) -> Incident:
    """Save a new incident; a second call with the same `submit_key` returns the first one.

    The logger has it, unless it is restricted and the location names somebody. `new_customer`
    (name, phone, email, account) is added with it, its draft dropped. All told in one breath hang on
    the first of them, whichever `told_with` names. ValidationError for values that the
    category's fields do not take, Refused for a key that somebody else used.
    """
    public, private = checked_values(category, location.zone, field_values or {}, private_values or {})
    with transaction.atomic():
        counter = _locked_counter(now.astimezone(location.zone).year)
        if existing := Incident.objects.filter(submit_key=submit_key).first():
            return _own(existing, by)
        if new_customer is not None:
            customer = add_customer(now=now, country=location.country, **new_customer)
        incident = Incident(
            reference=_next_reference(counter),
            location=location,
            category=category,
            customer=customer,
            customer_hint=customer_hint,
            what_happened=what_happened,
            remedy_sought=remedy_sought,
            place=place,
            source=source,
            told_by=told_by,
            severity=severity or category.severity,
            is_restricted=category.is_restricted,
            is_second_failure=category.is_second_failure,
            field_values=public,
            private_values=private,
            occurred_on=occurred_on,
            occurred_at=occurred_at,
            reported_at=reported_at or now,
            created_at=now,
            logged_by=by,
            assignee=_first_assignee(by, category, location),
            next_due_at=now,
            told_with_id=(told_with.told_with_id or told_with.pk) if told_with else None,
            repeat_of=repeat_of,
            submit_key=submit_key,
        )
        incident.save()
        _open_first_round(incident, by=by)
        add_event(incident, "logged", now=now, by=by, source=source)
        advance(incident, now=now, by=by)
        _tell(incident, by=by, now=now)
        if draft_key is not None:
            drop_draft(by=by, form=LOG_FORM, key=draft_key)
        return incident


def _locked_counter(year: int) -> ReferenceCounter:
    """The year's counter; its row lock keeps references unique and gapless."""
    ReferenceCounter.objects.get_or_create(year=year)
    return ReferenceCounter.objects.select_for_update().get(year=year)


def _own(existing: Incident, by: Staff) -> Incident:
    if existing.logged_by_id != by.pk:
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return existing


def _next_reference(counter: ReferenceCounter) -> str:
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"R-{counter.year}-{counter.last:05d}"


def _open_first_round(incident: Incident, *, by: Staff) -> None:
    Round.objects.create(
        incident=incident,
        number=1,
        reason=RoundReason.FIRST,
        entry=Stage.APOLOGIZE,
        started_at=incident.reported_at,
        started_by=by,
    )


def _first_assignee(by: Staff, category: Category, location: Location) -> Staff:
    fallback = location.fallback_assignee
    if category.is_restricted and not by.is_manager and fallback and fallback.is_active:
        return fallback
    return by


def _tell(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    if incident.assignee != by:
        notify(
            kind=NoticeKind.ASSIGNED,
            incident=incident,
            recipients=[incident.assignee],
            subject_id=incident.pk,
            occurrence=f"1:{incident.assignee_id}",
            now=now,
        )
    if incident.severity == Severity.CRITICAL:
        notify(
            kind=NoticeKind.CRITICAL,
            incident=incident,
            recipients=[m for m in managers_of(incident) if m != by],
            subject_id=incident.pk,
            occurrence="1",
            now=now,
        )


def log_on_the_spot(
    *,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    remedy_type: RemedyType,
    remedy_what: str = "",
    amount: Decimal | None = None,
    minutes: int | None = None,
    **incident_fields: Any,
) -> Incident:
    """Log, apologize and deliver in one submit; the call back is still planned."""
    with transaction.atomic():
        incident = log_incident(by=by, now=now, submit_key=submit_key, **incident_fields)
        if incident.remedies.exists() or not incident.is_open:
            return incident
        record_apology(
            incident_id=incident.pk,
            by=by,
            now=now,
            author=by,
            channel=incident.told_by if incident.told_by in SPOKEN else Channel.IN_PERSON,
            made_at=now,
            submit_key=uuid4(),
        )
        add_remedy(
            incident_id=incident.pk,
            by=by,
            now=now,
            type=remedy_type,
            what=remedy_what,
            assignee=by,
            is_delivered=True,
            actual_amount=amount,
            minutes=minutes,
            submit_key=uuid4(),
        )
        incident.refresh_from_db()
        return incident


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


def save_draft(*, by: Staff, form: str, key: UUID, values: dict[str, Any], now: dt.datetime) -> None:
    """Keep what has been typed. The newest text wins."""
    Draft.objects.update_or_create(staff=by, form=form, key=key, defaults={"values": values, "saved_at": now})


def drop_draft(*, by: Staff, form: str, key: UUID) -> None:
    Draft.objects.filter(staff=by, form=form, key=key).delete()


def drop_drafts(*, by: Staff, form: str) -> None:
    """Everything unfinished of this form."""
    Draft.objects.filter(staff=by, form=form).delete()
