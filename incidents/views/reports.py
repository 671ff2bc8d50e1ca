"""Numbers: the figures of a time, the charts, the rows behind each, and all of it on paper. For managers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents.access import StaffRequest, managers
from incidents.forms.reports import Asked
from incidents.reports.definitions import DEFINITION_OF
from incidents.reports.drawn import PARTS, all_of_them
from incidents.reports.listed import listed
from incidents.reports.page import Offers, lines_of, offers_of, places_of
from incidents.reports.scope import Scope
from incidents.reports.seen import one_reading
from incidents.views.printing import day_name, pdf_or_print

ON_PAPER = ("print", "pdf")


@dataclass(frozen=True)
class Reading:
    """Who asks for what: the address, what it means, and what there is to choose from."""

    asked: Asked
    offers: Offers
    scope: Scope

    @property
    def place(self) -> str:
        return next((each.name for each in self.offers.places if each.pk == self.scope.location_id), "")


def _reading(request: StaffRequest, offers: Offers) -> Reading:
    now = timezone.now()
    place = Asked(request.GET, now.date(), offers.choices).number("place")
    asked = Asked(request.GET, now.astimezone(offers.zone(place)).date(), offers.choices)
    chosen = asked.filters
    scope = Scope(
        asked.start,
        asked.end,
        location_id=chosen["place"],
        category_id=chosen["category"],
        cause_id=chosen["cause"],
        severity=chosen["severity"],
    )
    return Reading(asked, offers, scope)


@managers
@require_safe
def numbers(request: StaffRequest) -> HttpResponse:
    with one_reading():
        return _numbers(request)


def _numbers(request: StaffRequest) -> HttpResponse:
    reading, now = _reading(request, offers_of(request.user)), timezone.now()
    groups, count = lines_of(request.user, reading.scope, now)
    context: dict[str, Any] = {
        "reading": reading,
        "asked": reading.asked,
        "groups": groups,
        "count": count,
        "is_empty": not any(line.words not in {"", "0"} for group in groups for line in group.lines),
        "zone": reading.offers.zone(reading.scope.location_id),
    }
    if request.GET.get("form") not in ON_PAPER:
        return render(request, "incidents/reports/numbers.html", context | {"parts": tuple(PARTS)})
    context |= {
        "drawn": all_of_them(request.user, reading.scope, now),
        "back_url": reverse("numbers") + reading.asked.address(),
    }
    name = day_name(_("numbers"), reading.asked.end, reading.place)
    return pdf_or_print(request, "incidents/reports/numbers_pdf.html", context, name=name, zone=context["zone"])


@managers
@require_safe
def charts(request: StaffRequest, part: str) -> HttpResponse:
    """One or two of the charts: within the page, or as a page by themselves."""
    if part not in PARTS:
        raise Http404
    reading = _reading(request, places_of(request.user))
    with one_reading():
        drawn = PARTS[part](request.user, reading.scope, timezone.now())
    name = "_charts" if request.headers.get("HX-Request") else "charts"
    return render(request, f"incidents/reports/{name}.html", {"drawn": drawn, "asked": reading.asked})


@managers
@require_safe
def rows(request: StaffRequest, key: str) -> HttpResponse:
    if key not in DEFINITION_OF:
        raise Http404
    unasked = [name for name in ("category", "cause") if not request.GET.get(name)]
    reading, now = _reading(request, offers_of(request.user, but=unasked)), timezone.now()
    after, only = (request.GET.get(name, "") for name in ("after", "only"))
    page = listed(request.user, reading.scope, key, now, after=after, only=only)
    asked = reading.asked
    context = {
        "definition": DEFINITION_OF[key],
        "page": page,
        "asked": asked,
        "only": page.only,
        "all_url": asked.address(),
        "hits_url": asked.address(only="hits"),
        "misses_url": asked.address(only="misses"),
        "older_url": asked.address(after=page.after, only=page.only) if page.after else "",
        "first_url": asked.address(only=page.only) if after else "",
        "back_url": reverse("numbers") + asked.address(),
    }
    return render(request, "incidents/reports/rows.html", context)
