"""What is on the agenda of a meeting: added, moved, taken off, left for the next time."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from incidents import access
from incidents.access import StaffRequest
from incidents.actions import agenda as acts
from incidents.board import meetings as board
from incidents.forms.meetings import AddForm, TopicForm
from incidents.models import AgendaItem, Incident, ItemKind
from incidents.views.meetings import find_meeting, show_page


def _back(pk: int) -> HttpResponse:
    return redirect(f"{reverse('meeting-show', args=[pk])}#agenda")


@access.desk
@require_POST
def add(request: StaffRequest, pk: int) -> HttpResponse:
    meeting, form, now = find_meeting(request, pk), AddForm(request.POST), timezone.now()
    if not form.is_valid():
        return show_page(request, meeting, form, HTTPStatus.UNPROCESSABLE_ENTITY)  # type: ignore[arg-type]
    if kind := form.cleaned_data["kind"]:
        acts.add_kind(meeting_id=pk, kind=ItemKind(kind), by=request.user, now=now)
    else:
        visible = Incident.objects.visible_to(request.user)
        incident = get_object_or_404(visible, reference=form.cleaned_data["incident"])
        acts.add_incident(meeting_id=pk, incident_id=incident.pk, by=request.user, now=now)
    return _back(pk)


@access.desk
@require_POST
def topic(request: StaffRequest, pk: int) -> HttpResponse:
    meeting, form = find_meeting(request, pk), TopicForm(request.POST)
    if not form.is_valid():
        return show_page(request, meeting, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    acts.add_topic(meeting_id=pk, topic=form.cleaned_data["topic"], by=request.user, now=timezone.now())
    return _back(pk)


@access.desk
@require_POST
def fill(request: StaffRequest, pk: int) -> HttpResponse:
    added = acts.fill_up(meeting_id=find_meeting(request, pk).pk, by=request.user, now=timezone.now())
    said = ngettext("%(n)d more is on it.", "%(n)d more are on it.", added) % {"n": added}
    messages.success(request, said if added else _("There is no more room, or nothing more waits."))
    return _back(pk)


def _item(request: StaffRequest, pk: int) -> AgendaItem:
    found: AgendaItem = get_object_or_404(board.items_of(request.user), pk=pk)
    return found


@access.desk
@require_POST
def move(request: StaffRequest, pk: int, step: int) -> HttpResponse:
    item = _item(request, pk)
    acts.move_item(item_id=pk, step=step, by=request.user, now=timezone.now())
    return _back(item.meeting_id)


@access.desk
@require_POST
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    acts.remove_item(item_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("It is no longer on the agenda."))
    return _back(item.meeting_id)


@access.desk
@require_POST
def later(request: StaffRequest, pk: int) -> HttpResponse:
    """Next time."""
    item = _item(request, pk)
    acts.put_off(item_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Left for the next meeting."))
    return _back(item.meeting_id)
