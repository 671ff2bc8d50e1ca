"""Who has what: everybody of my places by name, and all of one person handed over at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from incidents import access
from incidents.actions.handing_all import Handed, hand_over_everything
from incidents.actions.refusals import Refused
from incidents.board import all_of as everything
from incidents.board import people as board
from incidents.board.bulk import people_for
from incidents.forms.handing_all import HandAllForm
from incidents.models import Location, Staff

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


@access.managers
@require_http_methods(["GET", "HEAD", "POST"])
def all_of(request: StaffRequest, pk: int) -> HttpResponse:
    """Recoveries, changes, procedures and meetings of one person, to somebody else."""
    if (person := everything.find_person(request.user, pk)) is None:
        raise Http404
    sent, people = request.GET.get("place", ""), [each for each in people_for(request.user) if each != person]
    place = next((each for each in board.places_of(request.user) if str(each.pk) == sent), None) if sent else None
    if sent and place is None:
        raise Http404  # without it the same form would hand over what they have everywhere
    if request.method != "POST":
        return _all(request, person, place, HandAllForm.asked(request.GET, people))
    form, status = HandAllForm(request.POST, people=people), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            handed = hand_over_everything(
                of=person,
                by=request.user,
                now=timezone.now(),
                place=place.pk if place else None,
                **form.cleaned_data,
            )
        except Refused as refused:
            form.add_error(None, str(refused.words))
            status = HTTPStatus.CONFLICT
        else:
            return _handed(request, handed, form.cleaned_data["to"])
    return _all(request, person, place, form, status)


def _handed(request: StaffRequest, handed: Handed, to: Staff) -> HttpResponse:
    if handed.others:
        words = ngettext(
            "%(number)d change, procedure or meeting is with %(who)s now.",
            "%(number)d changes, procedures and meetings are with %(who)s now.",
            handed.others,
        )
        messages.success(request, words % {"number": handed.others, "who": to})
    return redirect(handed.job or "open-work")


def _all(
    request: StaffRequest, person: Staff, place: Location | None, form: HandAllForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    found = everything.all_of(person, request.user, to=form.chosen, place=place)
    context = {"all": found, "form": form, "to": form.chosen, "now": timezone.now()}
    return render(request, "incidents/open_work/all.html", context, status=status)


def _tabs(places: list[Location], chosen: Location | None) -> list[dict[str, object]]:
    everywhere = {"label": _("All places"), "url": reverse("open-work"), "current": chosen is None}
    named = ({"label": each.name, "url": f"?place={each.pk}", "current": each == chosen} for each in places)
    return [everywhere, *named]


def _row(load: board.Load, place: Location | None) -> dict[str, object]:
    """Where its numbers lead; nowhere for somebody whom no choice of the list names."""
    here = f"?{urlencode({'place': place.pk})}" if place else ""
    theirs = {"assignee": load.person.pk} | ({"location": place.pk} if place else {})
    the_list = f"{reverse('incident-list')}?{urlencode(theirs)}" if load.is_offered else ""
    changes = {"who": load.person.pk} | ({"place": place.pk} if place else {})
    return {
        "load": load,
        "changes_url": f"{reverse('prevention-list')}?{urlencode(changes)}" if load.changes else "",
        "list_url": the_list,
        "late_url": f"{the_list}&overdue=1" if the_list else "",
        "hand_over_url": f"{reverse('open-work-all', args=[load.person.pk])}{here}" if load.has_any else "",
    }
