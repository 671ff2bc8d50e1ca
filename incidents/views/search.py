"""One field for everything: a page, and what it suggests while somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from incidents import access, board, search
from incidents.access import StaffRequest
from incidents.forms.search import SearchForm


@access.desk
@require_safe
@vary_on_headers("HX-Request")
def everywhere(request: StaffRequest) -> HttpResponse:
    """The page; for the palette and the field in the bar its rows, as options of a list."""
    now = timezone.now()
    if request.headers.get("HX-Request"):
        found = search.look_for(request.GET.get("q", ""), staff=request.user, now=now)
        return render(request, "incidents/search/_options.html", {"found": found, "now": now})
    form = SearchForm(request.GET, offers=board.options_for(request.user))
    chosen = form.narrowed()
    narrowed = search.Narrowed(**chosen) if chosen else None
    found = search.look_for(form.words, staff=request.user, now=now, narrowed=narrowed)
    context = {
        "form": form,
        "found": found,
        "now": now,
        "chips": form.chips(),
        "list_query": form.list_address(),
        "plain_query": form.address(**dict.fromkeys(form.chosen, "")),
    }
    return render(request, "incidents/search/everywhere.html", context)
