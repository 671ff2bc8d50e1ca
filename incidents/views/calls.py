"""Calls: late, in the next 24 hours, done today; and messages about something minor that nobody answered."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import access, board, story
from incidents.actions import endings
from incidents.actions.planning import SILENT_FOR
from incidents.actions.refusals import Refused
from incidents.forms.unanswered import UnansweredForm
from incidents.models import Incident, Staff
from incidents.vocabulary import CloseReason


@access.desk
@require_safe
def call_list(request: access.StaffRequest) -> HttpResponse:
    """Mine first; `?who=everyone` shows all that this person may see."""
    is_everyone = request.GET.get("who") == "everyone"
    now = timezone.now()
    after, owed_after = (request.GET.get(name, "").replace(" ", "+") for name in ("after", "owed_after"))
    book = story.call_book(request.user, now, is_everyone=is_everyone, after=after, owed_after=owed_after)
    who = {"who": "everyone"} if is_everyone else {}
    context = {
        "book": book,
        "now": now,
        "next": request.get_full_path(),
        "more_url": f"?{urlencode(who | {'after': book.after})}" if book.after else "",
        "more_owed_url": f"?{urlencode(who | {'owed_after': book.owed_after})}" if book.owed_after else "",
    }
    return render(request, "incidents/calls/call_list.html", context)


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def unanswered(request: access.StaffRequest) -> HttpResponse:
    """Minor, a message left a week ago, nothing since: close them together, each through the action of its own."""
    now, status = timezone.now(), HTTPStatus.OK
    context: dict[str, Any] = {"now": now, "days": SILENT_FOR.days}
    if request.method == "POST":
        form = UnansweredForm(request.POST)
        if form.is_valid():
            context["results"] = _close(form.cleaned_data["pick"], by=request.user, now=now)
        else:
            context["form"], status = form, HTTPStatus.UNPROCESSABLE_ENTITY
    context["found"] = board.unanswered(request.user, now - SILENT_FOR)
    return render(request, "incidents/calls/unanswered.html", context, status=status)


def _close(references: list[str], *, by: Staff, now: dt.datetime) -> list[dict[str, Any]]:
    """What became of each, in words. All of them are visible, or nothing happens (404)."""
    seen = {one.reference: one for one in Incident.objects.visible_to(by).with_names().filter(reference__in=references)}
    if len(seen) < len(references):
        raise Http404
    results = []
    for reference in references:
        words, is_refused = _("Closed: no answer to our message."), False
        note = _("No answer to our message for a week.")
        try:
            endings.close_incident(
                incident_id=seen[reference].pk, reason=CloseReason.NO_ANSWER, by=by, now=now, note=note
            )
        except Refused as refused:
            words, is_refused = str(refused.words), True
        results.append({"incident": seen[reference], "words": words, "is_refused": is_refused})
    return results
