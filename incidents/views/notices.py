"""Stub."""

from django.http import HttpRequest, HttpResponse


def notice_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def bell(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def read_all(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def open_notice(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
