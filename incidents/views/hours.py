"""When the places are open: a week of hours, public holidays, closed days. Managers set up their own places."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions import hours as actions
from incidents.board.hours import days_of, place_hours, reckoning_of, week_of
from incidents.forms.holidays import OPEN, USUAL, ClosedDaysForm, DayForm, RegionForm
from incidents.forms.hours import WeekForm
from incidents.models.week_words import week_words
from incidents.views.catalogue.page import Page, asked, by_version, form_page


class PlacePage(Page):
    """A page of one place. 404 for one that is not theirs."""

    folder = "hours"

    def __init__(self, request: access.StaffRequest, pk: int, name: str = "hours-days") -> None:
        super().__init__(request)
        found = next((place for place in self.places if place.pk == pk), None)
        if found is None:
            raise Http404
        self.place = self.at = found
        self.name = name

    def url(self, name: str, *args: int | str) -> str:
        return reverse(name, args=[self.at.pk, *args])

    def tabs(self) -> list[dict[str, Any]]:
        """The same page of each place."""
        return [
            {
                "label": place.name,
                "url": reverse(self.name, args=[place.pk]),
                "current": place == self.place,
                "count": None,
            }
            for place in self.places
        ]

    def reckoning(self) -> Any:
        return reckoning_of(self.staff, self.place, self.now)


@access.managers
@require_safe
def hours_list(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    page.folder = "hours"
    return page.show("hours_list", lines=place_hours(page.places, page.now))


@access.managers
@form_page
def hours(request: access.StaffRequest, pk: int) -> HttpResponse:
    page = PlacePage(request, pk, "hours")
    week = week_of(page.at)
    if request.POST.keys() & {"add", "copy"}:
        return _still_typing(page, WeekForm(week=week, version=page.at.version, typed=request.POST))
    form = WeekForm(asked(request), week=week, version=page.at.version)

    def save() -> HttpResponse:
        version = form.cleaned_data["version"]
        actions.set_hours(
            location_id=page.at.pk, week=form.week(), expected_version=version, by=page.staff, now=page.now
        )
        return page.done(_("Opening hours saved."), "hours")

    return page.submit("hours", form, save, by_version, week=week_words(week), reckoning=page.reckoning())


def _still_typing(page: PlacePage, form: WeekForm) -> HttpResponse:
    """A row more, or Monday's rows on the other days; nothing is saved."""
    said = ""
    if "add" in page.request.POST:
        form.with_another(page.request.POST["add"])
    else:
        form.copy_monday()
        said = _("Tuesday to Friday are as Monday now. Look them over, then save.")
    if page.request.headers.get("HX-Request"):
        return page.show("_week", form=form, said=said)
    return page.show("hours", form=form, said=said, week=week_words(week_of(page.at)), reckoning=page.reckoning())


@access.managers
@require_safe
def days(request: access.StaffRequest, pk: int) -> HttpResponse:
    page = PlacePage(request, pk)
    chosen = request.GET.get("country")
    form = RegionForm(region=page.at.holiday_region, version=page.at.version, chosen=chosen)
    return page.show("days", **_shown(page) | {"region": form})


def _shown(page: PlacePage) -> dict[str, Any]:
    return {
        "region": RegionForm(region=page.at.holiday_region, version=page.at.version),
        "closed": ClosedDaysForm(today=page.now.astimezone(page.at.zone).date()),
        "days": days_of(page.at, page.now),
        "reckoning": page.reckoning(),
    }


@access.managers
@require_POST
def region(request: access.StaffRequest, pk: int) -> HttpResponse:
    page = PlacePage(request, pk)
    form = RegionForm(request.POST, region=page.at.holiday_region, version=page.at.version)

    def save() -> HttpResponse:
        version = form.cleaned_data["version"]
        actions.set_holiday_region(
            location_id=pk, region=form.region(), expected_version=version, by=page.staff, now=page.now
        )
        return page.done(_("Public holidays saved."), "hours-days")

    return page.submit("days", form, save, by_version, **_shown(page) | {"region": form})


@access.managers
@require_POST
def close(request: access.StaffRequest, pk: int) -> HttpResponse:
    """Own closed days, with a name and a range."""
    page = PlacePage(request, pk)
    form = ClosedDaysForm(request.POST, today=page.now.astimezone(page.at.zone).date())

    def save() -> HttpResponse:
        asked_for = form.cleaned_data
        actions.set_special_day(location_id=pk, **asked_for, is_open=False, by=page.staff, now=page.now)
        return page.done(_("Saved: closed, %(name)s.") % {"name": asked_for["name"]}, "hours-days")

    return page.submit("days", form, save, **_shown(page) | {"closed": form})


@access.managers
@require_POST
def day(request: access.StaffRequest, pk: int) -> HttpResponse:
    """One tap on a day, or on days in a row: closed, open as usual, or like any other again."""
    page, form = PlacePage(request, pk), DayForm(request.POST)

    def save() -> HttpResponse:
        data = form.cleaned_data
        named = {"location_id": pk, "date": data["date"], "until": data["until"], "by": page.staff, "now": page.now}
        if data["how"] == USUAL:
            actions.drop_special_day(**named)
        else:
            actions.set_special_day(**named, is_open=data["how"] == OPEN)
        return page.done(_("Saved."), "hours-days")

    return page.submit("days", form, save, **_shown(page))
