"""Saved views: the page where people choose theirs, and keeping what the list shows under a name."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents.access import StaffRequest, can_change_view, desk
from incidents.actions import views as saving
from incidents.actions.refusals import Refused, Stale
from incidents.board import options_for
from incidents.board import views as board
from incidents.board.tabs import VIEWS
from incidents.forms.manage import FilterForm
from incidents.forms.saved import ChangeForm, ChoiceForm, SaveForm
from incidents.models import SavedView
from incidents.models.chosen import Options, chosen_from, stored_query
from incidents.views.log import form_page

ANSWERS = {"yes": True, "no": False}
WAYS = {"up": True, "down": False}
# What of the board's address says how it looks.
LOOKS = {"board": "", "table": "&as=table"}


@desk
@require_safe
def view_list(request: StaffRequest) -> HttpResponse:
    offers, page = options_for(request.user), board.view_page(request.user)
    context = {
        "on_bar": [(row, words_of(row.view.query, offers)) for row in page.on_bar],
        "others": [(row, words_of(row.view.query, offers)) for row in page.others],
    }
    return render(request, "incidents/views/view_list.html", context)


@desk
@form_page
def new(request: StaffRequest) -> HttpResponse:
    """The filters come in the address; sent, they are kept."""
    offers = options_for(request.user)
    changeable = board.changeable(request.user)
    if request.method != "POST":
        query = stored_query(chosen_from(request.META["QUERY_STRING"], request.user, offers))
        form = SaveForm(query=query, changeable=changeable)
        return _new(request, form, offers, query, has_words=bool(request.GET.get("q", "").strip()))
    form = SaveForm(request.POST, changeable=changeable)
    query = stored_query(chosen_from(request.POST.get("query", ""), request.user, offers))
    if not form.is_valid():
        return _new(request, form, offers, query, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        view = _save(request, form.cleaned_data, query)
    except Refused as refused:
        form.add_error(None, str(refused.words))
        return _new(request, form, offers, query, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.label})
    return redirect(_address(view.query, request.GET.get("as", "")))


def _save(request: StaffRequest, asked: dict[str, Any], query: str) -> SavedView:
    by, now = request.user, timezone.now()
    known: SavedView | None = asked.get("instead_of")
    if known:
        return saving.change_view(
            view_id=known.pk,
            name=known.name,
            is_shared=known.is_shared,
            query=query,
            expected_version=known.version,
            by=by,
            now=now,
        )
    key, name, is_shared = asked["submit_key"], asked["name"], asked["is_shared"]
    return saving.save_view(name=name, query=query, is_shared=is_shared, submit_key=key, by=by, now=now)


def _new(
    request: StaffRequest,
    form: SaveForm,
    offers: Options,
    query: str,
    *,
    has_words: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    back = _address(query, request.GET.get("as", ""))
    context = {"form": form, "asks": words_of(query, offers), "has_words": has_words, "list_url": back}
    return render(request, "incidents/views/new.html", context, status=status)


@desk
@form_page
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """What I do with it."""
    row = board.row_of(request.user, board.find_view(request.user, pk))
    posted = request.POST if request.method == "POST" else None
    form = ChoiceForm(posted, initial={"is_pinned": row.is_pinned, **(_kept(row) if row.choice else {})})
    status = HTTPStatus.OK
    if posted is not None and form.is_valid():
        try:
            saving.choose(view_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused.words))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Saved."))
            return redirect("view-list")
    elif posted is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    asks = words_of(row.view.query, options_for(request.user))
    context = {"form": form, "row": row, "view": row.view, "asks": asks, "list_url": _list_of(row.view)}
    return render(request, "incidents/views/show.html", context, status=status)


def _kept(row: board.Row) -> dict[str, Any]:
    return {name: getattr(row.choice, name) for name in ("is_pinned", "is_default", "tell_above", "mails_at")}


@desk
@form_page
def change(request: StaffRequest, pk: int) -> HttpResponse:
    view = _changed_by(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ChangeForm(posted, view=view)
    context: dict[str, Any] = {"form": form, "view": view, "used_by": board.others_use(request.user, view)}
    if posted is None:
        return render(request, "incidents/views/change.html", context)
    if not form.is_valid():
        return render(request, "incidents/views/change.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asked = form.cleaned_data
    try:
        saving.change_view(
            view_id=pk,
            name=asked["name"],
            is_shared=asked["is_shared"],
            expected_version=asked["version"],
            by=request.user,
            now=timezone.now(),
        )
    except Stale as stale:
        form = ChangeForm(posted, view=stale.current)
        form.full_clean()
        form.take_version()
        context |= {"form": form, "stale": stale.words, "both": form.both_versions()}
        return render(request, "incidents/views/change.html", context, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved."))
    return redirect("view-list")


@desk
@require_POST
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    view = _changed_by(request, pk)
    saving.delete_view(view_id=view.pk, by=request.user, now=timezone.now())
    messages.success(request, _("“%(name)s” is gone.") % {"name": view.label})
    return redirect("view-list")


@desk
@require_POST
def pin(request: StaffRequest, pk: int) -> HttpResponse:
    view, answer = board.find_view(request.user, pk), request.POST.get("is_pinned")
    if answer not in ANSWERS:
        return HttpResponse(_("Say whether it goes on the bar."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    saving.pin(view_id=view.pk, is_pinned=ANSWERS[answer], by=request.user, now=timezone.now())
    return redirect("view-list")


@desk
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    view, way = board.find_view(request.user, pk), request.POST.get("way")
    if way not in WAYS:
        return HttpResponse(_("Say up or down."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    saving.move(view_id=view.pk, is_up=WAYS[way], by=request.user, now=timezone.now())
    return redirect("view-list")


def _changed_by(request: StaffRequest, pk: int) -> SavedView:
    view = board.find_view(request.user, pk)
    if not can_change_view(request.user, view):
        raise PermissionDenied
    return view


def words_of(query: str, offers: Options) -> list[str]:
    """What a view asks for, as its chips say it."""
    form = FilterForm(QueryDict(query), offers=offers, views=tuple(VIEWS))
    said = [chip["label"] for chip in form.chips()]
    return said if form.view == form.views[0] else [str(VIEWS[form.view]), *said]


def _list_of(view: SavedView) -> str:
    return _address(view.query)


def _address(query: str, look: str = "") -> str:
    """The list; the board or its table for whoever came from there."""
    page = reverse("board" if look in LOOKS else "incident-list")
    return f"{page}?{query or 'view=all'}{LOOKS.get(look, '')}"
