"""Minutes: read them, correct them, print them, say that you have read them."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import minutes as acts
from incidents.actions.refusals import Refused, Stale
from incidents.board import minutes as board
from incidents.forms.minutes import CorrectForm, ReadForm
from incidents.models import Meeting
from incidents.models.base import STORY
from incidents.views.log import form_page
from incidents.views.meetings import find_meeting
from incidents.views.printing import day_name, pdf_or_print

MOST_FIELDS = 40


def _page(request: StaffRequest, meeting: Meeting) -> board.MinutesPage | None:
    """The version of the address; 404 for one that there is not."""
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise Http404
    page = board.minutes_page(request.user, meeting, number=int(asked) if asked else None)
    if page is None and asked:
        raise Http404
    return page


@access.desk
@require_safe
def minutes(request: StaffRequest, pk: int) -> HttpResponse:
    meeting = find_meeting(request, pk)
    context = {"page": _page(request, meeting), "meeting": meeting}
    return render(request, "incidents/minutes/minutes.html", context)


@access.desk
@require_safe
def minutes_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    meeting = find_meeting(request, pk)
    page = _page(request, meeting)
    if page is None:
        raise Http404
    name = day_name(_("minutes"), page.day, meeting.location.name)
    context = {"page": page, "meeting": meeting, "back_url": reverse("meeting-minutes", args=[pk])}
    return pdf_or_print(request, "incidents/minutes/minutes_pdf.html", context, name=name, zone=page.zone)


@access.desk
@require_POST
def minutes_read(request: StaffRequest, pk: int) -> HttpResponse:
    meeting, form = find_meeting(request, pk), ReadForm(request.POST)
    if not form.is_valid():
        return _show(request, meeting, None, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        acts.read_minutes(meeting_id=pk, number=form.cleaned_data["number"], by=request.user, now=timezone.now())
    except Refused as refused:
        return _show(request, meeting, refused, HTTPStatus.CONFLICT)
    messages.success(request, _("Thank you for reading."))
    return redirect("meeting-minutes", pk=pk)


def _show(request: StaffRequest, meeting: Meeting, refused: Refused | None, status: HTTPStatus) -> HttpResponse:
    page = board.minutes_page(request.user, meeting)
    context = {"page": page, "meeting": meeting, "refused": refused}
    return render(request, "incidents/minutes/minutes.html", context, status=status)


@access.desk
@form_page
def minutes_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """What was noted, in better words: a next version, and all hear of it."""
    meeting = find_meeting(request, pk)
    if not access.can_run_meeting(request.user, meeting):
        raise PermissionDenied
    page = board.minutes_page(request.user, meeting)
    if page is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = CorrectForm(sent, body=page.body, number=page.newest.number)
    if sent is None:
        draft = board.correction_begun(request.user, meeting)
        if draft:
            form.initial.update((name, text) for name, text in draft.values.items() if name in form.fields)
        return _correct(request, page, form, draft_at=draft.saved_at if draft else None)
    if not form.is_valid():
        return _correct(request, page, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        new = acts.correct_minutes(meeting_id=pk, by=request.user, now=timezone.now(), **form.facts)
    except Stale as stale:
        form.renew("number", stale.current.number)
        return _correct(request, page, form, HTTPStatus.CONFLICT, refused=stale)
    if new.number == page.newest.number:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Corrected. Everybody who was asked to come hears of it."))
    return redirect("meeting-minutes", pk=pk)


def _correct(
    request: StaffRequest,
    page: board.MinutesPage,
    form: CorrectForm,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    refused: Refused | None = None,
    draft_at: dt.datetime | None = None,
) -> HttpResponse:
    context = {"page": page, "meeting": page.meeting, "form": form, "refused": refused, "draft_at": draft_at}
    return render(request, "incidents/minutes/minutes_correct.html", context, status=status)


@access.desk
@require_POST
def minutes_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep what has been typed so far."""
    meeting = find_meeting(request, pk)
    if not access.can_run_meeting(request.user, meeting):
        raise PermissionDenied
    sent = [item for item in request.POST.items() if item[0].startswith("note_") or item[0] in {"remark", "number"}]
    typed = {name.replace("\x00", "")[:60]: str(text).replace("\x00", "")[:STORY] for name, text in sent[:MOST_FIELDS]}
    acts.keep_correction(meeting_id=pk, values=typed, by=request.user, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
