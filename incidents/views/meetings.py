"""Learning: the hub, meetings, and meetings every so many weeks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import meetings as acts
from incidents.actions import series as series_acts
from incidents.actions.refusals import Refused, Stale
from incidents.board import learning
from incidents.board import meeting_list as lists
from incidents.board import meetings as board
from incidents.forms.meetings import ChangeMeetingForm, MeetingForm, SeriesForm, TopicForm, WhenForm
from incidents.models import Meeting, MeetingSeries
from incidents.models.agenda import meeting_of
from incidents.views.log import form_page
from incidents.views.refusals import status_of


@access.desk
@require_safe
def learn(request: StaffRequest) -> HttpResponse:
    return render(request, "incidents/meetings/learn.html", {"hub": learning.hub(request.user, now=timezone.now())})


@access.desk
@require_safe
def meeting_list(request: StaffRequest) -> HttpResponse:
    sent = {name: request.GET.get(name, "") for name in ("place", "after", "before")}
    page = lists.overview(request.user, now=timezone.now(), **sent)
    return render(request, "incidents/meetings/meeting_list.html", {"page": page})


def _refused(form: WhenForm, refused: Refused) -> HTTPStatus:
    """Its words above the form; the status that goes with it."""
    form.add_error(None, str(refused.words))
    if isinstance(refused, Stale):
        form.renew("version", refused.current.version)
    return status_of(refused)


@access.managers
@form_page
def new(request: StaffRequest) -> HttpResponse:
    now, posted = timezone.now(), request.POST if request.method == "POST" else None
    form = MeetingForm(posted, staff=request.user, now=now, place=request.GET.get("place", ""))
    status = HTTPStatus.OK
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return redirect(_made(request, form))
            except Refused as refused:
                status = _refused(form, refused)
    return render(request, "incidents/meetings/new.html", {"form": form}, status=status)


def _made(request: StaffRequest, form: MeetingForm) -> Any:
    """The meeting, or the first of the series."""
    sent, who = dict(form.cleaned_data), _by(request)
    day, time, repeats = sent.pop("day"), sent.pop("time"), sent.pop("repeats")
    if not repeats:
        meeting = acts.make_meeting(starts_at=form.starts_at(form.zone), **sent, **who)
        messages.success(request, _("The meeting is called. This is what we propose to talk about."))
        return meeting
    made = series_acts.make_series(starts_on=day, at=time, every_weeks=repeats, **sent, **who)
    messages.success(request, _("The next three meetings are called; later ones follow by themselves."))
    return made.meetings.order_by("starts_at").first() or "meeting-list"


def find_meeting(request: StaffRequest, pk: int) -> Meeting:
    found = meeting_of(request.user, pk)
    if found is None:
        raise Http404
    return found


@access.desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return show_page(request, find_meeting(request, pk))


def show_page(
    request: StaffRequest, meeting: Meeting, form: TopicForm | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    page = board.meeting_page(request.user, meeting, now=timezone.now())
    context = {"page": page, "meeting": meeting, "form": form or TopicForm()}
    return render(request, "incidents/meetings/show.html", context, status=status)


def _callable(request: StaffRequest, meeting: Meeting) -> Meeting:
    """One that `request.user` may move or cancel."""
    if not access.can_set_up(request.user, meeting.location_id):
        raise PermissionDenied
    return meeting


@access.desk
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    meeting = _callable(request, find_meeting(request, pk))
    posted = request.POST if request.method == "POST" else None
    form, status = ChangeMeetingForm(posted, meeting=meeting), HTTPStatus.OK
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            sent = dict(form.cleaned_data)
            starts_at, version = form.starts_at(meeting.location.zone), sent.pop("version")
            facts = {name: sent[name] for name in ("minutes", "facilitator", "writer", "people")}
            try:
                acts.change_meeting(
                    meeting_id=pk, expected_version=version, starts_at=starts_at, **facts, **_by(request)
                )
                messages.success(request, _("Changed."))
                return redirect(meeting)
            except Refused as refused:
                status = _refused(form, refused)
    return render(request, "incidents/meetings/change.html", {"form": form, "meeting": meeting}, status=status)


def _by(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user, "now": timezone.now()}


@access.desk
@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    acts.cancel_meeting(meeting_id=_callable(request, find_meeting(request, pk)).pk, **_by(request))
    messages.success(request, _("Cancelled. What was on the agenda waits for the next meeting."))
    return redirect("meeting-list")


def _series(request: StaffRequest, pk: int) -> MeetingSeries:
    found: MeetingSeries = get_object_or_404(lists.series_rows(request.user), pk=pk)
    return found


@access.managers
@form_page
def series(request: StaffRequest, pk: int) -> HttpResponse:
    """Another weekday, another time, for all that nobody has touched."""
    found, posted = _series(request, pk), request.POST if request.method == "POST" else None
    days = series_acts.upcoming_days(found, now=timezone.now())
    form = SeriesForm(posted, series=found, next_day=days[0] if days else found.starts_on)
    status = HTTPStatus.OK
    if posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            sent = dict(form.cleaned_data)
            facts = {name: sent[name] for name in ("every_weeks", "minutes", "facilitator")}
            when = {"starts_on": sent["day"], "at": sent["time"], "expected_version": sent["version"]}
            try:
                series_acts.change_series(series_id=pk, **when, **facts, **_by(request))
                messages.success(request, _("Changed from now on. What somebody touched stays as it is."))
                return redirect("meeting-list")
            except Refused as refused:
                status = _refused(form, refused)
    context = {"form": form, "series": found, "words": lists.every_words(found)}
    return render(request, "incidents/meetings/series.html", context, status=status)


@access.managers
@require_POST
def series_end(request: StaffRequest, pk: int) -> HttpResponse:
    series_acts.end_series(series_id=_series(request, pk).pk, **_by(request))
    messages.success(request, _("No more of these meetings. What somebody touched still takes place."))
    return redirect("meeting-list")
