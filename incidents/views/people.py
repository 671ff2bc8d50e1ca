"""Stub."""

from django.http import HttpRequest, HttpResponse


def staff_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def staff_new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def staff_change(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def staff_deactivate(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def staff_reactivate(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def location_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def location_new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def location_change(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
