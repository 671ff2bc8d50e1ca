"""Kinds of mistakes, for the business; offered and how bad, for one place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions.catalogue import categories
from incidents.board.catalogue.lines import category_differences, category_lines, questions_of
from incidents.forms.catalogue.categories import CategoryForm, CategoryHereForm
from incidents.models import Category, CategoryHere
from incidents.views.catalogue.page import Page, asked, by_version, form_page


@access.managers
@require_safe
def category_list(request: access.StaffRequest) -> HttpResponse:
    page = Page(request)
    return page.show("category_list", lines=category_lines(page.place, page.places))


@access.administrators
@form_page
def category_new(request: access.StaffRequest) -> HttpResponse:
    page, form = Page(request), CategoryForm(asked(request))

    def save() -> HttpResponse:
        row = categories.add_category(by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Added: %(name)s.") % {"name": row.label}, "category-change", row.pk)

    return page.submit("category", form, save)


@access.managers
@form_page
def category_change(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    if page.place is not None:
        return _here(page, category)
    if request.method == "POST":
        page.must_change()
    form = CategoryForm(asked(request), changed=category)

    def save() -> HttpResponse:
        data = form.cleaned_data
        row = categories.change_category(
            category_id=pk, expected_version=data.pop("version"), by=page.staff, now=page.now, **data
        )
        return page.done(_("Saved: %(name)s.") % {"name": row.label}, "category-change", pk)

    questions, retired = questions_of(category)
    return page.submit("category", form, save, by_version, category=category, questions=questions, retired=retired)


def _here(page: Page, category: Category) -> HttpResponse:
    place = page.must_be_a_place()
    own = CategoryHere.objects.filter(category=category, location=place).first()
    form = CategoryHereForm(asked(page.request), category=category, own=own)

    def save() -> HttpResponse:
        data = form.cleaned_data
        categories.save_category_here(
            category_id=category.pk,
            location=place,
            expected_version=data["version"],
            is_offered=data["is_offered"],
            severity=data["severity"],
            by=page.staff,
            now=page.now,
        )
        return page.done(_("Saved for %(place)s.") % {"place": place}, "category-list")

    questions, _retired = questions_of(category)
    differs = category_differences(category, own)
    return page.submit("category_here", form, save, by_version, category=category, questions=questions, differs=differs)


@access.managers
@require_POST
def category_default(request: access.StaffRequest, pk: int) -> HttpResponse:
    """Back to what the business says."""
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    place = page.must_be_a_place()
    own = CategoryHere.objects.filter(category=category, location=place).first()
    categories.save_category_here(
        category_id=pk,
        location=place,
        expected_version=own.version if own else 0,
        is_offered=None,
        severity=None,
        by=page.staff,
        now=page.now,
    )
    return page.done(_("%(name)s is the same as in the business again.") % {"name": category.label}, "category-list")


@access.administrators
@require_POST
def category_move(request: access.StaffRequest, pk: int, step: int) -> HttpResponse:
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    categories.move_category(category_id=pk, step=step, by=page.staff, now=page.now)
    return page.done(_("Moved: %(name)s.") % {"name": category.label}, "category-list")


@access.administrators
@require_POST
def category_retire(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    categories.retire_category(category_id=pk, by=page.staff, now=page.now)
    words = _("Retired: %(name)s. What was logged under it stays as it is.")
    return page.done(words % {"name": category.label}, "category-list")


@access.administrators
@require_POST
def category_restore(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    categories.restore_category(category_id=pk, by=page.staff, now=page.now)
    return page.done(_("Back in use: %(name)s.") % {"name": category.label}, "category-list")
