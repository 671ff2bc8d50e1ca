"""One mistake talked about: on the phone while a meeting runs, or by a manager alone (*review now*)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, story
from incidents.access import StaffRequest
from incidents.actions import outcomes
from incidents.actions import reviewing as acts
from incidents.actions.access_log import note_restricted
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.forms.reviewing import AgreeForm, MissedForm, OutcomeForm, RefileForm, ReviewForm
from incidents.models import Review
from incidents.story.reviewing import Reviewed, newest_review, reviews_of
from incidents.story.room import Room
from incidents.story.told import ByName, tell_in_meeting

AUTO = "auto"


class ReviewDesk:
    """The forms of one review, and the page on which they stand."""

    def __init__(self, request: StaffRequest, reviewed: Reviewed, review: Review) -> None:
        self.request, self.reviewed, self.review = request, reviewed, review

    @property
    def meeting_id(self) -> int | None:
        """Of the meeting in which it is talked about right now."""
        meeting = self.review.meeting
        return meeting.pk if meeting is not None and meeting.is_running else None

    @property
    def url(self) -> str:
        if self.meeting_id:
            return reverse("meeting-write", args=[self.meeting_id])
        return reverse("review-now", args=[self.reviewed.incident.reference])

    def form(self, name: str, data: Any = None) -> Any:
        made: dict[str, Callable[[], Form]] = {
            "form": lambda: ReviewForm(
                data, review=self.review, causes=[*self.reviewed.causes.used, *self.reviewed.causes.rest]
            ),
            "outcome": lambda: OutcomeForm(data, review=self.review, covers=self.reviewed.covers),
            "agree": lambda: AgreeForm(data, people=self.reviewed.people, today=self.today),
            "missed": lambda: MissedForm(data, steps=[each.step for each in self.reviewed.steps]),
            "refile": lambda: RefileForm(data, kinds=self.reviewed.kinds if self.reviewed.must_be_filed else []),
        }
        return made[name]()

    @cached_property
    def today(self) -> Any:
        return self.reviewed.now.astimezone(self.reviewed.incident.location.zone).date()

    def context(self, **bound: Any) -> dict[str, Any]:
        forms = {name: bound.pop(name) if name in bound else self.form(name) for name in _NAMES}
        return {"reviewed": self.reviewed, "review": self.review, "forms": forms, "form": forms["form"], **bound}

    def show(self, status: int, **bound: Any) -> HttpResponse:
        """The page again, with what was typed."""
        context = self.context(**bound)
        meeting = self.review.meeting
        if self.meeting_id is None or meeting is None:
            return _alone(self.request, self.reviewed, context, status)
        room = Room(meeting, self.request.user, self.reviewed.now)
        context |= {"room": room, "meeting": meeting}
        return render(self.request, "incidents/room/write.html", context, status=status)


_NAMES = ("form", "outcome", "agree", "missed", "refile")


def _alone(request: StaffRequest, reviewed: Reviewed, context: dict[str, Any], status: int) -> HttpResponse:
    told = tell_in_meeting(reviewed.incident, ByName())
    context = {"told": told, "incident": reviewed.incident, "reviewed": reviewed, **context}
    return render(request, "incidents/room/review.html", context, status=status)


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
        return _alone(request, reviewed, {"review": reviewed.review}, HTTPStatus.OK)
    desk = ReviewDesk(request, reviewed, reviewed.review)
    if desk.meeting_id:
        return redirect("meeting-write", pk=desk.meeting_id)
    return desk.show(HTTPStatus.OK)


def _desk(request: StaffRequest, pk: int) -> ReviewDesk:
    found: Any = reviews_of(request.user)
    review: Review = get_object_or_404(found, pk=pk)
    desk = ReviewDesk(request, Reviewed(review.incident, review, request.user, timezone.now()), review)
    meeting = review.meeting if desk.meeting_id else None
    may = access.can_run_meeting(request.user, meeting) if meeting else False
    if not may and not access.can_set_up(request.user, review.incident.location_id):
        raise PermissionDenied
    return desk


def _submit(desk: ReviewDesk, name: str, do: Callable[[Any], Any]) -> HttpResponse:
    """Do it with what the form asked; back to the page, or the page again saying why not."""
    form = desk.form(name, desk.request.POST)
    if not form.is_valid():
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, **{name: form})
    try:
        do(form)
    except NotYours as refused:
        raise PermissionDenied(str(refused.words)) from refused
    except Refused as refused:
        if isinstance(refused, Stale) and "version" in form.fields:
            form.renew("version", refused.current.version)
        return desk.show(HTTPStatus.CONFLICT, **{name: form}, refused=refused, refused_in=name)
    return redirect(desk.url)


@access.desk
@require_POST
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """What was said so far; sent by itself while somebody types (`as=auto`)."""
    desk = _desk(request, pk)
    form, is_auto = desk.form("form", request.POST), request.POST.get("as") == AUTO
    if not form.is_valid():
        if is_auto:
            words = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return JsonResponse({"words": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    try:
        saved = acts.save_review(review_id=pk, by=request.user, now=timezone.now(), **form.facts())
    except Stale as stale:
        form.renew("version", stale.current.version)
        return desk.show(HTTPStatus.CONFLICT, form=form, theirs=stale.current, refused=stale, refused_in="form")
    except Refused as refused:
        if is_auto:
            return JsonResponse({"words": str(refused.words)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return desk.show(HTTPStatus.UNPROCESSABLE_ENTITY, form=form, refused=refused, refused_in="form")
    return JsonResponse({"version": saved.version}) if is_auto else redirect(desk.url)


@access.desk
@require_POST
def missed(request: StaffRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)
    who: dict[str, Any] = {"review_id": pk, "by": request.user, "now": timezone.now()}

    def tick(form: MissedForm) -> None:
        said = form.cleaned_data
        if said["step"]:
            acts.tick_step(**who, step=said["step"], is_missed=said["missed"])
        if said["words"]:
            acts.type_missed_step(**who, words=said["words"])

    return _submit(desk, "missed", tick)


@access.desk
@require_POST
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """What we change, who does it, by which day."""

    def commit(form: AgreeForm) -> None:
        acts.commit_in_review(review_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return _submit(_desk(request, pk), "agree", commit)


@access.desk
@require_POST
def refile(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of "Something else"."""

    def file(form: RefileForm) -> None:
        acts.refile(review_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)

    return _submit(_desk(request, pk), "refile", file)


@access.desk
@require_POST
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)

    def finish(form: OutcomeForm) -> None:
        ended = outcomes.end_review(review_id=pk, by=request.user, now=timezone.now(), **form.facts())
        messages.success(request, _("Talked about: %(outcome)s.") % {"outcome": ended.get_outcome_display()})

    return _submit(desk, "outcome", finish)


@access.desk
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """The outcome was said too soon."""
    desk = _desk(request, pk)
    outcomes.take_up_again(review_id=pk, by=request.user, now=timezone.now())
    return redirect(desk.url)
