"""Who has what: everybody of my places by name, and all of one person handed over at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents import access
from incidents.board import people as board
from incidents.models import BulkAct, Location

if TYPE_CHECKING:
    from incidents.access import StaffRequest


@access.managers
@require_safe
def open_work(request: StaffRequest) -> HttpResponse:
    now, sent = timezone.now(), request.GET.get("place", "")
    places = board.places_of(request.user)
    place = next((each for each in places if str(each.pk) == sent), None)
    page = board.open_work(request.user, now=now, place=place.pk if place else None, after=request.GET.get("after", ""))
    here = {"place": place.pk} if place else {}
    context = {
        "zone": request.user.zone,
        "tabs": _tabs(places, place) if len(places) > 1 else [],
        "left": [_row(load, place) for load in page.left],
        "rows": [_row(load, place) for load in page.loads],
        "older_url": f"?{urlencode(here | {'after': page.next_after})}" if page.next_after else "",
        "newer_url": "",
        "is_first": not request.GET.get("after"),
    }
    return render(request, "incidents/open_work/open_work.html", context)


def _tabs(places: list[Location], chosen: Location | None) -> list[dict[str, object]]:
    everywhere = {"label": _("All places"), "url": reverse("open-work"), "current": chosen is None}
    named = ({"label": each.name, "url": f"?place={each.pk}", "current": each == chosen} for each in places)
    return [everywhere, *named]


def _row(load: board.Load, place: Location | None) -> dict[str, object]:
    """Where its numbers lead. Somebody whom no choice names is named by what they have, when it is few."""
    theirs: list[tuple[str, str]] = [("assignee", str(load.person.pk))]
    if place:
        theirs.append(("location", str(place.pk)))
    is_all_picked = 0 < len(load.picked) == load.open <= board.MOST
    if is_all_picked:
        theirs = [("pick", reference) for reference in load.picked]
    the_list = "" if is_all_picked else f"{reverse('incident-list')}?{urlencode(theirs)}"
    changes = {"who": load.person.pk} | ({"place": place.pk} if place else {})
    return {
        "load": load,
        "changes_url": f"{reverse('prevention-list')}?{urlencode(changes)}" if load.changes else "",
        "list_url": the_list,
        "late_url": f"{the_list}&overdue=1" if the_list else "",
        "hand_over_url": f"{reverse('bulk')}?{urlencode([*theirs, ('act', BulkAct.REASSIGN.value)])}",
    }
