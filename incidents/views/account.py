"""One's own profile; and the first page of an empty installation, which makes the business."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, board
from incidents.actions import people
from incidents.actions.profile import change_profile, set_away, set_duty
from incidents.forms.account import DUTY_HOURS, AwayForm, DutyForm, ProfileForm, StartForm, profile_facts
from incidents.models.staff import city_of

if TYPE_CHECKING:
    from incidents.access import StaffRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


@access.desk
@form_page
def profile(request: StaffRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=profile_facts(request.user))
    if request.method == "POST" and form.is_valid():
        change_profile(staff=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return _profile(request, form, status)


def _profile(
    request: StaffRequest, form: ProfileForm, status: HTTPStatus, away_form: AwayForm | None = None
) -> HttpResponse:
    until, now = request.user.on_duty_until, timezone.now()
    away_until = request.user.away_until
    context = {
        "form": form,
        "away_form": away_form or (_away_form(request) if request.user.is_manager else None),
        "away_until": away_until if away_until and away_until > now else None,
        "zone": request.user.zone,
        "zone_city": city_of(request.user.zone.key),
        "on_duty_until": until if until and until > now else None,
        "duty_hours": DUTY_HOURS,
        "mail": settings.MAIL,
    }
    return render(request, "incidents/account/profile.html", context, status=status)


@access.desk
@require_POST
def duty(request: StaffRequest) -> HttpResponse:
    """One tap on the profile page."""
    form = DutyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the buttons."))
        return _profile(request, ProfileForm(initial=profile_facts(request.user)), HTTPStatus.UNPROCESSABLE_ENTITY)
    hours = form.cleaned_data["hours"]
    set_duty(staff=request.user, hours=hours, now=timezone.now())
    messages.success(request, _("You are on duty.") if hours else _("You are off duty."))
    return redirect("profile")


def _away_form(request: StaffRequest, data: Any = None) -> AwayForm:
    colleagues = board.stand_ins_for(request.user)
    return AwayForm(data, staff=request.user, colleagues=colleagues, now=timezone.now())


@access.managers
@require_POST
def away(request: StaffRequest) -> HttpResponse:
    """Away until some time, with or without somebody who decides meanwhile; or back again."""
    if "back" in request.POST:
        set_away(staff=request.user, until=None, stand_in=None, now=timezone.now())
        messages.success(request, _("Welcome back. You decide for yourself again."))
        return redirect("profile")
    form = _away_form(request, request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _profile(request, ProfileForm(initial=profile_facts(request.user)), status, form)
    set_away(staff=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Noted. Your colleagues see it beside their questions."))
    return redirect("profile")


@never_cache
@sensitive_post_parameters("password", "again")
@form_page
def start(request: HttpRequest) -> HttpResponse:
    """404 as soon as there is a business."""
    if people.has_started():
        raise Http404
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        first = people.start_business(now=timezone.now(), **form.business_facts())
        perform_login(request, first)
        messages.success(request, _("Welcome. Log the first mistake whenever one happens."))
        return redirect("home")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "incidents/account/start.html", {"form": form}, status=status)
