"""Thanks: said by anybody, named before all only with consent."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import thanks as acts
from incidents.actions.refusals import Refused
from incidents.board import learning as board
from incidents.forms.meetings import AnswerForm, ThanksForm
from incidents.models import Consent, Incident, Thanks
from incidents.views.log import form_page
from incidents.views.refusals import status_of


@access.desk
@require_safe
def thanks_list(request: StaffRequest) -> HttpResponse:
    sent = {name: request.GET.get(name, "") for name in ("after", "before")}
    return render(request, "incidents/meetings/thanks_list.html", {"page": board.thanks_page(request.user, **sent)})


@access.desk
@form_page
def new(request: StaffRequest) -> HttpResponse:
    incident = _incident(request)
    posted = request.POST if request.method == "POST" else None
    form, status = ThanksForm(posted, staff=request.user, incident=incident), HTTPStatus.OK
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                given = acts.give_thanks(by=request.user, now=timezone.now(), incident=incident, **form.cleaned_data)
                asked = _("Thank you for saying so. We ask them whether they may be named.")
                done = _("Thank you for saying so. The next meeting says it before all.")
                messages.success(request, asked if given.staff_id else done)
                return redirect(incident or "thanks-list")
            except Refused as refused:
                form.add_error(None, str(refused.words))
                status = status_of(refused)
    context = {"form": form, "incident": incident}
    return render(request, "incidents/meetings/thanks_new.html", context, status=status)


def _incident(request: StaffRequest) -> Incident | None:
    """What it was given for, as the address names it."""
    reference = request.GET.get("incident", "")
    if not reference:
        return None
    visible = Incident.objects.visible_to(request.user).select_related("location")
    found: Incident = get_object_or_404(visible, reference=reference)
    return found


@access.desk
@form_page
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """With the name, without it, or rather not: for whoever is thanked."""
    visible = Thanks.objects.visible_to(request.user).select_related("by", "location")
    thanks: Thanks = get_object_or_404(visible, pk=pk)
    if thanks.staff_id != request.user.pk:
        raise PermissionDenied
    form, status = AnswerForm(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            consent = Consent(form.cleaned_data["consent"])
            acts.answer_thanks(thanks_id=pk, consent=consent, by=request.user, now=timezone.now())
            messages.success(request, _("Noted. You may think again until it has been said."))
            return redirect("thanks-list")
    return render(request, "incidents/meetings/thanks_answer.html", {"form": form, "thanks": thanks}, status=status)
