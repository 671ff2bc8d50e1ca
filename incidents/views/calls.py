"""Stub."""

from django.http import HttpRequest, HttpResponse


def call_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
