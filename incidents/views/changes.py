"""What we change: the list, one change, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from incidents.access import StaffRequest, desk, managers
from incidents.actions import prevention
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.board import changes as board
from incidents.forms import changes as asking
from incidents.models import CheckVerdict, PreventionAction

FORMS: dict[str, type[asking.ChangeForm]] = {
    "commit": asking.CommitForm,
    "move": asking.MoveForm,
    "finish": asking.FinishForm,
    "drop": asking.DropForm,
}


@desk
@require_safe
def change_list(request: StaffRequest) -> HttpResponse:
    sent = {name: request.GET.get(name, "") for name in ("view", "place", "who", "after", "before")}
    page = board.list_page(request.user, **sent)
    chosen = {"place": str(page.place.pk) if page.place else "", "who": str(page.who.pk) if page.who else ""}
    tabs = [
        {
            "label": label,
            "url": _address(view=view, **chosen),
            "count": page.counts.get(view, ""),
            "current": view == page.view,
        }
        for view, label in board.VIEWS.items()
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "now": timezone.now(),
        "newer_url": _address(view=page.view, **chosen, before=page.newer) if page.newer else "",
        "older_url": _address(view=page.view, **chosen, after=page.older) if page.older else "",
    }
    return render(request, "incidents/changes/change_list.html", context)


def _address(**asked: str) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def _page(request: StaffRequest, pk: int) -> board.ChangePage:
    action: PreventionAction = get_object_or_404(board.changes_of(request.user), pk=pk)
    return board.change_page(request.user, action, now=timezone.now())


@desk
@require_safe
def show(request: StaffRequest, pk: int) -> HttpResponse:
    return _show(request, _page(request, pk))


class _Forms(dict[str, Any]):
    """Each form of the page, made when it is first shown."""

    def __init__(self, page: board.ChangePage) -> None:
        super().__init__()
        self.page = page

    def __missing__(self, name: str) -> Any:
        self[name] = made = _form(self.page, name)
        return made


def _form(page: board.ChangePage, name: str, data: Any = None) -> Any:
    if name == "customers":
        told: dict[str, Any] = {"told": page.to_tell, "staff": page.staff, "now": page.now}
        return asking.CustomersForm(data, action=page.action, people=page.people, name=name, **told)
    people = page.people if name in ("commit", "move") else ()
    return FORMS[name](data, action=page.action, people=people, name=name)


def _show(
    request: StaffRequest,
    page: board.ChangePage,
    bound: Any = None,
    *,
    name: str = "",
    refused: Refused | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    forms = _Forms(page)
    if bound is not None:
        forms[name] = bound
    context = {
        "page": page,
        "action": page.action,
        "now": page.now,
        "forms": forms,
        "form": bound if bound is not None and bound.errors else None,
        "opened": name,
        "refused": refused,
    }
    with timezone.override(page.action.location.zone):
        return render(request, "incidents/changes/show.html", context, status=status)


def _submit(
    request: StaffRequest, page: board.ChangePage, name: str, act: Callable[..., Any], said: Callable[[Any], str]
) -> HttpResponse:
    """Do it with what the form asked; or the page again, saying why not, with what was typed."""
    form = _form(page, name, request.POST)
    if not form.is_valid():
        return _show(request, page, form, name=name, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = act(action_id=page.action.pk, by=request.user, now=page.now, **_facts(form))
    except NotYours:
        raise
    except Refused as refused:
        if isinstance(refused, Stale) and isinstance(form, asking.VersionedForm):
            form.catch_up(refused.current)
        newer = _page(request, page.action.pk)
        return _show(request, newer, form, name=name, refused=refused, status=HTTPStatus.CONFLICT)
    messages.success(request, said(done))
    return redirect(page.action)


def _facts(form: Any) -> dict[str, Any]:
    facts = dict(form.cleaned_data)
    if "incidents" in facts:
        facts["incident_ids"] = facts.pop("incidents")
    return facts


def _theirs(request: StaffRequest, pk: int) -> board.ChangePage:
    """Of whoever does it, or manages it."""
    page = _page(request, pk)
    if not page.may_do:
        raise PermissionDenied
    return page


def _managed(request: StaffRequest, pk: int) -> board.ChangePage:
    page = _page(request, pk)
    if not page.manages:
        raise PermissionDenied
    return page


@managers
@require_POST
def commit(request: StaffRequest, pk: int) -> HttpResponse:
    """Of an idea."""
    return _submit(request, _managed(request, pk), "commit", prevention.commit_idea, lambda done: _("Agreed."))


@desk
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    return _submit(request, _theirs(request, pk), "move", prevention.move_due, lambda done: _("Agreed anew."))


@desk
@require_POST
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    def said(done: PreventionAction) -> str:
        return _("Done. In 90 days we look whether it came back.")

    return _submit(request, _theirs(request, pk), "finish", prevention.finish, said)


@desk
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    page = _page(request, pk)
    if not page.may_drop:
        raise PermissionDenied
    return _submit(request, page, "drop", prevention.drop, lambda done: _("Dropped. The reason stays with it."))


@desk
@require_POST
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Count at once whether it came back."""
    page = _theirs(request, pk)
    try:
        counted = prevention.check_now(action_id=pk, by=request.user, now=page.now)
    except NotYours:
        raise
    except Refused as refused:
        return _show(request, page, refused=refused, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Counted: %(verdict)s.") % {"verdict": CheckVerdict(counted.verdict).label})
    return redirect(page.action)


@managers
@require_POST
def tell(request: StaffRequest, pk: int) -> HttpResponse:
    """Another place hears of it, or is left out for a reason."""
    page = _managed(request, pk)
    form = asking.TellPlaceForm(request.POST, places=board.other_places(page.action))
    if not form.is_valid():
        return _show(request, page, form, name="tell", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.cleaned_data
    where: dict[str, Any] = {"action_id": pk, "location": sent["location"], "by": request.user, "now": page.now}
    try:
        if sent["decide"] == "skip":
            prevention.skip_place(reason=sent["reason"], **where)
            messages.success(request, _("Noted why it is nothing for %(place)s.") % {"place": sent["location"]})
        else:
            prevention.tell_place(**where)
            messages.success(request, _("%(place)s has been told.") % {"place": sent["location"]})
    except NotYours:
        raise
    except Refused as refused:
        return _show(request, _page(request, pk), form, name="tell", refused=refused, status=HTTPStatus.CONFLICT)
    return redirect(page.action)


@managers
@require_POST
def customers(request: StaffRequest, pk: int) -> HttpResponse:
    """What we changed because of you: a promise for each of them."""

    def said(made: list[Any]) -> str:
        return ngettext("%(n)d call is promised.", "%(n)d calls are promised.", len(made)) % {"n": len(made)}

    page = _managed(request, pk)
    form = _form(page, "customers", request.POST)
    form.full_clean()
    if (key := form.cleaned_data.get("submit_key")) and page.was_sent(key):
        return redirect(page.action)
    return _submit(request, page, "customers", prevention.tell_customers, said)
