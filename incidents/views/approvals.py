"""Questions "may I give it?": the queue, one question, and the answer."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access, board, search, story
from incidents.actions import money
from incidents.actions.access_log import note_restricted
from incidents.actions.refusals import NotYours, Refused
from incidents.board.approvals import VIEWS
from incidents.forms.approvals import DecideForm, ReviewForm
from incidents.models import ApprovalRequest, Verdict
from incidents.models.deciding import comes_to, may_go_ahead_at
from incidents.views.way_back import next_of

if TYPE_CHECKING:
    from django.forms import Form

    from incidents.access import StaffRequest

SHOWN_BEFORE = 5  # what happened to a customer earlier, the newest first


@access.desk
@require_safe
def approval_list(request: StaffRequest) -> HttpResponse:
    """The queue, with the first of it beside."""
    return _page(request)


@access.desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One question; the queue it stands in beside."""
    return _page(request, board.find_request(request.user, pk))


@access.desk
@require_POST
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Yes, or no with a reason; then the next one comes up."""
    asked = board.find_request(request.user, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        money.decide(request_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except NotYours:
        raise
    except Refused as refused:
        return _faster(request, pk, refused)
    is_yes = form.cleaned_data["is_approved"]
    words = _("You said yes. %(who)s is told.") if is_yes else _("You said no. %(who)s is told why.")
    return _next(request, words % {"who": asked.proposed_by})


@access.desk
@require_POST
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether it was right to go ahead."""
    asked = board.find_request(request.user, pk)
    if not request.user.is_manager:
        raise PermissionDenied
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        money.review_go_ahead(request_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except NotYours:
        raise
    except Refused as refused:
        return _faster(request, pk, refused)
    return _next(request, _("Noted."))


def _faster(request: StaffRequest, pk: int, refused: Refused) -> HttpResponse:
    """Somebody else answered: how it stands now, and why this was not saved."""
    if getattr(request, "htmx", False):
        raise refused
    fresh = board.find_request(request.user, pk)
    return _page(request, fresh, refused=str(refused.words), status=HTTPStatus.CONFLICT)


def _next(request: StaffRequest, said: str) -> HttpResponse:
    if getattr(request, "htmx", False) and not next_of(request, ""):
        answer = _page(request)
        answer["HX-Trigger"] = json.dumps({"toast": {"text": said}})
        answer["HX-Replace-Url"] = reverse("approval-list")
        return answer
    messages.success(request, said)
    view = request.POST.get("view", "")
    there = reverse("approval-list") + (f"?view={view}" if view in VIEWS else "")
    return redirect(next_of(request, there))


def _page(
    request: StaffRequest,
    asked: ApprovalRequest | None = None,
    *,
    form: Form | None = None,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    now = timezone.now()
    wanted = request.GET.get("view", "") or request.POST.get("view", "")
    view = board.view_for(request.user, asked, wanted, now)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    queue = board.queue_of(request.user, view, now=now, after=after, before=before)
    chosen = asked or next(iter(queue.requests), None)
    context: dict[str, Any] = {
        "view": view,
        "queue": queue.requests,
        "newer_url": f"?view={view}&before={queue.newer}" if queue.newer else "",
        "older_url": f"?view={view}&after={queue.older}" if queue.older else "",
        "is_first": not (after or before),
        "away": board.away_at(request.user, now),
        "now": now,
        "form": form if form and form.errors else None,
        "refused": refused,
        "question": _question(request, chosen, form) if chosen else None,
    }
    name = "_board" if getattr(request, "htmx", False) else "approval_list"
    return render(request, f"incidents/approvals/{name}.html", context, status=status)


def _question(request: StaffRequest, asked: ApprovalRequest, form: Form | None) -> dict[str, Any]:
    """One question with what one needs to answer it."""
    incident, staff, now = asked.incident, request.user, timezone.now()
    note_restricted(staff=staff, incidents=[incident], now=now)
    is_whole = access.can_read_whole(staff, incident)
    customer = incident.customer if is_whole else None
    here = search.history_of(customer, staff=staff) if customer else []
    found: dict[str, Any] = {
        "asked": asked,
        "incident": incident,
        "is_whole": is_whole,
        "given": board.given_in(incident) if is_whole else [],
        "before": [other for other in here if other.pk != incident.pk][:SHOWN_BEFORE],
        "elsewhere": search.history_elsewhere(customer, staff=staff)[:SHOWN_BEFORE] if customer else [],
        "answer": "" if asked.is_waiting else story.answer_words(asked),
        "reviewed": story.review_words(asked),
        "may_go_ahead_at": may_go_ahead_at(asked, incident) if asked.is_waiting else None,
    }
    if asked.is_waiting:
        asked.total = comes_to(asked, incident).amount  # as it is decided upon: of now
        found["can_decide"] = board.can_decide(staff, asked, now)
        found["form"] = form if isinstance(form, DecideForm) else DecideForm()
    elif asked.verdict == Verdict.WENT_AHEAD and asked.reviewed_at is None:
        found["can_review"] = board.can_review(staff, asked)
        found["form"] = form if isinstance(form, ReviewForm) else ReviewForm()
    return found
