"""Photos and receipts: add one, look at one."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from incidents import access, uploads
from incidents.actions.access_log import note_restricted
from incidents.actions.attach import attach_file
from incidents.actions.refusals import Refused
from incidents.forms.files import FileForm
from incidents.models import Attachment, Incident

# What a stored file may do in a browser: nothing.
LOCKED_DOWN = {
    "Content-Security-Policy": "default-src 'none'; style-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@access.desk
@require_POST
def add(request: access.StaffRequest, reference: str) -> HttpResponse:
    incident = get_object_or_404(Incident.objects.visible_to(request.user), reference=reference)
    form = FileForm(request.POST, request.FILES, incident=incident)
    status = 422
    if form.is_valid():
        try:
            attach_file(incident_id=incident.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.words))
            status = 409
        except uploads.NotStored as failed:
            form.add_error(None, str(failed.words))
            status = 503
        else:
            messages.success(request, _("File added."))
            there = incident.get_absolute_url() + "#photos"
            return HttpResponseClientRedirect(there) if _is_fragment(request) else redirect(there)
    template = "_file_form" if _is_fragment(request) else "file_add"
    context = {"incident": incident, "form": form}
    return render(request, f"incidents/recover/{template}.html", context, status=status)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@access.desk
@require_safe
def show(request: access.StaffRequest, reference: str, pk: int) -> HttpResponseBase:
    """The file itself: pictures may show in the page, everything else is saved to disk."""
    files = Attachment.objects.visible_to(request.user).select_related("incident")
    found = get_object_or_404(files, pk=pk, incident__reference=reference)
    try:
        content = uploads.read(found.stored_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    note_restricted(staff=request.user, incidents=[found.incident], now=timezone.now())
    return FileResponse(
        content,
        as_attachment=not found.is_picture,
        filename=found.original_name,
        content_type=found.content_type,
        headers=LOCKED_DOWN,
    )
