"""What a kind of mistake asks: for the business only, so that every place can be compared."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incidents import access
from incidents.actions.catalogue import fields
from incidents.forms.catalogue.categories import QuestionForm
from incidents.models import Category, CategoryField
from incidents.views.catalogue.page import Page, asked, form_page


@access.administrators
@form_page
def category_field(request: access.StaffRequest, pk: int) -> HttpResponse:
    """Add one."""
    page, category = Page(request), get_object_or_404(Category, pk=pk)
    form = QuestionForm(asked(request), category=category)

    def save() -> HttpResponse:
        row = fields.add_field(category_id=pk, by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Added: %(name)s.") % {"name": row.label}, "category-change", pk)

    return page.submit("question", form, save, category=category)


def _question(pk: int) -> CategoryField:
    return get_object_or_404(CategoryField.objects.select_related("category", "minuend", "subtrahend"), pk=pk)


@access.administrators
@form_page
def question_change(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, question = Page(request), _question(pk)
    form = QuestionForm(asked(request), category=question.category, changed=question)

    def save() -> HttpResponse:
        row = fields.change_field(field_id=pk, by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Saved: %(name)s.") % {"name": row.label}, "category-change", row.category_id)

    return page.submit("question", form, save, category=question.category, question=question)


@access.administrators
@require_POST
def question_move(request: access.StaffRequest, pk: int, step: int) -> HttpResponse:
    page, question = Page(request), _question(pk)
    fields.move_field(field_id=pk, step=step, by=page.staff, now=page.now)
    return page.done(_("Moved: %(name)s.") % {"name": question.label}, "category-change", question.category_id)


@access.administrators
@require_POST
def question_retire(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, question = Page(request), _question(pk)
    fields.retire_field(field_id=pk, by=page.staff, now=page.now)
    words = _("Asked no more: %(name)s. Answers to it stay.")
    return page.done(words % {"name": question.label}, "category-change", question.category_id)


@access.administrators
@require_POST
def question_restore(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, question = Page(request), _question(pk)
    fields.restore_field(field_id=pk, by=page.staff, now=page.now)
    return page.done(_("Asked again: %(name)s.") % {"name": question.label}, "category-change", question.category_id)
