"""One's own profile; and the first page of an empty installation, which makes the business."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents import access
from incidents.actions import people
from incidents.forms.account import ProfileForm, StartForm

if TYPE_CHECKING:
    from incidents.access import StaffRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])
PROFILE = ("name", "phone", "theme", "has_letter_keys")


@access.desk
@form_page
def profile(request: StaffRequest) -> HttpResponse:
    initial = {name: getattr(request.user, name) for name in PROFILE}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        people.change_profile(staff=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "incidents/account/profile.html", {"form": form}, status=status)


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
