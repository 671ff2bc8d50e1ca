"""The business, its locations and its staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.actions.advance import add_event, pass_on_steps
from incidents.actions.manage import can_take, hand_over
from incidents.actions.refusals import Refused, Stale
from incidents.models import Business, FollowUp, Incident, Location, Membership, PromiseMade, Staff


def start_business(
    *,
    now: dt.datetime,
    business: str,
    location: str,
    time_zone: str,
    currency: str,
    country: str,
    name: str,
    email: str,
    password: str,
) -> Staff:
    """The first page of an empty installation. Refused once a business exists."""
    with transaction.atomic():
        if Staff.objects.exists():
            raise Refused(_("This installation already has a business."))
        Business.objects.create(name=business, created_at=now)
        place = Location.objects.create(
            name=location, time_zone=time_zone, currency=currency, country=country, created_at=now
        )
        first = Staff.objects.create_user(
            email,
            password,
            name=name,
            role=Role.ADMINISTRATOR,
            is_staff=True,
            is_superuser=True,
        )
        Membership.objects.create(staff=first, location=place)
        place.fallback_assignee = first
        place.save(update_fields=["fallback_assignee"])
        add_event(None, "business_started", now=now, by=first, subject_id=first.pk)
        return first


def add_staff(
    *,
    by: Staff,
    now: dt.datetime,
    name: str,
    email: str,
    role: str,
    locations: Iterable[Location],
    phone: str = "",
    password: str | None = None,
) -> Staff:
    """A new member of staff. Without a password they choose one by the reset page."""
    with transaction.atomic():
        staff = Staff.objects.create_user(email, password, name=name, role=role, phone=phone)
        _set_locations(staff, locations)
        add_event(None, "staff_added", now=now, by=by, subject_id=staff.pk, role=role)
        return staff


def _set_locations(staff: Staff, locations: Iterable[Location]) -> None:
    wanted = {place.pk for place in locations}
    staff.memberships.exclude(location__in=wanted).delete()
    for pk in sorted(wanted - set(staff.memberships.values_list("location_id", flat=True))):
        Membership.objects.create(staff=staff, location_id=pk)


def change_staff(
    *,
    staff_id: int,
    expected_version: int,
    by: Staff,
    now: dt.datetime,
    name: str,
    email: str,
    role: str,
    locations: Iterable[Location],
    phone: str = "",
) -> Staff:
    """Change someone. Refused when it would leave no active administrator."""
    with transaction.atomic():
        staff = Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
        if staff.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), staff)
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(staff)
        staff.name, staff.email, staff.role, staff.phone = name, email.lower(), role, phone
        staff.version += 1
        staff.save()
        _set_locations(staff, locations)
        add_event(None, "staff_changed", now=now, by=by, subject_id=staff.pk, role=role)
        return staff


def _keep_an_administrator(staff: Staff) -> None:
    others = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=staff.pk)
    if staff.role == Role.ADMINISTRATOR and not others.exists():
        raise Refused(_("This is the only administrator. Make someone else one first."))


def deactivate_staff(*, staff_id: int, by: Staff, now: dt.datetime) -> Staff:
    """Close someone's access at once and hand over all they have.

    Their sessions end; each open incident goes to its location's fallback assignee, or to
    a manager there, or to `by`. Refused for oneself and for the only administrator.
    """
    with transaction.atomic():
        staff = Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
        if staff.pk == by.pk:
            raise Refused(_("You cannot close your own access."))
        _keep_an_administrator(staff)
        staff.is_active = False
        staff.version += 1
        staff.save(update_fields=["is_active", "version"])
        for session in UserSession.objects.filter(user=staff):
            session.end()
        _hand_over_all(staff, by=by, now=now)
        add_event(None, "staff_deactivated", now=now, by=by, subject_id=staff.pk)
        return staff


def _hand_over_all(staff: Staff, *, by: Staff, now: dt.datetime) -> None:
    for incident in Incident.objects.open().filter(assignee=staff).order_by("id"):
        hand_over(incident_id=incident.pk, to=_heir(incident, by), by=by, now=now)
    left = set(FollowUp.objects.planned().filter(assignee=staff).values_list("incident", flat=True))
    left |= set(
        PromiseMade.objects.filter(assignee=staff, kept_at__isnull=True, broken_at__isnull=True).values_list(
            "incident", flat=True
        )
    )
    for incident in Incident.objects.filter(pk__in=left):
        heir = incident.assignee if incident.assignee.is_active else _heir(incident, by)
        pass_on_steps(incident, from_staff=staff, to_staff=heir)


def _heir(incident: Incident, by: Staff) -> Staff:
    fallback = incident.location.fallback_assignee
    if fallback and can_take(fallback, incident):
        return fallback
    managers = Staff.objects.filter(
        is_active=True, role=Role.MANAGER, memberships__location=incident.location
    ).order_by("id")
    return next((m for m in managers if can_take(m, incident)), by)


def reactivate_staff(*, staff_id: int, by: Staff, now: dt.datetime) -> Staff:
    with transaction.atomic():
        staff = Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
        staff.is_active = True
        staff.version += 1
        staff.save(update_fields=["is_active", "version"])
        add_event(None, "staff_reactivated", now=now, by=by, subject_id=staff.pk)
        return staff


def save_location(
    *,
    by: Staff,
    now: dt.datetime,
    name: str,
    time_zone: str,
    currency: str,
    country: str,
    fallback_assignee: Staff | None,
    location_id: int | None = None,
    expected_version: int | None = None,
) -> Location:
    """Add a location, or change one (Stale when somebody saved in between).

    The currency of a place with incidents stays: amounts were given in it.
    """
    with transaction.atomic():
        if location_id is None:
            place = Location(created_at=now)
        else:
            place = Location.objects.select_for_update(no_key=True).get(pk=location_id)
            if place.version != expected_version:
                raise Stale(_("Someone else changed this meanwhile."), place)
            if place.currency != currency and place.incidents.exists():
                raise Refused(_("Money was already recorded here, so the currency stays."))
        place.name, place.time_zone = name, time_zone
        place.currency, place.country = currency, country
        place.fallback_assignee = fallback_assignee
        place.version += 1
        place.save()
        add_event(None, "location_saved", now=now, by=by, subject_id=place.pk)
        return place


def change_profile(*, staff: Staff, name: str, phone: str, theme: str, has_letter_keys: bool) -> None:
    staff.name, staff.phone = name, phone
    staff.theme, staff.has_letter_keys = theme, has_letter_keys
    staff.save(update_fields=["name", "sort_name", "phone", "theme", "has_letter_keys"])
