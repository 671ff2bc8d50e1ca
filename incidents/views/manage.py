"""The first page and the list of recoveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents import access, board
from incidents.board import views as saved
from incidents.board.register import is_new_installation
from incidents.board.tabs import CLOSED, VIEWS
from incidents.forms.manage import FilterForm
from incidents.models.chosen import stored_query
from incidents.models.looking import looked_up
from incidents.views import needs

if TYPE_CHECKING:
    from incidents.access import StaffRequest


def home(request: HttpRequest) -> HttpResponseBase:
    """The first page; in an installation without anybody, the page that starts a business."""
    if not request.user.is_authenticated and is_new_installation():
        return redirect("start")
    return _home(request)


@access.desk
@require_safe
def _home(request: StaffRequest) -> HttpResponse:
    if request.user.is_manager:
        return needs.first_page(request)
    now = timezone.now()
    context: dict[str, Any] = {"now": now, "shown": board.SHOWN, "home": board.desk_home(request.user, now)}
    return render(request, "incidents/manage/home_desk.html", context)


@access.desk
@require_safe
def incident_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    offers = board.options_for(request.user)
    if not request.GET and (first := saved.first_address(offers)):
        return redirect(f"{request.path}{first}")
    form = FilterForm(request.GET, offers=offers, views=tuple(VIEWS))
    chosen = looked_up(request.user, board.Filters(**form.chosen()), now)  # once, for rows and numbers
    page = board.page_of(
        request.user, chosen, now=now, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    tabs = saved.tab_bar(request.user, chosen, offers, now=now, address=form.address, known=page.number)
    context = {
        "form": form,
        "now": now,
        "cards": page.cards,
        "chips": form.chips(),
        "tabs": tabs,
        "save_query": "" if saved.is_kept(tabs) else stored_query(chosen),
        "is_closed": chosen.view == CLOSED,
        "newer_url": form.address(before=page.newer) if page.newer else "",
        "older_url": form.address(after=page.older) if page.older else "",
        "first_url": form.address(),
        "plain_url": form.address(**dict.fromkeys(form.values())),
        "is_beyond": not page.cards and bool(request.GET.get("after") or request.GET.get("before")),
    }
    return render(request, "incidents/manage/incident_list.html", context)
