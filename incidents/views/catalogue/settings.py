"""Limits, playbooks and delays: one page each, saved as a whole."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions.catalogue import settings
from incidents.board.catalogue.settings import (
    Limits,
    books_of,
    currency_of,
    delay_lines,
    limit_words,
    limits_of,
    playbook_lines,
)
from incidents.forms.catalogue.settings import DelaysForm, LimitsForm, PlaybookForm, typed_limit
from incidents.models import Category, Location, Playbook, RemedyType
from incidents.models.playbook import types_here
from incidents.models.stamps import stamp_of_delays, stamp_of_limits, stamp_of_playbook
from incidents.views.catalogue.page import Page, asked, form_page


def _types(place: Location | None) -> list[RemedyType]:
    if place is None:
        return list(RemedyType.objects.filter(is_active=True).order_by("position", "id"))
    return [row for row in types_here(place.pk) if row.is_offered]


@access.managers
@form_page
def limits(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    if request.method == "POST":
        page.must_change()
    place, place_id = page.place, page.place.pk if page.place else None
    said = limits_of(place, _types(place))
    form = LimitsForm(
        asked(request),
        types=said.types,
        said=said.here if place else said.business,
        otherwise=lambda role, type_id: said.otherwise(role, type_id, here=place is not None),
        stamp=stamp_of_limits(place_id),
    )

    def save() -> HttpResponse:
        settings.save_limits(
            location=place, expected=form.cleaned_data["stamp"], cells=form.cells(), by=page.staff, now=page.now
        )
        return page.done(_("Limits saved."), "limits")

    def renew(_current: Any) -> tuple[str, object]:
        return "stamp", stamp_of_limits(place_id)

    currency = currency_of(place, page.places)
    shown = {
        "limits": said,
        "means": limit_words(said, currency),
        "currency": currency,
        "rows": _rows(form, said, place),
        "roles": [role.label for role in access.Role],
    }
    return page.submit("limits", form, save, renew, **shown)


def _rows(form: LimitsForm, said: Limits, place: Location | None) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The cells of each remedy; one that differs here says what counts elsewhere."""
    rows = []
    for type_, cells in form.rows():
        pk = type_.pk if type_ else None
        shown = []
        for role, field in cells:
            own, wider = said.here.get((role.value, pk)), said.elsewhere(role.value, pk)
            differs = place is not None and own is not None and own != wider
            told = _("elsewhere %(amount)s") % {"amount": typed_limit(wider) or _("no limit")} if differs else ""
            shown.append({"role": role.label, "field": field, "elsewhere": told})
        rows.append((type_, shown))
    return rows


@access.managers
@require_POST
def limits_default(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    settings.drop_limits(location=page.must_be_a_place(), by=page.staff, now=page.now)
    return page.done(_("The limits of the business count here again."), "limits")


@access.managers
@require_safe
def playbook_list(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    return page.show("playbook_list", lines=playbook_lines(page.place, page.places))


@access.managers
@form_page
def playbook_change(request: access.StaffRequest, pk: int) -> HttpResponse:
    """`pk` is the category's."""
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    if request.method == "POST":
        page.must_change()
    business, own = books_of(category, page.place)
    kept = own if page.place else business
    shows = kept or business
    form = PlaybookForm(
        asked(request),
        types=_types(page.place),
        book=shows,
        usual=list(shows.remedies.all()) if shows else [],
        stamp=stamp_of_playbook(kept),
    )

    def save() -> HttpResponse:
        settings.save_playbook(
            category_id=pk,
            location=page.place,
            expected=form.cleaned_data["stamp"],
            by=page.staff,
            now=page.now,
            **form.asked(),
        )
        return page.done(_("Playbook saved: %(name)s.") % {"name": category.label}, "playbook-list")

    def renew(current: Playbook | None) -> tuple[str, object]:
        return "stamp", stamp_of_playbook(current)

    currency = currency_of(page.place, page.places)
    shown = {"category": category, "business": business, "own": own, "currency": currency, "book": shows}
    return page.submit("playbook", form, save, renew, **shown)


@access.managers
@require_POST
def playbook_default(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    settings.drop_playbook(category_id=pk, location=page.must_be_a_place(), by=page.staff, now=page.now)
    return page.done(_("%(name)s is the same as in the business again.") % {"name": category.label}, "playbook-list")


@access.managers
@form_page
def delays(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    if request.method == "POST":
        page.must_change()
    place, place_id = page.place, page.place.pk if page.place else None
    lines = delay_lines(place)
    said = {line.outcome.value: line.own for line in lines if line.own is not None}
    form = DelaysForm(asked(request), said=said, stamp=stamp_of_delays(place_id))

    def save() -> HttpResponse:
        settings.save_delays(
            location=place, expected=form.cleaned_data["stamp"], minutes=form.minutes(), by=page.staff, now=page.now
        )
        return page.done(_("Delays saved."), "delays")

    def renew(_current: Any) -> tuple[str, object]:
        return "stamp", stamp_of_delays(place_id)

    pairs = [(line, hours, minutes) for line, (_name, hours, minutes) in zip(lines, form.pairs(), strict=True)]
    is_own = place is not None and bool(said)
    return page.submit("delays", form, save, renew, lines=lines, pairs=pairs, is_own=is_own)


@access.managers
@require_POST
def delays_default(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    settings.drop_delays(location=page.must_be_a_place(), by=page.staff, now=page.now)
    return page.done(_("The delays of the business count here again."), "delays")
