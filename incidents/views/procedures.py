"""How we do things: the list, one procedure with its versions, writing, reading, looking at it again."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.access import StaffRequest, can_write_procedure, desk, managers
from incidents.actions import procedures as acts
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.board import procedures as board
from incidents.forms.procedures import AboutForm, NewForm, WriteForm
from incidents.models import Procedure

form_page = require_http_methods(["GET", "HEAD", "POST"])
OK, UNFIT, TAKEN = HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT


@desk
@require_safe
def procedure_list(request: StaffRequest) -> HttpResponse:
    sent = {name: request.GET.get(name, "") for name in ("view", "place", "category", "after")}
    now = timezone.now()
    page = board.list_page(request.user, sent, now=now)
    kept = {
        "place": str(page.place.pk) if page.place else "",
        "category": str(page.category.pk) if page.category else "",
    }
    tabs = [
        {"label": label, "url": _address(view=view, **kept), "count": "", "current": view == page.view}
        for view, label in board.VIEWS.items()
    ]
    action = board.change_behind(request.user, request.GET.get("change", ""))
    kept |= {"change": str(action.pk) if action else ""}
    older = _address(view=page.view, after=page.older, **kept) if page.older else ""
    today = now.astimezone(request.user.zone).date()
    context = {"page": page, "action": action, "tabs": tabs, "older_url": older, "newer_url": "", "today": today}
    return render(request, "incidents/procedures/procedure_list.html", context)


def _address(**asked: str) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _procedure(request: StaffRequest, pk: int) -> Procedure:
    found: Procedure = get_object_or_404(board.procedures_of(request.user), pk=pk)
    return found


def _mine(request: StaffRequest, pk: int) -> Procedure:
    procedure = _procedure(request, pk)
    if not can_write_procedure(request.user, procedure):
        raise PermissionDenied
    return procedure


@desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, pk)


def _show(request: StaffRequest, pk: int, refused: Refused | None = None, status: HTTPStatus = OK) -> HttpResponse:
    now = timezone.now()
    page = board.procedure_page(request.user, _procedure(request, pk), now=now)
    context = {"page": page, "procedure": page.procedure, "refused": refused, "now": now}
    with timezone.override(page.procedure.zone):
        return render(request, "incidents/procedures/show.html", context, status=status)


@managers
@form_page
def new(request: StaffRequest) -> HttpResponse:
    staff = request.user
    sent = request.POST if request.method == "POST" else None
    action = board.change_behind(staff, request.GET.get("change", ""))
    form = NewForm(sent, places=board.places_of(staff), staff=staff, people=board.people_for(staff), action=action)
    if not form.is_bound:
        return _form(request, "new", form, action=action)
    if not form.is_valid():
        if "submit_key" in form.errors:
            form.renew("submit_key", uuid4())
        return _form(request, "new", form, UNFIT, action=action)
    data = form.cleaned_data
    try:
        procedure = acts.make_procedure(location=data.pop("place"), action=action, by=staff, now=timezone.now(), **data)
    except NotYours:
        raise
    except Refused as refused:
        form.add_error(None, str(refused.words))
        form.renew("submit_key", uuid4())
        return _form(request, "new", form, TAKEN, action=action)
    messages.success(request, _("It is written. Everybody it concerns is asked to read it."))
    return redirect(procedure)


def _form(request: StaffRequest, template: str, form: Any, status: HTTPStatus = OK, **shown: object) -> HttpResponse:
    return render(request, f"incidents/procedures/{template}.html", {"form": form, **shown}, status=status)


@desk
@form_page
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """The next version, perhaps (`?change=`) of a change that it carries out."""
    procedure = _mine(request, pk)
    action = board.change_behind(request.user, request.GET.get("change", ""))
    shown: dict[str, Any] = {"procedure": procedure, "action": action}
    if request.method != "POST":
        return _form(request, "write", WriteForm(initial=board.to_write(procedure, action)), **shown)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return _form(request, "write", form, UNFIT, **shown)
    data = form.cleaned_data
    expected = data.pop("version")
    try:
        acts.write_version(
            procedure_id=pk, expected_version=expected, action=action, by=request.user, now=timezone.now(), **data
        )
    except NotYours:
        raise
    except Stale as stale:
        form.renew("version", stale.current.version)
        return _form(request, "write", form, TAKEN, stale=stale, newest=procedure.versions.first(), **shown)
    except Refused as refused:
        form.add_error(None, str(refused.words))
        return _form(request, "write", form, TAKEN, **shown)
    messages.success(request, _("Saved. Everybody it concerns is asked to read it."))
    return redirect(procedure)


@managers
@form_page
def about(request: StaffRequest, pk: int) -> HttpResponse:
    procedure = _mine(request, pk)
    people = board.people_for(request.user, procedure)
    form = AboutForm(request.POST if request.method == "POST" else None, people=people, changed=procedure)
    if not form.is_bound:
        return _form(request, "about", form, procedure=procedure)
    if not form.is_valid():
        return _form(request, "about", form, UNFIT, procedure=procedure)
    data = form.cleaned_data
    expected = data.pop("version")
    try:
        acts.change_about(procedure_id=pk, expected_version=expected, by=request.user, now=timezone.now(), **data)
    except Stale as stale:
        form.renew("version", stale.current.version)
        return _form(request, "about", form, TAKEN, procedure=procedure, stale=stale, newest=stale.current)
    messages.success(request, _("Saved."))
    return redirect(procedure)


@desk
@require_POST
def read(request: StaffRequest, pk: int) -> HttpResponse:
    """The version that they had before them."""
    sent = request.POST.get("number", "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= board.MOST_DIGITS):
        raise Http404
    try:
        acts.say_read(procedure_id=_procedure(request, pk).pk, number=int(sent), by=request.user, now=timezone.now())
    except Stale as stale:
        return _show(request, pk, stale, TAKEN)
    messages.success(request, _("Noted: you have read it."))
    return redirect("procedure-show", pk=pk)


@desk
@require_POST
def still_true(request: StaffRequest, pk: int) -> HttpResponse:
    procedure = acts.say_still_true(procedure_id=_mine(request, pk).pk, by=request.user, now=timezone.now())
    words = _("Still true. You are asked again in %(days)s days.") % {"days": procedure.review_every_days}
    messages.success(request, words)
    return redirect(procedure)


@managers
@require_POST
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    procedure = acts.retire(procedure_id=_mine(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("No longer in use. What was missed of it stays."))
    return redirect(procedure)


@managers
@require_POST
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    procedure = acts.bring_back(procedure_id=_mine(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("Back in use."))
    return redirect(procedure)


@desk
@require_safe
def version(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A version beside the one before it: in one text, or (`?side=1`) side by side."""
    procedure = _procedure(request, pk)
    found = board.comparison(procedure, number, request.GET.get("against", ""))
    if found is None:
        raise Http404
    context = {"procedure": procedure, "found": found, "is_beside": request.GET.get("side", "") == "1"}
    with timezone.override(procedure.zone):
        return render(request, "incidents/procedures/version.html", context)
