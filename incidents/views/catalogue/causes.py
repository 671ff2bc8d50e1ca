"""Why mistakes happen: the list that people choose from, for the whole business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from incidents import access
from incidents.actions.catalogue import causes
from incidents.board.catalogue.causes import cause_lines
from incidents.forms.catalogue.causes import CauseForm
from incidents.models import RootCause
from incidents.views.catalogue.page import Page, asked, form_page


@access.managers
@require_safe
def cause_list(request: access.StaffRequest) -> HttpResponse:
    return Page(request).show("cause_list", lines=cause_lines(request.user))


@access.administrators
@form_page
def cause_new(request: access.StaffRequest) -> HttpResponse:
    page, form = Page(request), CauseForm(asked(request))

    def save() -> HttpResponse:
        row = causes.add_cause(by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Added: %(name)s.") % {"name": row.label}, "cause-list")

    return page.submit("cause", form, save)


@access.administrators
@form_page
def cause_change(request: access.StaffRequest, pk: int) -> HttpResponse:
    page, cause = Page(request), get_object_or_404(RootCause, pk=pk)
    form = CauseForm(asked(request), changed=cause)

    def save() -> HttpResponse:
        row = causes.rename_cause(cause_id=pk, by=page.staff, now=page.now, **form.cleaned_data)
        return page.done(_("Saved: %(name)s.") % {"name": row.label}, "cause-list")

    return page.submit("cause", form, save, lambda current: ("was", current.label), cause=cause)


def _act(act: Callable[..., RootCause], said: LazyText, **fields: Any) -> access.View:
    @access.administrators
    @require_POST
    def view(request: access.StaffRequest, pk: int) -> HttpResponse:
        page, cause = Page(request), get_object_or_404(RootCause, pk=pk)
        act(cause_id=cause.pk, by=page.staff, now=page.now, **fields)
        return page.done(str(said) % {"name": cause.label}, "cause-list")

    return view


_MOVED = gettext_lazy("Moved: %(name)s.")
cause_up = _act(causes.move_cause, _MOVED, step=-1)
cause_down = _act(causes.move_cause, _MOVED, step=1)
cause_retire = _act(causes.retire_cause, gettext_lazy("Retired: %(name)s. Mistakes that name it keep it."))
cause_restore = _act(causes.restore_cause, gettext_lazy("Back in use: %(name)s."))
