"""Words typed on an incident's page: kept while they are typed, offered again to whoever typed them."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import access
from incidents.actions import drafts
from incidents.models import Incident
from incidents.models.base import STORY

# The forms in which something is worth keeping, and in which of their fields.
DRAFTED = {
    "apology": ("words", "to_whom", "author_name", "promise_what"),
    "remedy": ("what", "estimated_amount", "done_by_name", "asks_words", "promise_what"),
    "promise": ("what",),
    "note": ("words",),
    "call": ("words", "promise_what"),
    "hand_over": ("note", "promise_what"),
    "close": ("note", "duplicate_of"),
}
NOT_KEPT = ("csrfmiddlewaretoken", "submit_key")
MOST_FIELDS = 40


@access.desk
@require_POST
def draft(request: access.StaffRequest, reference: str, name: str) -> HttpResponse:
    """Keep what has been typed so far; or, with `discard`, throw it away."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), reference=reference)
    if name not in DRAFTED:
        raise Http404
    if "discard" in request.POST:
        drafts.drop_words(incident_id=incident.pk, form=name, by=request.user)
        return redirect(incident)
    try:
        sent_as = UUID(key) if (key := request.POST.get("submit_key", "")) else None
    except ValueError:
        return HttpResponse(_("This page was too old."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = [item for item in request.POST.items() if item[0] not in NOT_KEPT][:MOST_FIELDS]
    typed = {field.replace("\x00", "")[:60]: str(text).replace("\x00", "")[:STORY] for field, text in sent}
    if any(typed.get(field, "").strip() for field in DRAFTED[name]):
        drafts.keep_words(
            incident=incident,
            form=name,
            values=typed,
            submit_key=sent_as,
            by=request.user,
            now=timezone.now(),
        )
    else:
        drafts.drop_words(incident_id=incident.pk, form=name, by=request.user)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
