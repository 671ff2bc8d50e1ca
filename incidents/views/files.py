"""Stub."""

from django.http import HttpRequest, HttpResponse


def add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def show(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
