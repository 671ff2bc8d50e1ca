"""Take a list out as a file: at once when it is short, as long work when it is not."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incidents import access, board, exports, search, story, uploads
from incidents.actions import exports as actions
from incidents.actions import inbox
from incidents.actions.refusals import Refused
from incidents.board.register import rows_of
from incidents.board.table import Order, rows_of_table
from incidents.board.tabs import VIEWS
from incidents.exports.making import make_now
from incidents.forms.board import TABLE
from incidents.forms.exports import ExportForm
from incidents.forms.manage import FilterForm
from incidents.models import ExportFile, FileForm, Incident, NoticeKind, Staff
from incidents.views.files import LOCKED_DOWN

SHOWN = 5


@dataclass(frozen=True)
class _Wanted:
    """Which list, which rows of it and in which order; `codes` say what was chosen, without anybody's words."""

    listing: exports.Listing
    numbers: Callable[[], Sequence[int]]
    count: Callable[[], int]
    back: str
    chips: list[str] = field(default_factory=list)
    codes: dict[str, Any] = field(default_factory=dict)


def _wanted(request: access.StaffRequest, now: dt.datetime) -> _Wanted:
    name = request.GET.get("of", "")
    if name == exports.CALLS.name:
        return _calls(request, now)
    return _customers(request) if name == exports.CUSTOMERS.name else _recoveries(request, now)


def _recoveries(request: access.StaffRequest, now: dt.datetime) -> _Wanted:
    chosen = FilterForm(request.GET, offers=board.options_for(request.user), views=tuple(VIEWS))
    rows = _rows(request, board.Filters(**chosen.chosen()), now)
    values = {name: value for name, value in chosen.values().items() if value}
    return _Wanted(
        exports.RECOVERIES,
        lambda: _numbers(rows),
        rows.count,
        reverse("incident-list") + chosen.address(),
        [str(VIEWS[chosen.view]), *(chip["label"] for chip in chosen.chips())],
        values | {"view": chosen.view} | ({"q": True} if "q" in values else {}),
    )


def _rows(request: access.StaffRequest, chosen: board.Filters, now: dt.datetime) -> QuerySet[Incident]:
    """As the list has them; as the table has them, where it was the table."""
    if request.GET.get("as") != TABLE:
        return rows_of(request.user, chosen, now)
    return rows_of_table(request.user, chosen, Order.of(request.GET.get("sort", "")), now)


def _calls(request: access.StaffRequest, now: dt.datetime) -> _Wanted:
    is_everyone = request.GET.get("who") == "everyone"
    numbers = story.call_numbers(request.user, now, is_everyone=is_everyone)
    who = "everyone" if is_everyone else "mine"
    back = reverse("call-list") + ("?who=everyone" if is_everyone else "")
    words = _("Everyone’s here") if is_everyone else _("Mine")
    return _Wanted(exports.CALLS, lambda: numbers, lambda: len(numbers), back, [words], {"who": who})


def _customers(request: access.StaffRequest) -> _Wanted:
    if not access.can_export_customers(request.user):
        raise PermissionDenied
    term = search.plain(request.GET.get("q", ""))
    rows = search.customers_called(term)
    back = reverse("customer-list")
    chips = [_("“%(words)s”") % {"words": term}] if term else []
    return _Wanted(exports.CUSTOMERS, lambda: _numbers(rows), rows.count, back, chips, {"q": True} if term else {})


def _numbers(rows: QuerySet[Any]) -> Sequence[int]:
    return array("q", rows.values_list("pk", flat=True).iterator(chunk_size=10_000))


@access.desk
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: access.StaffRequest) -> HttpResponseBase:
    now, status = timezone.now(), HTTPStatus.OK
    wanted = _wanted(request, now)
    asked = request.GET.get("form")
    form = ExportForm(request.POST or None, initial={"form": asked if asked in FileForm.values else FileForm.CSV})
    if request.method == "POST":
        form = ExportForm(request.POST)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return _answer(request.user, wanted, now, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused.words))
                status = HTTPStatus.CONFLICT
            except uploads.NotStored:
                form.add_error(None, _("There is no room for the file just now. Nothing was written. Try again later."))
                status = HTTPStatus.SERVICE_UNAVAILABLE
    return render(request, "incidents/exports/export.html", _context(request.user, wanted, form, now), status=status)


def _answer(staff: Staff, wanted: _Wanted, now: dt.datetime, *, form: str, submit_key: Any) -> HttpResponseBase:
    """The file itself, or the page of the job that writes it."""
    numbers, kind = wanted.numbers(), exports.FORMS[form]()
    who: dict[str, Any] = {
        "listing": wanted.listing.name,
        "form": form,
        "filters": wanted.codes,
        "by": staff,
        "now": now,
    }
    if kind.most_rows is not None and len(numbers) > kind.most_rows:
        raise Refused(_("Excel takes no more than 1,048,575 rows. Choose fewer, or CSV."))
    if len(numbers) > actions.AT_ONCE:
        return redirect(actions.ask_for_export(numbers=numbers, submit_key=submit_key, **who))
    file, rows, restricted = make_now(wanted.listing, kind, numbers, staff=staff, now=now)
    actions.note_export(rows=rows, restricted=restricted, **who)
    name = actions.name_of(wanted.listing.file_name, kind.ending, now.astimezone(staff.zone))
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind.content_type, headers=LOCKED_DOWN)


def _context(staff: Staff, wanted: _Wanted, form: ExportForm, now: dt.datetime) -> dict[str, Any]:
    count = wanted.count()
    return {
        "form": form,
        "listing": wanted.listing,
        "heads": wanted.listing.heads(),
        "count": count,
        "is_long": count > actions.AT_ONCE,
        "chips": wanted.chips,
        "back_url": wanted.back,
        "days": actions.KEPT_FOR.days,
        "files": ExportFile.objects.for_download_by(staff, now)[:SHOWN],
    }


@access.desk
@require_safe
def show(request: access.StaffRequest, pk: int) -> HttpResponseBase:
    """The file, for whoever asked for it and nobody else."""
    found = ExportFile.objects.for_download_by(request.user, timezone.now()).filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    try:
        content = uploads.read(found.stored_name)
    except FileNotFoundError:
        return _gone(request, pk)
    inbox.settle_for(request.user, NoticeKind.EXPORT_READY, found.job_id, now=timezone.now())
    return FileResponse(
        content,
        as_attachment=True,
        filename=found.file_name,
        content_type=exports.FORMS[found.form].content_type,
        headers=LOCKED_DOWN,
    )


def _gone(request: access.StaffRequest, pk: int) -> HttpResponseBase:
    """Their own is not there any more: that and no more is said to them; of others' there is nothing."""
    theirs = ExportFile.objects.filter(job__asked_by=request.user).select_related("job")
    context = {"file": get_object_or_404(theirs, pk=pk), "days": actions.KEPT_FOR.days}
    return render(request, "incidents/exports/gone.html", context, status=HTTPStatus.NOT_FOUND)
