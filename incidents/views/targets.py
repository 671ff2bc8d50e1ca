"""How long each step may take, by severity: for the business, and how a place differs."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions import targets as actions
from incidents.board import targets as board
from incidents.board.hours import reckoning_of
from incidents.calendars import Calendar
from incidents.forms.targets import TargetsForm
from incidents.models.hours import Targets, calendar_of, targets_of
from incidents.views.catalogue.page import Page, asked, form_page
from incidents.vocabulary import Clock, Severity


class TargetsPage(Page):
    folder = "targets"

    def __init__(self, request: access.StaffRequest) -> None:
        super().__init__(request)
        self.place_id = self.place.pk if self.place else None
        self.level = board.level_of(self.place)
        self.targets: Targets = targets_of(self.place_id)

        self.told_at = self.place or next(iter(self.places), None)

    @cached_property
    def calendar(self) -> tuple[Calendar, dt.tzinfo] | None:
        """Of the place; for the business, that of the first one."""
        return (calendar_of(self.told_at), self.told_at.zone) if self.told_at else None


@access.managers
@require_safe
def targets(request: access.StaffRequest) -> HttpResponse:
    page = TargetsPage(request)
    named = {} if page.place else board.places_that_differ(page.places)
    rows = [
        board.severity_targets(page.targets, grade, page.place, page.calendar, page.now, places=named.get(grade, ()))
        for grade in Severity
    ]
    reckoning = reckoning_of(page.staff, page.place, page.now)
    return page.show("targets", rows=rows, told_at=page.told_at, reckoning=reckoning)


@access.managers
@form_page
def change(request: access.StaffRequest, severity: int) -> HttpResponse:
    page, grade = TargetsPage(request), _severity(severity)
    if request.method == "POST":
        page.must_change()
    form = TargetsForm(asked(request), targets=page.targets, severity=severity, level=page.level)
    if "preview" in request.GET and request.headers.get("HX-Request"):
        return page.show("_preview", row=_row(page, grade, form), told_at=page.told_at)

    def save() -> HttpResponse:
        said = form.said()
        if "preview" in request.GET:
            return _change_page(page, grade, form)
        actions.set_targets(
            location_id=page.place_id,
            severity=severity,
            targets={Clock(name): each[0] for name, each in said.items() if name != Clock.FOLLOW_UP},
            follow_ups=said.get(Clock.FOLLOW_UP.value, ()),
            expected_version=form.cleaned_data["version"],
            by=page.staff,
            now=page.now,
        )
        return page.done(_("Targets saved: %(severity)s.") % {"severity": grade.label}, "targets")

    def renew(current: Targets) -> tuple[str, object]:
        return "version", current.version(severity, page.level)

    return page.submit("change", form, save, renew, **_shown(page, grade, form))


def _change_page(page: TargetsPage, grade: Severity, form: TargetsForm) -> HttpResponse:
    return page.show("change", form=form, **_shown(page, grade, form))


def _row(page: TargetsPage, grade: Severity, form: TargetsForm | None) -> board.SeverityTargets:
    """As it is saved, with the preview of what is typed."""
    typed = page.targets.saying(page.level, grade, form.said()) if form and form.is_bound and form.is_valid() else None
    return board.severity_targets(page.targets, grade, page.place, page.calendar, page.now, typed=typed)


def _shown(page: TargetsPage, grade: Severity, form: TargetsForm) -> dict[str, Any]:
    row = _row(page, grade, form)
    lines = {line.clock.value: line for line in row.lines}
    return {
        "row": row,
        "clocks": [(fields, lines.get(fields.name)) for fields in form.rows()],
        "told_at": page.told_at,
        "preview_url": page.url("targets-change", grade) + ("&" if page.place else "?") + "preview=1",
    }


@access.managers
@require_POST
def default(request: access.StaffRequest, severity: int) -> HttpResponse:
    page, grade = TargetsPage(request), _severity(severity)
    page.must_change()
    actions.back_to_default(location_id=page.place_id, severity=severity, by=page.staff, now=page.now)
    return page.done(_("%(severity)s: back to the default.") % {"severity": grade.label}, "targets")


def _severity(number: int) -> Severity:
    if number not in Severity.values:
        raise Http404
    return Severity(number)
