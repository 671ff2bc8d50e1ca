"""Pages that need no business row: errors in our own words, the style guide, what is not built yet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from incidents import access


def _error(request: HttpRequest, status: int, template: str) -> HttpResponse:
    typed = sorted((k, v) for k, v in request.POST.items() if v and _is_shown(k)) if status == 403 else []
    return render(request, template, {"typed": typed}, status=status)


def _is_shown(name: str) -> bool:
    return not any(word in name for word in ("password", "csrf", "key"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, "403.html")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return render(None, "500.html", status=500)  # type: ignore[arg-type]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: what was typed is shown again, to copy."""
    return _error(request, 403, "csrf_failure.html")


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html")


def _not_yet(request: HttpRequest, title: object, words: object) -> HttpResponse:
    return render(request, "incidents/not_yet.html", {"title": title, "words": words})


@access.desk
def board(request: HttpRequest) -> HttpResponse:
    return _not_yet(
        request,
        _("Board"),
        _("The board of open recoveries is not built yet. The list shows them all, the most urgent first."),
    )


@access.desk
def meetings(request: HttpRequest) -> HttpResponse:
    return _not_yet(request, _("Meetings"), _("Meeting mode is not built yet."))


@access.desk
def reports(request: HttpRequest) -> HttpResponse:
    return _not_yet(request, _("Reports"), _("Reports are not built yet."))


def tell(request: HttpRequest) -> HttpResponse:
    return _not_yet(
        request,
        _("Tell the owner"),
        _("This page is not open yet. Please talk to our staff: they will write it down."),
    )
