"""Before a meeting: the texts as the wall will show them, and what else is to be blacked out."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import blacking
from incidents.actions.refusals import Refused
from incidents.forms.minutes import BlackOutForm, ShowAgainForm
from incidents.models import Meeting
from incidents.story import names as story
from incidents.views.log import form_page
from incidents.views.meetings import find_meeting


def _meeting(request: StaffRequest, pk: int) -> Meeting:
    """404 for those who may not see it, 403 for those who do not run it."""
    found = find_meeting(request, pk)
    if not access.can_run_meeting(request.user, found):
        raise PermissionDenied
    return found


@access.desk
@form_page
def names(request: StaffRequest, pk: int) -> HttpResponse:
    """One incident of the agenda; sent, it blacks words out."""
    meeting = _meeting(request, pk)
    if request.method != "POST":
        asked = request.GET.get("incident", "")
        known = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
        return _names(request, meeting, BlackOutForm(initial={"incident": known}), known)
    form = BlackOutForm(request.POST)
    if not form.is_valid():
        return _names(request, meeting, form, form.cleaned_data.get("incident"), HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.cleaned_data
    try:
        blacking.black_out(
            meeting_id=pk,
            incident_id=sent["incident"],
            words=sent["words"],
            instead=sent["instead"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refused:
        return _names(request, meeting, form, sent["incident"], HTTPStatus.CONFLICT, refused=refused)
    messages.success(request, _("Blacked out, here and wherever others read it."))
    return _back(pk, sent["incident"])


@access.desk
@require_POST
def names_undo(request: StaffRequest, pk: int) -> HttpResponse:
    meeting, form = _meeting(request, pk), ShowAgainForm(request.POST)
    if not form.is_valid():
        return _names(request, meeting, BlackOutForm(), None, HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.cleaned_data
    try:
        blacking.show_again(
            meeting_id=pk, incident_id=sent["incident"], blacked_id=sent["word"], by=request.user, now=timezone.now()
        )
    except Refused as refused:
        return _names(request, meeting, BlackOutForm(), sent["incident"], HTTPStatus.CONFLICT, refused=refused)
    messages.success(request, _("Shown again."))
    return _back(pk, sent["incident"])


def _back(pk: int, incident_id: int) -> HttpResponse:
    return redirect(f"{reverse('meeting-names', args=[pk])}?incident={incident_id}")


def _names(
    request: StaffRequest,
    meeting: Meeting,
    form: BlackOutForm,
    incident_id: int | None,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    page = story.names_page(meeting, incident_id=incident_id)
    context = {"page": page, "meeting": meeting, "form": form, "refused": refused}
    return render(request, "incidents/minutes/names.html", context, status=status)
