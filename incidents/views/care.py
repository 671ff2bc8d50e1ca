""" "How are you?": one's own page, which nobody else has, and the page of whom they would like to talk to."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions import care
from incidents.actions.refusals import Refused
from incidents.board import people as board
from incidents.forms.care import CareForm, ThinkOfForm, WantsForm
from incidents.models import CheckIn
from incidents.views.recover.page import DeskPage, act

if TYPE_CHECKING:
    from incidents.access import StaffRequest


def _find(request: StaffRequest, pk: int) -> CheckIn:
    found = board.find_check_in(request.user, pk)
    if found is None:
        raise Http404
    return found


@access.desk
@never_cache
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    check_in = _find(request, pk)
    if check_in.staff_id != request.user.pk:
        return render(request, "incidents/care/asked.html", {"check_in": check_in})
    return _page(request, check_in, CareForm(people=board.listeners(check_in)))


@access.desk
@never_cache
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    check_in = _find(request, pk)
    if check_in.staff_id != request.user.pk:
        raise PermissionDenied
    form = CareForm(request.POST, people=board.listeners(check_in))
    if not form.is_valid():
        return _page(request, check_in, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        care.answer_check_in(check_in_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error("talk_to", str(refused.words))
        return _page(request, check_in, form, HTTPStatus.CONFLICT)
    return redirect("care-show", pk=pk)


def _page(request: StaffRequest, check_in: CheckIn, form: CareForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {
        "check_in": check_in,
        "form": form,
        "incident": check_in.incident if board.sees(request.user, check_in.incident) else None,
    }
    return render(request, "incidents/care/show.html", context, status=status)


@access.desk
@require_POST
def wants(request: StaffRequest) -> HttpResponse:
    """Ask me after a hard one, or do not."""
    form = WantsForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("Choose one of the buttons."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    care.set_check_ins(staff=request.user, wants=form.cleaned_data["wants"])
    is_asked = form.cleaned_data["wants"]
    messages.success(request, _("We ask after a hard one.") if is_asked else _("We do not ask you again."))
    return redirect("profile")


@act
def abuse(page: DeskPage) -> HttpResponse:
    """Somebody was abusive to them: whoever sees the incident says so for themselves. Nothing is kept of it here."""
    check_in = care.note_abuse(incident_id=page.incident.pk, by=page.staff, now=page.now)
    return redirect("care-show", pk=check_in.pk)


@act
def think_of(page: DeskPage) -> HttpResponse:
    page.check()
    if not page.staff.is_manager:
        raise PermissionDenied
    words = _("Thank you. Only they see it, and what they answer stays with them.")
    form: ThinkOfForm = page.form("think_of")  # type: ignore[assignment]
    return page.submit(form, care.think_of, lambda done: words, incident_id=page.incident.pk)
