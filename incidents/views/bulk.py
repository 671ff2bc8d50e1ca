"""Many recoveries at once: all of a filter or the ticked ones; what would happen, and the work on it."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from incidents import access, board
from incidents.actions import bulk as actions
from incidents.actions.planning import SILENT_FOR
from incidents.actions.refusals import Refused
from incidents.board import bulk as many
from incidents.board.tabs import VIEWS
from incidents.forms.bulk import BulkForm, picked_in
from incidents.forms.manage import FilterForm
from incidents.models import BulkAct, Staff
from incidents.models.incident import IncidentQuerySet


class _Chosen:
    """What the address names: the ticked ones, else all of its filter."""

    def __init__(self, request: access.StaffRequest, now: dt.datetime) -> None:
        staff = request.user
        self.staff, self.now = staff, now
        self.filter = FilterForm(request.GET, offers=board.options_for(staff), views=tuple(VIEWS))
        self.picked = picked_in(request.GET)
        self.rows = many.rows_for(staff, board.Filters(**self.filter.chosen()), self.picked, now=now)

    @property
    def query(self) -> str:
        """The address again, and nothing that was not understood."""
        picked = "" if self.picked is None else urlencode([("pick", one) for one in self.picked or [""]])
        return "&".join(part for part in (self.filter.address().removeprefix("?"), picked) if part)

    def rows_of(self, act: BulkAct) -> IncidentQuerySet:
        return many.rows_of_act(self.rows, act, staff=self.staff, before=self.now - SILENT_FOR)


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: access.StaffRequest) -> HttpResponse:
    chosen = _Chosen(request, timezone.now())
    offers: dict[str, Any] = {"acts": actions.acts_open_to(request.user), "people": many.people_for(request.user)}
    if request.method != "POST":
        form, act, to = BulkForm.asked(request.GET, **offers)
        return _page(request, chosen, form, act, to)
    form, status = BulkForm(request.POST, **offers), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            said = form.cleaned_data
            rows = many.left_to_do(chosen.rows_of(said["act"]), said["act"], staff=request.user, to=said["to"])
            return redirect(actions.ask_for_bulk(rows=rows, by=request.user, now=chosen.now, **form.cleaned_data))
        except Refused as refused:
            form.add_error(None, str(refused.words))
            status = HTTPStatus.CONFLICT
    said = getattr(form, "cleaned_data", {})
    return _page(request, chosen, form, said.get("act"), said.get("to"), status=status)


def _page(
    request: access.StaffRequest,
    chosen: _Chosen,
    form: BulkForm,
    act: BulkAct | None,
    to: Staff | None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    is_said = act is not None and (act != BulkAct.REASSIGN or to is not None)
    every = many.preview(chosen.rows, None, staff=request.user, most=actions.MOST, has_cards=True)
    context = {
        "form": form,
        "act": act,
        "to": to,
        "every": every,
        "most": actions.MOST,
        "days": SILENT_FOR.days,
        "preview": _preview(chosen, act, to) if act and is_said and every.number else None,
        "chips": chosen.filter.chips() if chosen.picked is None else [],
        "picked": chosen.picked,
        "hidden": [(name, one) for name, values in QueryDict(chosen.query).lists() for one in values],
        "query": chosen.query,
        "list_query": chosen.filter.address() if chosen.filter.address() != "?" else "?view=all",
        "now": chosen.now,
    }
    return render(request, "incidents/bulk/bulk.html", context, status=status)


def _preview(chosen: _Chosen, act: BulkAct, to: Staff | None) -> many.Preview:
    rows = chosen.rows_of(act)
    return many.preview(rows, act, staff=chosen.staff, to=to, most=actions.MOST, has_cards=False)


@access.desk
@require_POST
def give_back(request: access.StaffRequest, pk: int) -> HttpResponse:
    """All that one job handed over goes back to whoever had it."""
    job = many.find_job(request.user, pk)
    if job is None:
        raise Http404
    return redirect(actions.give_all_back(job_id=job.pk, by=request.user, now=timezone.now()))
