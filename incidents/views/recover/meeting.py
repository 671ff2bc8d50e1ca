"""One incident for the next staff meeting, or not any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import access, story
from incidents.actions import agenda, review


@access.desk
@require_POST
def meeting(request: access.StaffRequest, reference: str) -> HttpResponse:
    """Anybody who sees it, also somebody who sees only their own part."""
    incident = story.find_incident(request.user, reference)
    review.add_to_next_meeting(incident_id=incident.pk, by=request.user, now=timezone.now())
    messages.success(request, _("On the list of the next meeting."))
    return redirect(incident)


@access.desk
@require_POST
def meeting_off(request: access.StaffRequest, reference: str) -> HttpResponse:
    incident = story.find_incident(request.user, reference)
    agenda.take_off(incident_id=incident.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The next meeting will not talk about it."))
    return redirect(incident)
