"""How reminders climb, by how bad it is: for the business, and how a place differs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions import ladders as actions
from incidents.actions.takers import people_of
from incidents.board import ladders as board
from incidents.board.hours import reckoning_of
from incidents.forms.ladders import LadderForm, PlayForm
from incidents.ladder import EDITABLE, Kind, Ladders
from incidents.models import JobKind, Location, Staff
from incidents.models.hours import ladders_of
from incidents.views.catalogue.page import Page, asked, form_page
from incidents.vocabulary import Severity


class LaddersPage(Page):
    folder = "ladders"

    def __init__(self, request: access.StaffRequest) -> None:
        super().__init__(request)
        self.place_id = self.place.pk if self.place else None
        self.level = actions.whose_is(self.place_id)
        self.ladders: Ladders = ladders_of(self.place_id)
        self.told_at: Location | None = self.place or next(iter(self.places), None)


@access.managers
@require_safe
def ladders(request: access.StaffRequest, severity: int = Severity.MODERATE) -> HttpResponse:
    page, grade = LaddersPage(request), _severity(severity)
    rows = board.ladder_lines(page.ladders, grade, page.level)
    named = {} if page.place else board.places_that_differ(page.places, grade)
    return page.show(
        "ladders",
        grade=grade,
        rows=[(row, named.get(row.kind, [])) for row in rows],
        grades=_grades(page, grade),
        reckoning=reckoning_of(page.staff, page.place, page.now, JobKind.RELAY_LADDERS),
    )


@access.managers
@form_page
def change(request: access.StaffRequest, severity: int, reminder: str) -> HttpResponse:
    page, grade, kind = LaddersPage(request), _severity(severity), _kind(reminder)
    if request.method == "POST":
        page.must_change()
    form = _form(page, grade, kind)
    is_preview = "preview" in request.GET
    if is_preview and request.headers.get("HX-Request"):
        return page.show("_timeline", **_played(page, grade, kind, form))

    def save() -> HttpResponse:
        if is_preview:
            return page.show("change", form=form, **_shown(page, grade, kind, form))
        actions.set_ladder(
            location_id=page.place_id,
            severity=grade,
            kind=kind,
            rungs=form.said(),
            expected_version=form.cleaned_data["version"],
            by=page.staff,
            now=page.now,
        )
        return page.done(_("Reminders saved: %(kind)s.") % {"kind": kind.label}, "ladders-of", grade)

    def renew(current: Ladders) -> tuple[str, object]:
        return "version", current.version(grade, kind, page.level)

    return page.submit("change", form, save, renew, **_shown(page, grade, kind, form))


@access.managers
@require_POST
def default(request: access.StaffRequest, severity: int, reminder: str) -> HttpResponse:
    page, grade, kind = LaddersPage(request), _severity(severity), _kind(reminder)
    page.must_change()
    actions.back_to_default(location_id=page.place_id, severity=grade, kind=kind, by=page.staff, now=page.now)
    return page.done(_("%(kind)s: back to the default.") % {"kind": kind.label}, "ladders-of", grade)


def _form(page: LaddersPage, grade: Severity, kind: Kind) -> LadderForm:
    words = board.ladder_words
    return LadderForm(asked(page.request), ladders=page.ladders, severity=grade, kind=kind, level=page.level, say=words)


def _shown(page: LaddersPage, grade: Severity, kind: Kind, form: LadderForm) -> dict[str, Any]:
    preview = page.url("ladders-change", grade, kind) + ("&" if page.place else "?") + "preview=1"
    return _played(page, grade, kind, form) | {
        "row": board.ladder_line(page.ladders, grade, kind, page.level),
        "grade": grade,
        "kind": kind,
        "preview_url": preview,
        "default_url": page.url("ladders-default", grade, kind),
    }


def _played(page: LaddersPage, grade: Severity, kind: Kind, form: LadderForm) -> dict[str, Any]:
    """The ladder as it is saved, or as it is typed, for the moment and the person that were chosen."""
    place = page.told_at
    people: list[Staff] = people_of(place) if place else []
    now = page.now.replace(second=0, microsecond=0)
    play = PlayForm(
        asked(page.request), people=people, reader=page.staff, zone=place.zone if place else page.staff.zone, now=now
    )
    moment, person = play.chosen()
    ladders = page.ladders
    if form.is_bound and form.is_valid() and form.said():
        ladders = ladders.saying(page.level, grade, kind, form.said())
    told = None
    if place and person:
        ladder = ladders.of(grade, kind)
        told = board.timeline(ladder, kind, grade, place, person=person, moment=moment, reader=page.staff)
    return {"timeline": told, "play": play, "told_at": place}


def _grades(page: LaddersPage, current: Severity) -> list[dict[str, Any]]:
    return [
        {"label": grade.label, "url": page.url("ladders-of", grade), "count": None, "current": grade == current}
        for grade in Severity
    ]


def _severity(number: int) -> Severity:
    if number not in Severity.values:
        raise Http404
    return Severity(number)


def _kind(name: str) -> Kind:
    if name not in EDITABLE:
        raise Http404
    return Kind(name)
