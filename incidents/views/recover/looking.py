"""Who else is looking: asked by the page itself every 15 seconds, and by nobody else."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents import access, story
from incidents.actions import presence
from incidents.models import Incident

MOST_DIGITS = 18


@access.desk
@require_safe
def looking(request: access.StaffRequest, reference: str) -> HttpResponse:
    """Who has it open besides, and whether it changed since event `since`; 304 when the page says so already."""
    visible = Incident.objects.visible_to(request.user).select_related("location")
    incident = get_object_or_404(visible, reference=reference)
    if not access.can_read_whole(request.user, incident):
        raise PermissionDenied
    since = request.GET.get("since", "0")
    if not (since.isascii() and since.isdecimal() and len(since) <= MOST_DIGITS):
        raise Http404
    now = timezone.now()
    presence.note_presence(incident_id=incident.pk, by=request.user, now=now)
    seen = story.looking_at(incident, staff=request.user, since=int(since), now=now)
    headers = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
    if request.headers.get("HX-PTag", "") == seen.tag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    answer = render(request, "incidents/recover/_looking.html", {"looking": seen, "incident": incident})
    for name, value in headers.items():
        answer[name] = value
    return answer
