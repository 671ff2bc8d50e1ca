"""Stub."""

from django.http import HttpRequest, HttpResponse


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def fields(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def draft(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def change(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def undo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
