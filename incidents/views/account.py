"""Stub."""

from django.http import HttpRequest, HttpResponse


def profile(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def start(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
