"""The coach reads along while an apology is written, and keeps nothing."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents import access, story
from incidents.forms.desk import Choices
from incidents.forms.recover.apologies import CoachForm


@access.desk
@require_POST
def coach(request: access.StaffRequest, reference: str) -> HttpResponse:
    """What to think about in the words posted, as a fragment. Five queries, none of them a write."""
    incident, now = story.find_incident(request.user, reference), timezone.now()
    if not access.can_read_whole(request.user, incident):
        raise PermissionDenied
    people = story.people_at(incident)
    form = CoachForm(
        request.POST,
        choices=Choices(incident=incident, staff=request.user, now=now, people=tuple({*people, request.user})),
        name="coach",
    )
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    heard = story.listen(incident, people=people, now=now, **form.heard())
    return render(request, "incidents/recover/_cautions.html", {"cautions": heard}, status=status)
