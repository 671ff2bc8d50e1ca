"""What a person sees when an action says no: a page in our words, with what they typed.

Views may catch `Refused` themselves to show it in their form. What they let through ends here:
NotYours is 403, an ending with gates unmet 422, anything else 409.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.actions.refusals import NotYours, Refused, Stale, StepRefused

SECRET = ("password", "csrf", "submit_key", "version")


class RefusalMiddleware:
    """Turns a refusal that escapes a view into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused(request, exception) if isinstance(exception, Refused) else None


def status_of(refusal: Refused) -> HTTPStatus:
    if isinstance(refusal, NotYours):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(refusal, StepRefused) else HTTPStatus.CONFLICT


def refused(request: HttpRequest, refusal: Refused, status: HTTPStatus | None = None) -> HttpResponse:
    """The refusal as a page, or as a toast for an htmx request; what shows the world as it was then looks again."""
    status = status or status_of(refusal)
    if request.headers.get("HX-Request"):
        says = {"toast": {"text": str(refusal.words), "bad": True}, "refused": {}}
        headers = {"HX-Trigger": json.dumps(says), "HX-Retarget": "#say", "HX-Reswap": "none"}
        return HttpResponse(status=status, headers=headers)
    context = {
        "words": refusal.words,
        "gates": [gate.words for gate in refusal.gates] if isinstance(refusal, StepRefused) else [],
        "is_stale": isinstance(refusal, Stale),
        "typed": typed(request),
        "back": came_from(request),
        "remedy_url": _remedy_url(request) if isinstance(refusal, StepRefused) else "",
    }
    return render(request, "incidents/refused.html", context, status=status)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, as (label, text), without passwords and tokens: to copy, not to lose."""
    try:
        sent = request.POST.lists()
    except Exception:  # a body nobody can read keeps nothing
        return []
    shown = ((name, ", ".join(str(v) for v in values if v)) for name, values in sent)
    return [(_label(name), text) for name, text in shown if text and not any(word in name for word in SECRET)]


def _label(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def came_from(request: HttpRequest) -> str:
    """The page the form stood on, when it is one of ours."""
    referer = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(referer, allowed_hosts=hosts, require_https=request.is_secure()):
        return referer
    return _incident_url(request, "recover-show")


def _remedy_url(request: HttpRequest) -> str:
    return _incident_url(request, "recover-remedy")


def _incident_url(request: HttpRequest, name: str) -> str:
    reference = request.resolver_match.kwargs.get("reference") if request.resolver_match else None
    return reverse(name, args=[reference]) if reference else ""
