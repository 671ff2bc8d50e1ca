"""What no view should have to think about: addresses that are no text, and a database that is away."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import get_callable

UNAVAILABLE = "incidents.views.public.unavailable"


class CleanAddressMiddleware:
    """400 for a NUL byte in the path, and for a query that is not UTF-8 or holds one.

    Other bytes that are no text never get this far: Django leaves them quoted in the path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or not _is_text(request.META.get("QUERY_STRING", "")):
            raise BadRequest("The address is not text.")
        return self.get_response(request)


def _is_text(query: str) -> bool:
    try:
        return "\0" not in unquote(query, errors="strict")
    except UnicodeDecodeError:
        return False


class DatabaseAwayMiddleware:
    """503 in our words, with what was typed, when the database cannot be reached during a view.

    Outside of views (a session that cannot be read or saved) the handler of 500 does the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        page: HttpResponse = get_callable(UNAVAILABLE)(request)
        return page
