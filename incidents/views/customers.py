"""Stub."""

from django.http import HttpRequest, HttpResponse


def customer_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def suggest(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def show(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def change(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def add_contact(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
