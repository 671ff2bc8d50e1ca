"""Logging: the incident from its first second, and drafts of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.apologies import record_apology
from incidents.actions.beginning import begin, take
from incidents.actions.customers import add_customer, hold
from incidents.actions.notify import managers_of, notify
from incidents.actions.refusals import Refused
from incidents.actions.remedies import add_remedy
from incidents.actions.review import ask_when_wanted
from incidents.actions.severity import raise_by_rules
from incidents.models import (
    Category,
    Concern,
    Customer,
    Draft,
    Incident,
    Location,
    NoticeKind,
    NoticeReason,
    Remedy,
    RemedyType,
    Staff,
    severity_here,
)
from incidents.models.values import checked_values, named_in
from incidents.vocabulary import SPOKEN, Channel, RemedyState, Severity

LOG_FORM = "log"


class Told(TypedDict, total=False):
    """What may be said of a mistake besides where, what kind and what happened; none of it must be."""

    customer_hint: str
    source: str
    told_by: str
    severity: int | None
    field_values: dict[str, Any] | None
    private_values: dict[str, Any] | None
    occurred_on: dt.date | None
    occurred_at: dt.datetime | None
    reported_at: dt.datetime | None
    place: str
    remedy_sought: str
    reach_at: str
    reach_until: dt.datetime | None
    arose_from: Incident | None
    told_with: Incident | None
    repeat_of: Incident | None
    is_first_order: bool
    as_close_as: Incident | None  # whoever must not know of that one must not know of this one, from its first second


def log_incident(
    *,
    by: Staff,
    now: dt.datetime,
    location: Location,
    category: Category,
    what_happened: str,
    submit_key: UUID,
    customer: Customer | None = None,
    new_customer: dict[str, Any] | None = None,
    draft_key: UUID | None = None,
    **told: Unpack[Told],
) -> Incident:
    """Save a new incident; a second call with the same `submit_key` returns the first one.

    The logger has it, unless it is restricted and the location names somebody. `new_customer`
    (name, phone, email, account) is added with it, its draft dropped. All told in one breath hang on
    the first of them, whichever `told_with` names. ValidationError for values that the
    category's fields do not take, Refused for a key that somebody else used. A `severity` was chosen and stands;
    without one it is the category's there, raised by the rules.
    """
    known = {"what_happened": what_happened, "logged_by": by, "submit_key": submit_key}
    fields = known | _fields(told, category=category, location=location, now=now)
    try:
        with transaction.atomic():
            year, draft = now.astimezone(location.zone).year, (by.pk, LOG_FORM, draft_key)
            taken = take(year, submit_key=submit_key, customer=customer, draft=draft)
            if taken is None:
                return _own(Incident.objects.get(submit_key=submit_key), by)
            if new_customer is not None:
                customer = add_customer(now=now, country=location.country, **new_customer)
            elif taken.merged_into is not None:
                customer = hold(customer)
            assignee = _first_assignee(by, category, location, told.get("as_close_as"))
            names = {"pk": taken.incident, "reference": taken.reference}
            incident = Incident(**names, customer=customer, assignee=assignee, **fields)
            _begin(incident, taken.round, told, by=by, now=now)
            if draft_key is not None:  # what another request kept before it could see that all was sent
                transaction.on_commit(lambda: drop_draft(by=by, form=LOG_FORM, key=draft_key), robust=True)
            return incident
    except IntegrityError:
        sent = Incident.objects.filter(submit_key=submit_key).first()  # while we waited for the counter
        if sent is None:
            raise
        return _own(sent, by)


def _fields(told: Told, *, category: Category, location: Location, now: dt.datetime) -> dict[str, Any]:
    """The columns that what was told, the category and the location fill."""
    if strangers := told.keys() - Told.__optional_keys__:
        raise TypeError(f"log_incident() does not take {', '.join(sorted(strangers))}")
    public, private = checked_values(
        category, location.zone, told.get("field_values") or {}, told.get("private_values") or {}
    )
    first, like = told.get("told_with"), told.get("as_close_as")
    named = named_in(category, public)
    plain = {name: value for name, value in told.items() if name not in ("told_with", "as_close_as")}
    return plain | {
        "location": location,
        "category": category,
        "severity": told.get("severity") or severity_here(category, location.pk),
        "is_restricted": category.is_restricted or (like is not None and like.is_restricted),
        "is_second_failure": category.is_second_failure,
        "field_values": public,
        "private_values": private,
        "order_reference": named.order,
        "item": named.item,
        "reported_at": told.get("reported_at") or now,
        "created_at": now,
        "told_with_id": (first.told_with_id or first.pk) if first else None,
    }


def _begin(incident: Incident, round_id: int, told: Told, *, by: Staff, now: dt.datetime) -> None:
    """The first round, its first step, and those who should know."""
    add_event(incident, "logged", now=now, by=by, source=incident.source, to=incident.assignee_id)
    if told.get("severity") is None:
        raise_by_rules(incident, by=by, now=now)
    ask_when_wanted(incident, by=by, now=now)
    begin(incident, round_id, by=by, now=now)
    if like := told.get("as_close_as"):
        about = like.concerns.values_list("staff", flat=True)
        Concern.objects.bulk_create(Concern(incident=incident, staff_id=pk) for pk in about)
    _tell(incident, by=by, now=now)


def _own(existing: Incident, by: Staff) -> Incident:
    if existing.logged_by_id != by.pk:
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return existing


def _first_assignee(by: Staff, category: Category, location: Location, like: Incident | None) -> Staff:
    fallback = location.fallback_assignee
    if not category.is_restricted or by.is_manager or fallback is None or not fallback.is_active:
        return by
    is_about_them = like is not None and like.concerns.filter(staff=fallback).exists()
    return by if is_about_them else fallback


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
            reason=NoticeReason.MANAGER,
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
        remedy = add_remedy(
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
        _must_be_given(remedy)
        incident.refresh_from_db()
        return incident


def _must_be_given(remedy: Remedy) -> None:
    if remedy.state == RemedyState.PROPOSED:
        raise Refused(_("That is more than you may give without asking. Log it, then ask on its page."))


def save_draft(*, by: Staff, form: str, key: UUID, values: dict[str, Any], now: dt.datetime) -> None:
    """Keep what has been typed. The newest text wins."""
    Draft.objects.update_or_create(staff=by, form=form, key=key, defaults={"values": values, "saved_at": now})


def drop_draft(*, by: Staff, form: str, key: UUID) -> None:
    with connection.cursor() as cursor:  # nothing hangs on it
        cursor.execute("DELETE FROM incidents_draft WHERE staff_id = %s AND form = %s AND key = %s", [by.pk, form, key])


def drop_drafts(*, by: Staff, form: str) -> None:
    """Everything unfinished of this form."""
    Draft.objects.filter(staff=by, form=form).delete()
