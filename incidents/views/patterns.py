"""Patterns: what happens more often, what is looked into, and what becomes of it. For managers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from incidents.access import StaffRequest, managers
from incidents.actions import patterns as acts
from incidents.actions.refusals import Refused, Stale
from incidents.board import patterns as board
from incidents.forms.patterns import BeginForm, LookForm, NoteForm
from incidents.models import Pattern, PatternKind
from incidents.views.log import form_page


@managers
@require_safe
def pattern_list(request: StaffRequest) -> HttpResponse:
    place, days = request.GET.get("place", ""), request.GET.get("days", "")
    page = board.overview(request.user, now=timezone.now(), place=place, days=days)
    return render(request, "incidents/patterns/pattern_list.html", {"page": page})


@managers
@require_safe
def pattern_done(request: StaffRequest) -> HttpResponse:
    """What was looked into."""
    return render(request, "incidents/patterns/done.html", {"patterns": board.closed_patterns(request.user)})


@managers
@form_page
def look(request: StaffRequest) -> HttpResponse:
    """What shares something, and the button that begins to look into it."""
    form = LookForm(request.POST if request.method == "POST" else request.GET, staff=request.user)
    begin = BeginForm(request.POST) if request.method == "POST" else BeginForm()
    if not form.is_valid():
        if request.method == "POST":
            return _look(request, form, begin, HTTPStatus.UNPROCESSABLE_ENTITY)
        if form.errors.keys() - {"place"}:
            raise Http404
        return _look(request, form, begin)
    if request.method != "POST" or not begin.is_valid():
        return _look(request, form, begin, HTTPStatus.UNPROCESSABLE_ENTITY if begin.is_bound else HTTPStatus.OK)
    asked = form.cleaned_data
    try:
        pattern = acts.open_pattern(
            kind=PatternKind(asked["kind"]),
            value=asked["value"],
            location=asked["place"],
            days=asked["days"],
            by=request.user,
            now=timezone.now(),
            **begin.cleaned_data,
        )
    except Refused as refused:
        return _look(request, form, begin, HTTPStatus.CONFLICT, refused)
    messages.success(request, _("You look into it. Write down what you find out."))
    return redirect(pattern)


def _look(
    request: StaffRequest,
    form: LookForm,
    begin: BeginForm,
    status: HTTPStatus = HTTPStatus.OK,
    refused: Refused | None = None,
) -> HttpResponse:
    found = board.to_look_into(request.user, form.cleaned_data, now=timezone.now())
    context = {"found": found, "look": form, "form": begin, "refused": refused}
    return render(request, "incidents/patterns/look.html", context, status=status)


def _pattern(request: StaffRequest, pk: int) -> Pattern:
    found: Pattern = get_object_or_404(board.patterns_of(request.user), pk=pk)
    return found


@managers
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, _pattern(request, pk))


def _show(
    request: StaffRequest,
    pattern: Pattern,
    form: NoteForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    refused: Refused | None = None,
) -> HttpResponse:
    sent = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = board.pattern_page(request.user, pattern, now=timezone.now(), **sent)
    form = form or NoteForm(initial={"note": pattern.note, "version": pattern.version})
    context: dict[str, Any] = {"page": page, "pattern": pattern, "form": form, "refused": refused}
    return render(request, "incidents/patterns/show.html", context, status=status)


@managers
@require_POST
def note(request: StaffRequest, pk: int) -> HttpResponse:
    pattern, form = _pattern(request, pk), NoteForm(request.POST)
    if not board.can_read_note(pattern):
        raise PermissionDenied
    if not form.is_valid():
        return _show(request, pattern, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.cleaned_data
    try:
        acts.note_pattern(
            pattern_id=pk, note=sent["note"], expected_version=sent["version"], by=request.user, now=timezone.now()
        )
    except Stale as refused:
        form.renew("version", refused.current.version)
        return _show(request, _pattern(request, pk), form, HTTPStatus.CONFLICT, refused)
    messages.success(request, _("Written down."))
    return redirect(pattern)


@managers
@require_POST
def link(request: StaffRequest, pk: int) -> HttpResponse:
    """What fits belongs to it too."""
    pattern = _pattern(request, pk)
    fitting = board.fitting(request.user, pattern)
    number = acts.link_incidents(pattern_id=pk, incidents=fitting, by=request.user, now=timezone.now())
    said = ngettext("%(n)d more belongs to it.", "%(n)d more belong to it.", number) % {"n": number}
    messages.success(request, said if number else _("Nothing more fits."))
    return redirect(pattern)


@managers
@require_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    acts.close_pattern(pattern_id=_pattern(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("Done. It stays among what was looked into."))
    return redirect("pattern-list")


@managers
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    pattern = _pattern(request, pk)
    acts.reopen_pattern(pattern_id=pattern.pk, by=request.user, now=timezone.now())
    return redirect(pattern)
