"""What may be given, for the business; on or off, usual amount and receipt, for one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions.catalogue import remedies
from incidents.board.catalogue.lines import remedy_differences, remedy_lines
from incidents.forms.catalogue.remedies import RemedyHereForm, RemedyTypeForm
from incidents.models import RemedyType, RemedyTypeHere
from incidents.views.catalogue.page import Page, asked, by_version, form_page


@access.managers
@require_safe
def remedy_list(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    return page.show("remedy_list", lines=remedy_lines(page.place, page.places))


@access.administrators
@form_page
def remedy_new(request: access.StaffRequest) -> HttpResponse:
    page, form = Page(request), RemedyTypeForm(asked(request))

    def save() -> HttpResponse:
        row = remedies.add_remedy_type(by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Added: %(name)s.") % {"name": row.label}, "remedy-list")

    return page.submit("remedy", form, save)


@access.managers
@form_page
def remedy_change(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, remedy = Page(request), get_object_or_404(RemedyType, pk=pk)
    if page.place is not None:
        return _here(page, remedy)
    if request.method == "POST":
        page.must_change()
    form = RemedyTypeForm(asked(request), changed=remedy)

    def save() -> HttpResponse:
        data = form.cleaned_data
        row = remedies.change_remedy_type(
            type_id=pk, expected_version=data.pop("version"), by=page.staff, now=page.now, **data
        )
        return page.done(_("Saved: %(name)s.") % {"name": row.label}, "remedy-list")

    return page.submit("remedy", form, save, by_version, remedy=remedy)


def _here(page: Page, remedy: RemedyType) -> HttpResponse:
    place = page.must_be_a_place()
    own = RemedyTypeHere.objects.filter(type=remedy, location=place).first()
    form = RemedyHereForm(asked(page.request), type=remedy, own=own, currency=place.currency)

    def save() -> HttpResponse:
        data = form.cleaned_data
        remedies.save_remedy_here(
            type_id=remedy.pk,
            location=place,
            expected_version=data["version"],
            is_offered=data["is_offered"],
            needs_receipt=data["needs_receipt"],
            typical_amount=data["typical_amount"],
            by=page.staff,
            now=page.now,
        )
        return page.done(_("Saved for %(place)s.") % {"place": place}, "remedy-list")

    differs = remedy_differences(remedy, own, place.currency)
    return page.submit("remedy_here", form, save, by_version, remedy=remedy, differs=differs)


@access.managers
@require_POST
def remedy_default(request: access.StaffRequest, pk: int) -> HttpResponse:
    """Back to what the business says."""
    page, remedy = Page(request), get_object_or_404(RemedyType, pk=pk)
    place = page.must_be_a_place()
    own = RemedyTypeHere.objects.filter(type=remedy, location=place).first()
    remedies.save_remedy_here(
        type_id=pk,
        location=place,
        expected_version=own.version if own else 0,
        is_offered=None,
        needs_receipt=None,
        typical_amount=None,
        by=page.staff,
        now=page.now,
    )
    return page.done(_("%(name)s is the same as in the business again.") % {"name": remedy.label}, "remedy-list")


@access.administrators
@require_POST
def remedy_move(request: access.StaffRequest, pk: int, step: int) -> HttpResponse:
    page, remedy = Page(request), get_object_or_404(RemedyType, pk=pk)
    remedies.move_remedy_type(type_id=pk, step=step, by=page.staff, now=page.now)
    return page.done(_("Moved: %(name)s.") % {"name": remedy.label}, "remedy-list")


@access.administrators
@require_POST
def remedy_off(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, remedy = Page(request), get_object_or_404(RemedyType, pk=pk)
    remedies.turn_remedy_off(type_id=pk, by=page.staff, now=page.now)
    words = _("Off: %(name)s. What was given stays as it is.")
    return page.done(words % {"name": remedy.label}, "remedy-list")


@access.administrators
@require_POST
def remedy_on(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, remedy = Page(request), get_object_or_404(RemedyType, pk=pk)
    remedies.turn_remedy_on(type_id=pk, by=page.staff, now=page.now)
    return page.done(_("On: %(name)s.") % {"name": remedy.label}, "remedy-list")
