"""The business, its locations and its staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.actions.advance import add_event, saved_before
from incidents.actions.exports import end_files
from incidents.actions.leaving import pass_on, pass_on_keeping, pass_on_meetings, plan_keeping, plan_leaving
from incidents.actions.reckon import ask_to_reckon
from incidents.actions.refusals import Refused, Stale
from incidents.models import Business, Location, Membership, Staff

_TAKEN = _("Someone on the staff has this e-mail already.")


@contextmanager
def _once(words: LazyText) -> Iterator[None]:
    """What the database holds unique was taken meanwhile: refused in `words`."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(words) from error


def has_started() -> bool:
    """Whether somebody can sign in, or could once."""
    return Business.objects.exists() or Staff.objects.exists()


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
    with _once(_("This installation already has a business.")), transaction.atomic():
        if has_started():
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
    submit_key: UUID,
    phone: str = "",
    password: str | None = None,
) -> Staff:
    """A new member of staff, who joined `now`; the same form again gives the one it added.

    Without a password they choose one by the reset page. Refused for a form that added
    somebody else.
    """
    email = email.strip().lower()
    with _once(_TAKEN), transaction.atomic():
        _one_form_at_a_time(by)
        if existing := saved_before(Staff.objects.filter(submit_key=submit_key), email=email):
            return existing
        staff = Staff.objects.create_user(
            email, password, name=name, role=role, phone=phone, date_joined=now, submit_key=submit_key
        )
        _set_locations(staff, locations)
        add_event(None, "staff_added", now=now, by=by, subject_id=staff.pk, role=role)
        return staff


def _one_form_at_a_time(by: Staff) -> None:
    """The second click waits here for the first, and then finds what it added."""
    Staff.objects.select_for_update(no_key=True).get(pk=by.pk)


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
    """Change someone. Refused when it would leave no active administrator.

    What they have at places they no longer belong to is handed over.
    """
    with _once(_TAKEN), transaction.atomic():
        _lock_administrators()
        staff = Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
        if staff.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), staff)
        if role != Role.ADMINISTRATOR:
            _keep_an_administrator(staff)
        had = list(Role).index(Role(staff.role))
        staff.name, staff.email, staff.role, staff.phone = name, email.strip().lower(), role, phone
        staff.version += 1
        staff.save(update_fields=["name", "sort_name", "email", "role", "phone", "version"])
        before = set(staff.memberships.values_list("location_id", flat=True))
        _set_locations(staff, locations)
        kept = set(staff.memberships.values_list("location_id", flat=True))
        if list(Role).index(Role(role)) < had or (before - kept and not staff.sees_all):
            end_files(staff, now=now)
        if not staff.sees_all:
            left = [p for p in plan_leaving(staff, by=by) if p.incident.location_id not in kept]
            pass_on(left, leaving=staff, by=by, now=now)
            elsewhere = [k for k in plan_keeping(staff, by=by) if k.procedure.location_id not in {None, *kept}]
            pass_on_keeping(elsewhere, by=by, now=now)
            pass_on_meetings(staff, at=before - kept, by=by)
        add_event(None, "staff_changed", now=now, by=by, subject_id=staff.pk, role=role)
        return staff


def _lock_administrators() -> None:
    """So that two of them cannot take each other's role at the same moment."""
    administrators = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    list(administrators.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _keep_an_administrator(staff: Staff) -> None:
    others = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=staff.pk)
    if staff.role == Role.ADMINISTRATOR and not others.exists():
        raise Refused(_("This is the only administrator. Make someone else one first."))


def deactivate_staff(*, staff_id: int, by: Staff, now: dt.datetime) -> Staff:
    """Close someone's access at once and hand over all they have.

    Their sessions end; who gets what is `plan_leaving()`. Refused for oneself and for the
    only administrator.
    """
    with transaction.atomic():
        _lock_administrators()
        staff = Staff.objects.select_for_update(no_key=True).get(pk=staff_id)
        if staff.pk == by.pk:
            raise Refused(_("You cannot close your own access."))
        _keep_an_administrator(staff)
        staff.is_active = False
        staff.version += 1
        staff.save(update_fields=["is_active", "version"])
        for session in UserSession.objects.filter(user=staff):
            session.end()
        pass_on(plan_leaving(staff, by=by), leaving=staff, by=by, now=now)
        pass_on_keeping(plan_keeping(staff, by=by), by=by, now=now)
        pass_on_meetings(staff, by=by)
        add_event(None, "staff_deactivated", now=now, by=by, subject_id=staff.pk)
        return staff


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
    shift_ends: list[dt.time] | None = None,
    reviews_all: bool | None = None,
    location_id: int | None = None,
    expected_version: int | None = None,
    submit_key: UUID | None = None,
) -> Location:
    """Add a location, or change one (Stale when somebody saved in between).

    The same `submit_key` again gives the one it added. The currency of a place with incidents
    stays: amounts were given in it. In another time zone its deadlines are worked out anew.
    """
    with _once(_("Another location has this name.")), transaction.atomic():
        if location_id is None:
            _one_form_at_a_time(by)
            same_key = Location.objects.filter(submit_key=submit_key, submit_key__isnull=False)
            if existing := saved_before(same_key, name=name):
                return existing
            place = Location(created_at=now, submit_key=submit_key)
        else:
            place = Location.objects.select_for_update(no_key=True).get(pk=location_id)
            if place.version != expected_version:
                raise Stale(_("Someone else changed this meanwhile."), place)
            if place.currency != currency and place.incidents.exists():
                raise Refused(_("Money was already recorded here, so the currency stays."))
        is_on_another_clock = place.pk is not None and place.time_zone != time_zone
        place.name, place.time_zone = name, time_zone
        place.currency, place.country = currency, country
        place.fallback_assignee, place.reviews_all = fallback_assignee, reviews_all
        if shift_ends is not None:
            place.shift_ends = shift_ends
        place.version += 1
        place.save()
        add_event(None, "location_saved", now=now, by=by, subject_id=place.pk)
        if is_on_another_clock:
            ask_to_reckon(location_id=place.pk, by=by, now=now)
        return place
