"""A meeting while it runs: the wall, the phone of whoever writes, and what both ask every second."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import outcomes
from incidents.actions import reviewing as acts
from incidents.actions import room as act
from incidents.actions.refusals import Refused, Stale
from incidents.forms.reviewing import BeginForm, GoForm, ItemOutcomeForm, NotesForm
from incidents.models import AgendaItem, ItemKind, Meeting, ReviewOutcome
from incidents.story.room import Room, items_of
from incidents.views.meetings import find_meeting
from incidents.views.review_desk import ReviewDesk, save_first
from incidents.views.reviewing import AUTO

WALL = "wall"
_BAR = "incidents/room/_bar.html"
_UNKEPT = {"Cache-Control": "private, no-store", "Vary": "Cookie"}


def _runs(request: StaffRequest, pk: int) -> Meeting:
    """One that they may run; 403 for one that they only see."""
    meeting = find_meeting(request, pk)
    if not access.can_run_meeting(request.user, meeting):
        raise PermissionDenied
    return meeting


def _room(request: StaffRequest, meeting: Meeting) -> Room:
    return Room(meeting, request.user, timezone.now())


def _show(request: StaffRequest, template: str, room: Room, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    answer = render(request, template, {"room": room, "meeting": room.meeting, **more}, status=status)
    for name, value in _UNKEPT.items():
        answer[name] = value
    return answer


@access.desk
@require_safe
def room(request: StaffRequest, pk: int) -> HttpResponse:
    """What the projector shows."""
    return _wall(request, find_meeting(request, pk))


def _wall(
    request: StaffRequest, meeting: Meeting, form: BeginForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown = _room(request, meeting)
    if form is None and shown.can_run and meeting.started_at is None and not meeting.is_over:
        form = BeginForm(meeting=meeting, people=[person.staff for person in shown.people])
    return _show(request, "incidents/room/room.html", shown, status, form=form)


@access.desk
@require_POST
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    meeting = _runs(request, pk)
    people = [person.staff for person in meeting.people.select_related("staff").order_by("staff__sort_name")]
    form = BeginForm(request.POST, meeting=meeting, people=people)
    if not form.is_valid():
        return _wall(request, meeting, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    now = timezone.now()
    act.begin(meeting_id=pk, by=request.user, now=now, **form.cleaned_data)
    acts.open_on_the_wall(meeting_id=pk, by=request.user, now=now)
    return redirect("meeting-write" if request.POST.get("then") == "write" else "meeting-room", pk=pk)


@access.desk
@require_safe
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """The wall, or the bar of the phone (`as=desk`), unless whoever asks has this version of it: 304."""
    meeting = find_meeting(request, pk)
    shown = _room(request, meeting)
    is_desk = request.GET.get("as") == "desk"
    if is_desk and not shown.can_run:
        raise PermissionDenied
    if request.GET.get("tag") == shown.tag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=_UNKEPT)
    return _show(request, _BAR if is_desk else "incidents/room/_wall.html", shown)


@access.desk
@require_POST
def go(request: StaffRequest, pk: int) -> HttpResponse:
    """On, back, to an item, to the end; names out and hidden again."""
    _runs(request, pk)
    form = GoForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("Choose one of the buttons."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if page := save_first(request):
        return page
    said, now = form.cleaned_data, timezone.now()
    who: dict[str, Any] = {"meeting_id": pk, "by": request.user, "now": now}
    match said["step"]:
        case "next" | "back":
            act.step(**who, forward=said["step"] == "next", at=said["at"])
            acts.open_on_the_wall(**who)
        case "item" | "end":
            act.go_to(**who, item_id=said["item"] if said["step"] == "item" else None)
            acts.open_on_the_wall(**who)
        case _:
            act.show_names(**who, shown=said["step"] == "names")
    if request.POST.get("as") == WALL:
        return _show(request, "incidents/room/_wall.html", _room(request, find_meeting(request, pk)))
    return redirect("meeting-write" if request.POST.get("as") == "desk" else "meeting-room", pk=pk)


@access.desk
@require_safe
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The phone of whoever writes: the form of what is on the wall."""
    return _desk(request, _runs(request, pk))


def _desk(request: StaffRequest, meeting: Meeting, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    shown = _room(request, meeting)
    item = shown.item
    context: dict[str, Any] = {}
    if meeting.is_running and item is not None and item.incident is not None:
        if shown.reviewed and shown.reviewed.review:
            context |= ReviewDesk(request, shown.reviewed, shown.reviewed.review).context()
    elif item is not None:
        context["notes_form"] = NotesForm(item=item)
    return _show(request, "incidents/room/write.html", shown, status, **context | more)


@access.desk
@require_POST
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin to write about the mistake on the wall."""
    meeting = _runs(request, pk)
    item = _room(request, meeting).item
    if item is None or item.incident_id is None:
        raise Refused(_("There is no mistake on the wall right now."))
    acts.open_review(incident_id=item.incident_id, meeting_id=pk, by=request.user, now=timezone.now())
    return redirect("meeting-write", pk=pk)


def _item(request: StaffRequest, pk: int) -> tuple[Meeting, AgendaItem]:
    item: AgendaItem = get_object_or_404(items_of(request.user), pk=pk)
    return _runs(request, item.meeting_id), item


@access.desk
@require_POST
def notes(request: StaffRequest, pk: int) -> HttpResponse:
    """What is said of an item that is not about a mistake; sent by itself while somebody types (`as=auto`)."""
    meeting, item = _item(request, pk)
    form = NotesForm(request.POST, item=item)
    is_auto = request.POST.get("as") == AUTO
    if not form.is_valid():
        if is_auto:
            return JsonResponse(
                {"words": " ".join(str(error) for errors in form.errors.values() for error in errors)},
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        return _desk(request, meeting, HTTPStatus.UNPROCESSABLE_ENTITY, notes_form=form)
    typed = form.cleaned_data
    try:
        saved = act.note_item(
            item_id=pk,
            notes=typed["notes"],
            expected_version=typed["version"],
            by=request.user,
            now=timezone.now(),
        )
    except Stale as stale:
        form.renew("version", stale.current.version)
        return _desk(request, meeting, HTTPStatus.CONFLICT, notes_form=form, theirs_notes=stale.current.notes)
    if is_auto:
        return JsonResponse({"version": saved.version})
    return redirect("meeting-write", pk=meeting.pk)


@access.desk
@require_POST
def item_outcome(request: StaffRequest, pk: int) -> HttpResponse:
    """Talked about, or next time."""
    meeting, item = _item(request, pk)
    form = ItemOutcomeForm(request.POST)
    if not form.is_valid():
        return _desk(request, meeting, HTTPStatus.UNPROCESSABLE_ENTITY, refused=_("Choose one of the buttons."))
    outcome = ReviewOutcome(form.cleaned_data["outcome"])
    if item.kind == ItemKind.INCIDENT and outcome == ReviewOutcome.NEXT_TIME and item.incident_id:
        outcomes.put_off_review(item_id=pk, by=request.user, now=timezone.now())
    else:
        act.settle_item(item_id=pk, outcome=outcome, by=request.user, now=timezone.now())
    return redirect("meeting-write", pk=meeting.pk)


@access.desk
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Over and written down; or what has no outcome, with "next time" for all of it."""
    meeting = _runs(request, pk)
    try:
        act.end(meeting_id=pk, put_off=bool(request.POST.get("put_off")), by=request.user, now=timezone.now())
    except act.Unfinished as unfinished:
        return _desk(request, meeting, HTTPStatus.UNPROCESSABLE_ENTITY, unfinished=unfinished)
    messages.success(request, _("The meeting is over. Its minutes are written, and everybody hears of them."))
    return redirect("meeting-minutes", pk=pk)
