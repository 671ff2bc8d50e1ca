"""Stub."""

from django.http import HttpRequest, HttpResponse


def show(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def apologize(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def remedy(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def deliver(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def end_remedy(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def follow_up(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def promise(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def settle_promise(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def note(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def go_back(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def close(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")


def hand_over(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub")
