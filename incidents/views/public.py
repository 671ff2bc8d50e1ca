"""Pages that need no business row: errors in our own words, the style guide, what is not built yet."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from incidents import access
from incidents.charts.samples import samples
from incidents.views.refusals import came_from, typed


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled: with the database away it is not our fault but a pause."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: no context processor runs, what was typed stays on the page."""
    page = render_to_string("503.html", {"typed": typed(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: what was typed is shown again, to copy."""
    context = {"typed": typed(request), "back": came_from(request)}
    return render(request, "csrf_failure.html", context, status=403)


@access.desk
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", {"charts": samples()})


def _not_yet(request: HttpRequest, title: LazyText, words: LazyText, **more: object) -> HttpResponse:
    return render(request, "incidents/not_yet.html", {"title": title, "words": words, **more})


def _until_then() -> dict[str, object]:
    return {"instead_url": reverse("incident-list"), "instead_label": _("Open recoveries")}


@require_safe
def tell(request: HttpRequest) -> HttpResponse:
    words = _("This page is not open yet. Please talk to our staff: they will write it down and look after it.")
    return _not_yet(request, _("Tell the owner"), words)
