"""The cast and the things they work with. Plain functions; every argument can be overridden."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from incidents.access import Role
from incidents.actions import apologies, change, customers, endings, jobs, log, remedies
from incidents.actions import follow_up as calling
from incidents.models import (
    Apology,
    ApprovalRequest,
    Attachment,
    AttachmentKind,
    Business,
    Category,
    CategoryField,
    Customer,
    FollowUp,
    Incident,
    Job,
    JobKind,
    Limit,
    Location,
    Membership,
    Remedy,
    RemedyType,
    Staff,
)
from tests import shipped

NOW = dt.datetime(2026, 3, 4, 15, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PASSWORD = "recovery-tests"


@dataclass
class Cast:
    """Two places; a desk, a manager, an administrator at the first, an outsider at the second."""

    here: Location
    elsewhere: Location
    desk: Staff
    colleague: Staff
    manager: Staff
    owner: Staff
    outsider: Staff


def make_location(name: str = "Harbour Hotel", **over: Any) -> Location:
    fields: dict[str, Any] = {
        "name": name,
        "time_zone": "America/Chicago",
        "currency": "USD",
        "country": "US",
        "created_at": NOW,
    }
    return Location.objects.create(**fields | over)


def make_staff(name: str, *places: Location, role: Role = Role.FRONT_DESK, **over: Any) -> Staff:
    email = over.pop("email", f"{name.split(maxsplit=1)[0].lower()}@example.com")
    staff = Staff.objects.create_user(email, PASSWORD, name=name, role=role, **over)
    for place in places:
        Membership.objects.create(staff=staff, location=place)
    return staff


def let_in(client: Client, staff: Staff) -> Client:
    """Signed in. Only what a request looks at: nobody asks here when they were last seen."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def ship_catalogues() -> None:
    """The catalogues, causes and views as shipped, which a test that empties the tables takes away."""
    if not Category.objects.exists():
        shipped.ship(_write_catalogues)


def _write_catalogues() -> None:
    import_module("incidents.migrations.0003_catalogue").ship(apps, None)
    asks = import_module("incidents.migrations.0048_orders_of_older_incidents").ASKS
    CategoryField.objects.filter(key__in=asks).update(is_order=True)
    import_module("incidents.migrations.0064_shipped_views_and_causes").ship(apps, None)


def make_cast() -> Cast:
    ship_catalogues()
    Business.objects.get_or_create(defaults={"name": "Harbour & Co", "created_at": NOW})
    here, elsewhere = make_location(), make_location("Paper Shop", time_zone="Europe/Berlin")
    cast = Cast(
        here=here,
        elsewhere=elsewhere,
        desk=make_staff("Dora Desk", here),
        colleague=make_staff("Cole League", here),
        manager=make_staff("Mona Manager", here, role=Role.MANAGER),
        owner=make_staff("Olga Owner", here, role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True),
        outsider=make_staff("Otto Outsider", elsewhere),
    )
    for place in (here, elsewhere):
        place.fallback_assignee = cast.manager
        place.save(update_fields=["fallback_assignee"])
    return cast


def make_customer(name: str = "Nora Novak", **over: Any) -> Customer:
    fields: dict[str, Any] = {"now": NOW, "phone": "+1 312 555 0100", "country": "US"}
    return customers.add_customer(name=name, **fields | over)


def category(key: str = "room") -> Category:
    return Category.objects.get(key=key)


def remedy_type(key: str = "put_right") -> RemedyType:
    return RemedyType.objects.get(key=key)


def make_incident(by: Staff, **over: Any) -> Incident:
    """Logged by `by` at NOW, at their first location, for a customer of its own."""
    fields: dict[str, Any] = {
        "now": NOW,
        "location": by.memberships.order_by("id")[0].location,
        "category": category(),
        "what_happened": "The shower stayed cold all morning.",
        "submit_key": uuid4(),
    }
    if "customer" not in over and "customer_hint" not in over:
        over["customer"] = make_customer()
    if isinstance(over.get("category"), str):
        over["category"] = category(over["category"])
    return log.log_incident(by=by, **fields | over)


def fresh(incident: Incident) -> Incident:
    """As it is stored now."""
    incident.refresh_from_db()
    return incident


def apologize(incident: Incident, by: Staff, **over: Any) -> Apology:
    fields: dict[str, Any] = {"now": NOW, "channel": "in_person", "submit_key": uuid4()}
    return apologies.record_apology(incident_id=incident.pk, by=by, **fields | over)


def find(incident: Incident, by: Staff, finding: str, **over: Any) -> Incident:
    """Whose fault it was."""
    incident.refresh_from_db()
    fields: dict[str, Any] = {"now": NOW, "expected_version": incident.version}
    change.change_incident(incident_id=incident.pk, by=by, finding=finding, **fields | over)
    return fresh(incident)


def give(incident: Incident, by: Staff, kind: str = "put_right", **over: Any) -> Remedy:
    """A remedy, delivered unless told otherwise."""
    fields: dict[str, Any] = {"now": NOW, "is_delivered": True, "submit_key": uuid4()}
    return remedies.add_remedy(incident_id=incident.pk, by=by, type=remedy_type(kind), **fields | over)


def limit(of: Staff, kind: str = "", amount: object = 50, **over: Any) -> Limit:
    """What people of that role may give in one incident without asking, of one kind or of any."""
    type_ = remedy_type(kind) if kind else None
    return Limit.objects.update_or_create(role=of.role, type=type_, defaults={"amount": amount}, **over)[0]


def ask_for(
    incident: Incident, by: Staff, amount: object = 80, kind: str = "gift_card", **over: Any
) -> ApprovalRequest:
    """More than `by` may give without asking: the question that waits for an answer."""
    limit(by)
    remedy = give(incident, by, kind, estimated_amount=Decimal(str(amount)), **{"is_delivered": False} | over)
    return remedy.approvals.get()


def receipt_for(remedy: Remedy, by: Staff) -> Attachment:
    return Attachment.objects.create(
        incident=remedy.incident,
        remedy=remedy,
        kind=AttachmentKind.RECEIPT,
        stored_name=uuid4().hex,
        original_name="receipt.pdf",
        content_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        created_at=NOW,
        created_by=by,
    )


def settle(incident: Incident, by: Staff) -> Incident:
    """Apologized for and put right; only the call is left."""
    apologize(incident, by)
    give(incident, by)
    return fresh(incident)


def close(incident: Incident, by: Staff, reason: str, **over: Any) -> Incident:
    fields: dict[str, Any] = {"now": NOW, "note": "Why."}
    endings.close_incident(incident_id=incident.pk, reason=reason, by=by, **fields | over)
    return fresh(incident)


def planned_call(incident: Incident) -> FollowUp:
    return incident.follow_ups.planned().earliest("due_at")


def call(incident: Incident, by: Staff, outcome: str = "satisfied", **over: Any) -> Incident:
    fields: dict[str, Any] = {"now": NOW + HOUR, "submit_key": uuid4()}
    calling.record_follow_up(follow_up_id=planned_call(incident).pk, by=by, outcome=outcome, **fields | over)
    incident.refresh_from_db()
    return incident


def make_job(by: Staff, **over: Any) -> Job:
    """Ten pieces of long work, asked for and waiting."""
    fields: dict[str, Any] = {"kind": JobKind.DEMO_INCIDENTS, "options": {}, "total": 10, "now": NOW}
    return jobs.ask_for_job(by=by, **{"submit_key": uuid4()} | fields | over)
