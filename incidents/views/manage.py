"""Stub."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def incident_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
