"""Recovery's addresses, and one that costs what every signed-in page costs before it does anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from recovery import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def empty(request: HttpRequest) -> HttpResponse:
    """Loads the session and the user, and says one word. All other pages are compared with this one."""
    return HttpResponse("yes" if request.user.is_authenticated else "no", content_type="text/plain")


urlpatterns = [path("bench/empty/", empty), *urls.urlpatterns]
