"""One mistake talked about: on the phone while a meeting runs, or by a manager alone (*review now*)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, story
from incidents.access import StaffRequest
from incidents.actions import outcomes
from incidents.actions import reviewing as acts
from incidents.actions.access_log import note_restricted
from incidents.actions.refusals import Refused, Stale
from incidents.forms.reviewing import AgreeForm, MissedForm, OutcomeForm, RefileForm
from incidents.story.reviewing import Reviewed, newest_review
from incidents.views.review_desk import ReviewDesk, desk_of, go_on, refused_by, show_alone, submit

AUTO = "auto"


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def now(request: StaffRequest, reference: str) -> HttpResponse:
    """The same form without a meeting, for managers of the place. POST begins it."""
    incident = story.find_incident(request.user, reference)
    if not access.can_set_up(request.user, incident.location_id):
        raise PermissionDenied
    moment = timezone.now()
    note_restricted(staff=request.user, incidents=[incident], now=moment)
    if request.method == "POST":
        acts.open_review(incident_id=incident.pk, by=request.user, now=moment)
        return redirect("review-now", reference=reference)
    reviewed = Reviewed(incident, newest_review(incident), request.user, moment)
    if reviewed.review is None or not reviewed.review.is_open:
        return show_alone(request, reviewed, {"review": reviewed.review}, HTTPStatus.OK)
    desk = ReviewDesk(request, reviewed, reviewed.review)
    if desk.meeting_id:
        return redirect("meeting-write", pk=desk.meeting_id)
    return desk.show(HTTPStatus.OK)


def _tick(desk: ReviewDesk) -> HttpResponse:
    who: dict[str, Any] = {"review_id": desk.review.pk, "by": desk.request.user, "now": timezone.now()}

    def tick(form: MissedForm, _version: int | None) -> None:
        said = form.cleaned_data
        if said["step"]:
            acts.tick_step(**who, step=said["step"], is_missed=said["missed"])
        if said["words"]:
            acts.type_missed_step(**who, words=said["words"])

    return submit(desk, "missed", tick)


@access.desk
@require_POST
def missed(request: StaffRequest, pk: int) -> HttpResponse:
    return _tick(desk_of(request, pk))


@access.desk
@require_POST
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """What was said so far; sent by itself while somebody types (`as=auto`)."""
    desk = desk_of(request, pk)
    form, is_auto = desk.form("form", request.POST), request.POST.get("as") == AUTO
    if not is_auto and desk.typed("words"):
        return _tick(desk)  # Enter in that line means this form's first button
    if not form.is_valid():
        if is_auto:
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return JsonResponse({"words": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    try:
        saved = acts.save_review(review_id=pk, by=request.user, now=timezone.now(), **form.facts())
    except Refused as refused:
        if is_auto and not isinstance(refused, Stale):
            return JsonResponse({"words": str(refused.words)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return refused_by(desk, refused, "form", {"form": form})
    return JsonResponse({"version": saved.version}) if is_auto else go_on(desk, "form")


@access.desk
@require_POST
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """What we change, who does it, by which day."""

    def commit(form: AgreeForm, _version: int | None) -> None:
        acts.commit_in_review(review_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return submit(desk_of(request, pk), "agree", commit)


@access.desk
@require_POST
def refile(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of "Something else"."""

    def file(form: RefileForm, _version: int | None) -> None:
        acts.refile(review_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return submit(desk_of(request, pk), "refile", file)


@access.desk
@require_POST
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)

    def finish(form: OutcomeForm, version: int | None) -> None:
        if desk.typed("what"):
            raise Refused(_("What you wrote under “What we change” is not agreed yet. Press “Agreed”, or take it out."))
        facts = form.facts() | ({"expected_version": version} if version is not None else {})
        ended = outcomes.end_review(review_id=pk, by=request.user, now=timezone.now(), **facts)
        messages.success(request, _("Talked about: %(outcome)s.") % {"outcome": ended.get_outcome_display()})

    return submit(desk, "outcome", finish)


@access.desk
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """The outcome was said too soon."""
    desk = desk_of(request, pk)
    outcomes.take_up_again(review_id=pk, by=request.user, now=timezone.now())
    return redirect(desk.url)
