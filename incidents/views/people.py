"""Staff and locations, for administrators."""

from __future__ import annotations

from http import HTTPStatus
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

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
from incidents.forms.people import LocationForm, NewStaffForm, StaffForm
from incidents.models import Incident, Location, Staff

if TYPE_CHECKING:
    from incidents.access import StaffRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _page(request: StaffRequest, template: str, form: Any, status: int | None = None, **more: Any) -> HttpResponse:
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, f"incidents/people/{template}.html", {"form": form, **more}, status=status)


def _refused(request: StaffRequest, template: str, form: Any, refusal: Refused, **more: Any) -> HttpResponse:
    """The action said no: the form again, with its words, or with both versions."""
    if isinstance(refusal, Stale):
        more |= {"stale": refusal.words, "both": form.both_versions(refusal.current)}
        form.take_version(refusal.current.version)
    else:
        form.add_error(None, str(refusal.words))
    return _page(request, template, form, HTTPStatus.CONFLICT, **more)


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
    if request.method != "POST" or not form.is_valid():
        return _page(request, "staff_new", form)
    data = {name: value for name, value in form.cleaned_data.items() if name != "how"}
    try:
        staff = people.add_staff(by=request.user, now=timezone.now(), **data)
    except Refused as refusal:
        return _refused(request, "staff_new", form, refusal)
    messages.success(request, _("%(name)s is on the staff.") % {"name": staff.name})
    if not data["password"]:
        _send_link(request, staff)
    return redirect("staff-list")


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
    if request.method != "POST":
        initial = {name: getattr(staff, name) for name in ("name", "email", "phone", "role", "version")}
        form = StaffForm(initial={**initial, "locations": staff.location_ids}, changed=staff)
        return _page(request, "staff_change", form, staff=staff)
    form = StaffForm(request.POST, changed=staff)
    if not form.is_valid():
        return _page(request, "staff_change", form, staff=staff)
    data = dict(form.cleaned_data)
    expected = data.pop("version")
    try:
        people.change_staff(staff_id=pk, expected_version=expected, by=request.user, now=timezone.now(), **data)
    except Refused as refusal:
        return _refused(request, "staff_change", form, refusal, staff=staff)
    messages.success(request, _("Saved: %(name)s.") % {"name": data["name"]})
    return redirect("staff-list")


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
        context |= _told_to(request, plan)
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
    form = LocationForm(request.POST if request.method == "POST" else None, initial=_like_the_first())
    if request.method != "POST" or not form.is_valid():
        return _page(request, "location_form", form)
    try:
        place = people.save_location(by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, "location_form", form, refusal)
    messages.success(request, _("Added: %(name)s.") % {"name": place.name})
    return redirect("location-list")


def _like_the_first() -> dict[str, str]:
    """The next place is usually in the same country as the first."""
    first = Location.objects.order_by("pk").first()
    return {name: getattr(first, name) for name in ("time_zone", "currency", "country")} if first else {}


@access.administrators
@form_page
def location_change(request: StaffRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Location, pk=pk)
    if request.method != "POST":
        names = ("name", "time_zone", "currency", "country", "fallback_assignee", "version")
        form = LocationForm(initial={name: getattr(place, name) for name in names}, changed=place)
        return _page(request, "location_form", form, place=place)
    form = LocationForm(request.POST, changed=place)
    if not form.is_valid():
        return _page(request, "location_form", form, place=place)
    data = dict(form.cleaned_data)
    expected = data.pop("version")
    try:
        people.save_location(location_id=pk, expected_version=expected, by=request.user, now=timezone.now(), **data)
    except Refused as refusal:
        return _refused(request, "location_form", form, refusal, place=place)
    messages.success(request, _("Saved: %(name)s.") % {"name": data["name"]})
    return redirect("location-list")
