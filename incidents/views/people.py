"""Staff and locations, for administrators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents import access
from incidents.actions import leaving, people
from incidents.actions.refusals import Refused, Stale
from incidents.forms.people import NewStaffForm, StaffForm
from incidents.forms.places import LocationForm, NewLocationForm
from incidents.models import Incident, Location, Staff

if TYPE_CHECKING:
    from incidents.access import StaffRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _submit(
    request: StaffRequest,
    template: str,
    form: StaffForm | LocationForm,
    save: Callable[..., HttpResponse],
    **shown: Any,
) -> HttpResponse:
    """The page of a form. Filled in, `save` does it with what was asked, or the page says why not."""
    if form.is_valid():
        try:
            return save(**form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refusal:
            return _refused(request, template, form, refusal, **shown)
    if "submit_key" in form.errors:
        form.renew("submit_key", uuid4())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return _page(request, template, form, status, **shown)


def _page(
    request: StaffRequest, template: str, form: StaffForm | LocationForm, status: HTTPStatus, **shown: Any
) -> HttpResponse:
    return render(request, f"incidents/people/{template}.html", {"form": form, **shown}, status=status)


def _refused(
    request: StaffRequest, template: str, form: StaffForm | LocationForm, refusal: Refused, **shown: Any
) -> HttpResponse:
    """The action said no: the form again, with its words, or with both versions."""
    if isinstance(refusal, Stale):
        shown |= {"stale": refusal.words, "both": form.both_versions(refusal.current)}
        form.renew("version", refusal.current.version)
    else:
        form.add_error(None, str(refusal.words))
        form.renew("submit_key", uuid4())
    return _page(request, template, form, HTTPStatus.CONFLICT, **shown)


def _done(request: StaffRequest, words: str, to: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(to)


@access.administrators
@require_safe
def staff_list(request: StaffRequest) -> HttpResponse:
    everybody = Staff.objects.prefetch_related("locations").order_by("-is_active", "sort_name", "id")
    return render(request, "incidents/people/staff_list.html", {"everybody": everybody})


@access.administrators
@sensitive_post_parameters("password")
@form_page
def staff_new(request: StaffRequest) -> HttpResponse:
    form = NewStaffForm(request.POST if request.method == "POST" else None, initial={"role": access.Role.FRONT_DESK})

    def add(*, now: dt.datetime, **asked: Any) -> HttpResponse:
        staff = people.add_staff(now=now, **asked)
        answer = _added(request, staff)
        if not asked["password"] and staff.date_joined == now:  # not for the second click
            _send_link(request, staff)
        return answer

    if not form.is_valid() and (made := form.made_before()):
        return _added(request, made)
    return _submit(request, "staff_new", form, add)


def _added(request: StaffRequest, made: Staff | Location) -> HttpResponse:
    if isinstance(made, Staff):
        return _done(request, _("%(name)s is on the staff.") % {"name": made.name}, "staff-list")
    return _done(request, _("Added: %(name)s.") % {"name": made.name}, "location-list")


def _send_link(request: StaffRequest, staff: Staff) -> None:
    """The reset mail; when it cannot be sent, the page says so and nothing else is lost."""
    form = ResetPasswordForm({"email": staff.email})
    try:
        if form.is_valid():
            form.save(request)
    except (OSError, SMTPException):
        words = _("The mail to %(email)s could not be sent. Ask them to choose “Forgotten your password?”.")
        messages.warning(request, words % {"email": staff.email})
    else:
        messages.info(request, _("A link to choose a password is on its way to %(email)s.") % {"email": staff.email})


@access.administrators
@form_page
def staff_change(request: StaffRequest, pk: int) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk)
    initial = {name: getattr(staff, name) for name in ("name", "email", "phone", "role", "version")}
    initial["locations"] = staff.location_ids
    form = StaffForm(request.POST if request.method == "POST" else None, initial=initial, changed=staff)

    def save(*, version: int, **asked: Any) -> HttpResponse:
        changed = people.change_staff(staff_id=pk, expected_version=version, **asked)
        return _done(request, _("Saved: %(name)s.") % {"name": changed.name}, "staff-list")

    return _submit(request, "staff_change", form, save, staff=staff)


@access.administrators
@form_page
def staff_deactivate(request: StaffRequest, pk: int) -> HttpResponse:
    """GET says what will be handed to whom, POST does it."""
    staff = get_object_or_404(Staff, pk=pk, is_active=True)
    if request.method == "POST":
        people.deactivate_staff(staff_id=pk, by=request.user, now=timezone.now())
        messages.success(request, _("%(name)s can no longer sign in.") % {"name": staff.name})
        return redirect("staff-list")
    context: dict[str, Any] = {"staff": staff}
    try:
        plan = leaving.plan_leaving(staff, by=request.user)
    except Refused as refusal:
        context["refused"] = refusal.words
    else:
        context |= _told_to(request, plan) | {"keeping": leaving.plan_keeping(staff, by=request.user)}
    return render(request, "incidents/people/staff_deactivate.html", context)


def _told_to(request: StaffRequest, plan: list[leaving.Passing]) -> dict[str, Any]:
    """The plan as this administrator may read it; what concerns themselves is only counted."""
    pks = [passing.incident.pk for passing in plan]
    seen = set(Incident.objects.visible_to(request.user).filter(pk__in=pks).values_list("pk", flat=True))
    shown = [passing for passing in plan if passing.incident.pk in seen]
    return {
        "whole": [passing for passing in shown if passing.is_whole],
        "steps": [passing for passing in shown if not passing.is_whole],
        "hidden": len(plan) - len(shown),
    }


@access.administrators
@require_POST
def staff_reactivate(request: StaffRequest, pk: int) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk)
    people.reactivate_staff(staff_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s can sign in again.") % {"name": staff.name})
    return redirect("staff-list")


@access.administrators
@require_safe
def location_list(request: StaffRequest) -> HttpResponse:
    working = Count("memberships", filter=Q(memberships__staff__is_active=True))
    places = Location.objects.select_related("fallback_assignee").annotate(people=working).order_by("name")
    return render(request, "incidents/people/location_list.html", {"places": places})


@access.administrators
@form_page
def location_new(request: StaffRequest) -> HttpResponse:
    form = NewLocationForm(request.POST if request.method == "POST" else None, initial=_like_the_first())
    if not form.is_valid() and (made := form.made_before()):
        return _added(request, made)
    return _submit(request, "location_form", form, lambda **asked: _added(request, people.save_location(**asked)))


def _like_the_first() -> dict[str, str]:
    """The next place is usually in the same country as the first."""
    first = Location.objects.order_by("pk").first()
    return {name: getattr(first, name) for name in ("time_zone", "currency", "country")} if first else {}


@access.administrators
@form_page
def location_change(request: StaffRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Location, pk=pk)
    names = ("name", "time_zone", "currency", "country", "fallback_assignee", "shift_ends", "reviews_all", "version")
    initial = {name: getattr(place, name) for name in names}
    form = LocationForm(request.POST if request.method == "POST" else None, initial=initial, changed=place)

    def save(*, version: int, **asked: Any) -> HttpResponse:
        changed = people.save_location(location_id=pk, expected_version=version, **asked)
        return _done(request, _("Saved: %(name)s.") % {"name": changed.name}, "location-list")

    return _submit(request, "location_form", form, save, place=place)
