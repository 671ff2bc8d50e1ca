"""The first page of the catalogue."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from incidents import access
from incidents.board.catalogue.overview import overview
from incidents.views.catalogue.page import Page


@access.managers
@require_safe
def catalogue(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    return page.show("overview", seen=overview(page.place, page.places))
